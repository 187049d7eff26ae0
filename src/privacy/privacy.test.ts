import { beforeAll, describe, expect, it } from 'vitest';
import { unlimited, useApi } from '../../test/api.ts';
import { canaries, canariesInBooks, writeCanaries } from '../../test/canaries.ts';
import { selectionOf } from '../../test/cross-tenant-values.ts';
import { dumpOf, marker, writeOneOfEverything } from '../../test/dataset.ts';
import { statementsOf } from '../../test/rows-read.ts';
import { createApiKey } from '../access/api-keys.ts';
import { allScopes } from '../access/scopes.ts';
import { runScheduledJobs } from '../jobs/scheduled-jobs.ts';
import { decodeId, encodeId } from '../lib/ids.ts';
import { schema } from '../server/schema.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const request = `mutation ($input: RequestErasureInput!) {
  requestErasure(input: $input) { outcome erasureRequest { id status dueAt keyName } } }`;
const cancel = 'mutation ($id: ID!) { cancelErasure(input: { id: $id }) { outcome erasureRequest { status } } }';
const upsert = `mutation ($input: UpsertCustomerInput!) {
  upsertCustomer(input: $input) { outcome customer { id displayName status } } }`;
const anna = { email: 'canary-email@example.com' };
const dayMs = 24 * 3_600_000;

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
});

// External IDs of orders and returns stay.
const dump = async () => canariesInBooks.reduce((text, id) => text.replaceAll(id, ''), await dumpOf(shop));

describe('exportCustomer', () => {
  const exporting = 'query ($by: CustomerKey!) { exportCustomer(by: $by) }';

  it('contains every personal value, and every record that a crawl of the API reaches', async () => {
    const { exportCustomer } = await shop.data(exporting, { by: anna });
    const customer = schema.getQueryType()?.getFields().customer;
    if (!customer) throw new Error('The schema has no query `customer`.');
    const crawled = await shop.data(
      `query ($by: CustomerKey!) { customer(by: $by) ${selectionOf(customer.type, 6)}
         more: customer(by: $by) { interactions { nodes { id body } } cases { nodes { id handoffs { nodes { id reason } } } } } }`,
      { by: anna },
    );

    const text = JSON.stringify(exportCustomer);
    const missing = Object.entries(canaries).flatMap(([piiClass, planted]) =>
      piiClass === 'BIRTHDAY' ? [] : planted.filter((each) => !text.includes(each)),
    );
    const ids = [...new Set(JSON.stringify(crawled).match(/[a-z]+_[0-9a-z]{26}/g))];
    expect(missing).toEqual([]);
    expect(exportCustomer.customer).toMatchObject({ birthDay: 29, birthMonth: 2, birthYear: 1904 });
    expect(exportCustomer.customer.pastStates).toMatchObject([
      { entity: 'Order' },
      { entity: 'Return' },
      { entity: 'Case' },
    ]);
    expect(ids.length).toBeGreaterThan(12);
    expect(ids.filter((id) => !text.includes(id))).toEqual([]);
    const unknown = (text.match(/(?<=")(customer|order|line|return|case)_[0-9a-z]+(?=")/g) ?? []).filter(
      (id) => !decodeId(id),
    );
    expect(unknown).toEqual([]);
    expect(text).not.toContain(marker);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}/);
  });

  it('reads everything with one statement, with amounts as text, times in UTC and rows in the order of their keys', async () => {
    const { answer, sent } = await statementsOf(api, () => shop.data(exporting, { by: anna }));
    const orders = await shop.db.order.findMany({
      where: { customer: { is: { displayName: answer.exportCustomer.customer.displayName } } },
      include: { lines: { orderBy: { id: 'asc' } } },
      orderBy: { id: 'asc' },
    });

    expect(sent).toHaveLength(1);
    expect(orders.length).toBeGreaterThan(0);
    expect(answer.exportCustomer.customer.orders).toMatchObject(
      orders.map(({ total, placedAt, number, lines }) => ({
        total: String(total),
        placedAt: placedAt.toISOString(),
        number,
        lines: lines.map(({ id, quantity }) => ({ id: encodeId('OrderLine', id), quantity })),
      })),
    );
  });

  it('needs every `pii:` scope, is recorded in the audit log, and fails for an unknown customer', async () => {
    const { secret } = await createApiKey(shop.db, {
      name: 'x',
      scopes: allScopes.filter((each) => each !== 'pii:phone'),
    });
    await api.flush();

    const { errors } = await api.sendAs(secret, exporting, { by: anna });
    const noted = await shop.db.auditEvent.findFirstOrThrow({ where: { operation: 'exportCustomer' } });

    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(noted.piiClasses).toHaveLength(5);
    expect((await shop.error(exporting, { by: { email: 'nobody@example.com' } })).extensions.code).toBe('NOT_FOUND');
  });
});

describe('requestErasure', () => {
  it('waits until it is due, and can be canceled until then', async () => {
    const asked = await shop.data(request, { input: { customer: anna } });
    const again = await shop.data(request, { input: { customer: anna } });
    const { id, dueAt } = asked.requestErasure.erasureRequest;
    await runScheduledJobs(shop.db);
    const before = await dump();
    const off = await shop.data(cancel, { id });
    const offAgain = await shop.data(cancel, { id });
    await runScheduledJobs(shop.db, new Date(Date.now() + 30 * dayMs));

    expect(asked.requestErasure).toMatchObject({
      outcome: 'CREATED',
      erasureRequest: { status: 'PENDING', keyName: 'test' },
    });
    expect(Math.round((Date.parse(dueAt) - Date.now()) / dayMs)).toBe(7);
    expect(again.requestErasure).toMatchObject({ outcome: 'NOOP', erasureRequest: { id } });
    expect(before).toContain('canary-note');
    expect([off.cancelErasure.outcome, offAgain.cancelErasure.outcome]).toEqual(['UPDATED', 'NOOP']);
    expect(await dump()).toContain('canary-note');
  });

  it('removes personal data from every table, and keeps the totals of orders', async () => {
    const sums =
      '{ orders { totalCount nodes { id total { amount } } } customers { nodes { id statistics { numberOfOrders amountSpent { amount } } } } }';
    // An unidentified person also wrote in one of the customer's cases.
    await shop.data(
      `mutation { upsertInteraction(input: { case: { externalId: { source: "canary", value: "canary-case@example.com" } }, channel: EMAIL, direction: INBOUND,
         occurredAt: "2026-01-01T00:00:00Z", body: "canary-body of nobody" }) { outcome } }`,
    );
    await shop.data(upsert, { input: { key: anna, note: null } });
    await shop.data(upsert, { input: { key: anna, note: 'canary-note', givenName: 'canary-given' } });
    const before = await shop.data(sums);
    const { requestErasure } = await shop.data(request, { input: { customer: anna, afterDays: 0 } });

    await runScheduledJobs(shop.db);

    const left = await dump();
    const planted = [...Object.values(canaries).flat(), 'canary-given', 'birthYear\\":1904', '[1904', 'c***l@'];
    const remaining = planted.filter((each) => left.includes(each));
    expect(remaining).toEqual([]);
    expect(left).toContain(marker);
    expect(await shop.data(sums)).toEqual(before);
    const { erasureRequest } = requestErasure;
    const { erasureRequests, customers } = await shop.data(
      '{ erasureRequests { nodes { id status executedAt } } customers(where: { status: { eq: ERASED } }) { nodes { displayName } } }',
    );
    expect(erasureRequests.nodes[0]).toMatchObject({
      id: erasureRequest.id,
      status: 'EXECUTED',
      executedAt: expect.any(String),
    });
    expect(customers.nodes).toEqual([{ displayName: 'Erased' }]);
    expect((await shop.error(cancel, { id: erasureRequest.id })).extensions.code).toBe('CONFLICT');
  });

  it('is recorded in the audit log with its key, but without the erased data', async () => {
    const [noted] = await shop.db.auditEvent.findMany({ where: { operation: 'executeErasure' } });

    expect(noted).toMatchObject({ keyName: 'test', action: 'DELETED', entity: 'Customer', changes: null });
  });

  it.each([
    ['upsertCustomer', 'UpsertCustomerInput', { key: anna, note: 'canary-note' }],
    [
      'upsertCustomer',
      'UpsertCustomerInput',
      { key: { externalId: { source: 's', value: 'new' } }, contactPoints: [{ kind: 'EMAIL', value: anna.email }] },
    ],
    ['upsertCustomer', 'UpsertCustomerInput', { key: { phone: '512555499' } }],
    ['addContactPoint', 'AddContactPointInput', { customer: anna, kind: 'PHONE', value: '512555411' }],
    ['setPreference', 'SetPreferenceInput', { customer: anna, key: 'k', value: { string: 'v' }, origin: 'STATED' }],
    ['openCase', 'OpenCaseInput', { customer: anna, subject: 'canary-case-subject' }],
    [
      'upsertInteraction',
      'UpsertInteractionInput',
      { customer: anna, channel: 'EMAIL', direction: 'INBOUND', occurredAt: new Date(), body: 'canary-body' },
    ],
    [
      'recordSurveyResponse',
      'RecordSurveyResponseInput',
      { customer: anna, kind: 'NPS', rating: 1, comment: 'canary-comment' },
    ],
  ])('does not let %s restore erased data', async (name, type, input) => {
    const { extensions } = await shop.error(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, {
      input,
    });

    expect(extensions.code).toBe('CONFLICT');
    expect(await dump()).not.toContain('canary-');
  });

  it('accepts orders and returns of the customer, without their personal data', async () => {
    const write = `mutation ($order: UpsertOrderInput!, $return: RecordReturnInput!) {
      upsertOrder(input: $order) { outcome order { note shippingAddress customer { status } } }
      recordReturn(input: $return) { return { reason } } }`;
    const key = { externalId: { source: 'canary', value: 'order-2' } };
    const address = { lines: ['canary-street'] };
    const order = {
      key,
      customer: anna,
      placedAt: new Date(),
      currencyCode: 'PLN',
      total: '5',
      note: 'canary-order-note',
      shippingAddress: address,
    };

    const written = await shop.data(write, {
      order,
      return: { customer: anna, occurredAt: new Date(), currencyCode: 'PLN', reason: 'canary-reason' },
    });

    expect(written.upsertOrder).toEqual({
      outcome: 'CREATED',
      order: { note: null, shippingAddress: null, customer: { status: 'ERASED' } },
    });
    expect(written.recordReturn.return.reason).toBeNull();
    expect(await dump()).not.toContain('canary-street');
  });

  it('leaves no key that finds the customer', async () => {
    const { data } = await shop.send('query ($by: CustomerKey!) { customer(by: $by) { id } }', { by: anna });

    expect(data).toEqual({ customer: null });
  });

  it('lets `revive` write to the customer again, with their earlier orders', async () => {
    const { upsertCustomer } = await shop.data(upsert, { input: { key: anna, givenName: 'Anna', revive: true } });
    const { customer } = await shop.data(
      'query ($by: CustomerKey!) { customer(by: $by) { id displayName orders { totalCount } } }',
      { by: anna },
    );

    expect(upsertCustomer).toMatchObject({ outcome: 'UPDATED', customer: { displayName: 'Anna', status: 'ACTIVE' } });
    expect(customer).toMatchObject({ id: upsertCustomer.customer.id, orders: { totalCount: 2 } });
    expect(await shop.db.erasedKey.count()).toBe(0);
  });
});

describe('retention', () => {
  const set =
    'mutation ($days: Int) { setRetention(input: { interactionRetentionDays: $days }) { interactionRetentionDays } }';
  const record = `mutation ($at: DateTime!) { upsertInteraction(input: { customer: { email: "old@example.com" }, channel: EMAIL,
    direction: INBOUND, occurredAt: $at }) { interaction { id } } }`;
  const count = async () =>
    (await shop.data('{ customer(by: { email: "old@example.com" }) { interactions { totalCount } } }')).customer
      .interactions.totalCount;

  it('removes only interactions that are older than the retention period', async () => {
    await shop.data(upsert, { input: { key: { email: 'old@example.com' } } });
    for (const days of [1, 29, 31, 400]) await shop.data(record, { at: new Date(Date.now() - days * dayMs) });
    await runScheduledJobs(shop.db);
    const kept = await count();

    const { setRetention } = await shop.data(set, { days: 30 });
    await runScheduledJobs(shop.db);

    expect([kept, setRetention.interactionRetentionDays, await count()]).toEqual([4, 30, 2]);
    expect((await shop.data(set, { days: null })).setRetention.interactionRetentionDays).toBeNull();
  });

  it.each([[0], [-1], [36_501]])('rejects %s days', async (days) => {
    expect((await shop.error(set, { days })).extensions).toMatchObject({
      code: 'INVALID_INPUT',
      field: ['interactionRetentionDays'],
    });
  });
});
