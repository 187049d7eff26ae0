import { expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { useApi } from './api.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const tag = `mutation ($input: TagCustomerInput!, $key: String) {
  tagCustomer(input: $input, idempotencyKey: $key) { outcome customer { id tags } } }`;
const upsert = `mutation ($input: UpsertCustomerInput!, $key: String) {
  upsertCustomer(input: $input, idempotencyKey: $key) { outcome customer { id version note } } }`;
const key = (email: string) => ({ key: { email } });

await shop.data(upsert, { input: key('ada@example.com') });
const customer = { email: 'ada@example.com' };

it('writes once per idempotency key, and returns the same result', async () => {
  const input = { customer, tag: 'once' };

  const first = await shop.data(tag, { input, key: 'tag-1' });
  await shop.data('mutation ($input: TagCustomerInput!) { untagCustomer(input: $input) { outcome } }', { input });
  const again = await shop.data(tag, { input, key: 'tag-1' });
  const anew = await shop.data(tag, { input, key: 'tag-2' });

  expect(first.tagCustomer).toMatchObject({ outcome: 'UPDATED', customer: { tags: ['once'] } });
  expect(again.tagCustomer).toMatchObject({ outcome: 'UPDATED', customer: { tags: [] } });
  expect(anew.tagCustomer).toMatchObject({ outcome: 'UPDATED', customer: { tags: ['once'] } });
});

it.each([
  ['another input', tag, { input: { customer, tag: 'two' } }],
  ['another mutation', upsert, { input: key('ada@example.com') }],
])('rejects a key that was used for %s', async (_, mutation, variables) => {
  await shop.data(tag, { input: { customer, tag: 'one' }, key: 'mismatch' });

  const { extensions } = await shop.error(mutation, { ...variables, key: 'mismatch' });

  expect(extensions).toEqual({ code: 'IDEMPOTENCY_MISMATCH', field: ['idempotencyKey'] });
  expect(await shop.db.customerTag.count({ where: { tag: 'two' } })).toBe(0);
});

it('separates the idempotency keys of different callers', async () => {
  const { secret } = await createApiKey(shop.db, { name: 'other', scopes: allScopes });
  await shop.data(tag, { input: { customer, tag: 'mine' }, key: 'shared' });

  const { data } = await api.sendAs(secret, tag, { input: { customer, tag: 'theirs' }, key: 'shared' });

  expect(data.tagCustomer.outcome).toBe('UPDATED');
});

it('does not store a failed write, so that it can be corrected and sent again', async () => {
  const input = { customer: { email: 'later@example.com' }, tag: 'x' };

  const { extensions } = await shop.error(tag, { input, key: 'mended' });
  await shop.data(upsert, { input: key('later@example.com') });
  const mended = await shop.data(tag, { input, key: 'mended' });

  expect(extensions.code).toBe('NOT_FOUND');
  expect(mended.tagCustomer.outcome).toBe('UPDATED');
});

it('accepts a key again after a day', async () => {
  await shop.data(tag, { input: { customer, tag: 'old' }, key: 'daily' });
  const yesterday = new Date(Date.now() - 24 * 3_600_000 - 1);
  await shop.db.idempotencyRecord.updateMany({ where: { key: 'daily' }, data: { createdAt: yesterday } });

  const { tagCustomer } = await shop.data(tag, { input: { customer, tag: 'new' }, key: 'daily' });

  expect(tagCustomer.outcome).toBe('UPDATED');
});

it.each([[''], [' '], ['x'.repeat(256)]])('rejects %j as a key', async (idempotencyKey) => {
  const { extensions } = await shop.error(tag, { input: { customer, tag: 'x' }, key: idempotencyKey });

  expect(extensions).toEqual({ code: 'INVALID_INPUT', field: ['idempotencyKey'] });
});

it('also reads the Idempotency-Key header, for each write of the request', async () => {
  const headers = { 'idempotency-key': 'header-1' };
  const two = `mutation ($a: TagCustomerInput!, $b: TagCustomerInput!) {
    a: tagCustomer(input: $a) { outcome } b: tagCustomer(input: $b) { outcome } }`;
  const variables = { a: { customer, tag: 'a' }, b: { customer, tag: 'b' } };

  const alone = await shop.data(tag, { input: { customer, tag: 'alone' } }, { headers });
  const again = await shop.data(tag, { input: { customer, tag: 'alone' } }, { headers });
  const { extensions } = await shop.error(tag, { input: { customer, tag: 'other' } }, { headers });
  const both = await shop.data(two, variables, { headers: { 'idempotency-key': 'header-2' } });
  const bothAgain = await shop.data(two, variables, { headers: { 'idempotency-key': 'header-2' } });

  expect([alone.tagCustomer.outcome, again.tagCustomer.outcome]).toEqual(['UPDATED', 'UPDATED']);
  expect(extensions.code).toBe('IDEMPOTENCY_MISMATCH');
  expect([both, bothAgain]).toEqual([
    { a: { outcome: 'UPDATED' }, b: { outcome: 'UPDATED' } },
    { a: { outcome: 'UPDATED' }, b: { outcome: 'UPDATED' } },
  ]);
});

it('writes once if many send the same request at once, and reports when to retry', async () => {
  const input = { key: {}, customer, kind: 'CALL', channel: 'PHONE', direction: 'INBOUND', occurredAt: new Date() };
  const record = `mutation ($input: UpsertInteractionInput!, $key: String) {
    upsertInteraction(input: $input, idempotencyKey: $key) { interaction { id } } }`;
  const send = () => shop.send(record, { input: { ...input, key: undefined }, key: 'burst' });

  const answers = await Promise.all(Array.from({ length: 20 }, send));
  const last = await send();

  const ids = [...answers, last].flatMap(({ data }) => data?.upsertInteraction?.interaction.id ?? []);
  const refusals = answers.flatMap(({ errors }) => errors ?? []);
  expect(new Set(ids).size).toBe(1);
  expect(ids.length + refusals.length).toBe(21);
  expect(refusals.filter(({ extensions }) => extensions.code !== 'CONFLICT' || !extensions.retryAfterMs)).toEqual([]);
  expect(await shop.db.interaction.count()).toBe(1);
});

it('never stores the secret of a new API key, and says so on a retry', async () => {
  const create = `mutation ($key: String) {
    createApiKey(input: { name: "once", scopes: [] }, idempotencyKey: $key) { secret apiKey { id } } }`;

  const first = await shop.data(create, { key: 'key-1' });
  const { extensions } = await shop.error(create, { key: 'key-1' });

  expect(extensions).toEqual({ code: 'CONFLICT', conflictingId: first.createApiKey.apiKey.id });
  expect(JSON.stringify(await shop.db.idempotencyRecord.findMany())).not.toContain(first.createApiKey.secret);
});

it('writes only at the expected version, and reports the current one', async () => {
  const created = await shop.data(upsert, { input: { ...key('version@example.com'), expectedVersion: 0 } });
  const changed = await shop.data(upsert, {
    input: { ...key('version@example.com'), note: 'a', expectedVersion: 1 },
  });
  const { extensions } = await shop.error(upsert, {
    input: { ...key('version@example.com'), note: 'b', expectedVersion: 1 },
  });
  const unchanged = await shop.data(upsert, { input: { ...key('version@example.com'), note: 'a' } });
  const unknown = await shop.error(upsert, { input: { ...key('nobody@example.com'), expectedVersion: 3 } });

  expect(created.upsertCustomer.customer).toMatchObject({ version: 1, note: null });
  expect(changed.upsertCustomer.customer).toMatchObject({ version: 2, note: 'a' });
  expect(extensions).toEqual({ code: 'CONFLICT', field: ['expectedVersion'], currentVersion: 2 });
  expect(unchanged.upsertCustomer.customer.version).toBe(2);
  expect(unknown.extensions).toEqual({ code: 'CONFLICT', field: ['expectedVersion'], currentVersion: 0 });
});

it('lets only one of two writers at the same version succeed', async () => {
  const input = key('race@example.com');
  await shop.data(upsert, { input });
  const write = (note: string) => shop.send(upsert, { input: { ...input, note, expectedVersion: 1 } });

  const answers = await Promise.all(['first', 'second', 'third', 'fourth'].map(write));

  const winners = answers.flatMap(({ data }) => data?.upsertCustomer?.customer.note ?? []);
  expect(winners).toHaveLength(1);
  expect(await shop.db.customer.findMany({ where: { version: 2, note: winners[0] } })).toHaveLength(1);
});

it.each([
  [
    'upsertProduct',
    'UpsertProductInput',
    { key: { externalId: { source: 's', value: 'p' } }, title: 'Lamp' },
    'product',
  ],
  [
    'upsertLocation',
    'UpsertLocationInput',
    { key: { externalId: { source: 's', value: 'l' } }, name: 'Shop' },
    'location',
  ],
  [
    'upsertOrder',
    'UpsertOrderInput',
    { key: { externalId: { source: 's', value: 'o' } }, placedAt: new Date(), currencyCode: 'PLN', total: '5' },
    'order',
  ],
  [
    'recordReturn',
    'RecordReturnInput',
    { key: { externalId: { source: 's', value: 'r' } }, customer, occurredAt: new Date(), currencyCode: 'PLN' },
    'return',
  ],
  [
    'upsertInteraction',
    'UpsertInteractionInput',
    {
      key: { externalId: { source: 's', value: 'i' } },
      customer,
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: new Date(),
    },
    'interaction',
  ],
  [
    'upsertCase',
    'UpsertCaseInput',
    { key: { externalId: { source: 's', value: 'c' } }, customer, subject: 'x' },
    'case',
  ],
])('checks versions in %s', async (name, type, input, field) => {
  const mutation = `mutation ($input: ${type}!) { ${name}(input: $input) { ${field} { version } } }`;
  const made = await shop.data(mutation, { input });

  const { extensions } = await shop.error(mutation, { input: { ...input, expectedVersion: 7 } });
  const same = await shop.data(mutation, { input: { ...input, expectedVersion: 1 } });

  expect([made[name][field].version, same[name][field].version]).toEqual([1, 1]);
  expect(extensions).toEqual({ code: 'CONFLICT', field: ['expectedVersion'], currentVersion: 1 });
});

it('increases the version of an order that a return changes', async () => {
  const order = { externalId: { source: 's', value: 'returned' } };
  const make = `mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { order { version status } } }`;
  const take = `mutation ($input: RecordReturnInput!) { recordReturn(input: $input) { return { order { version status } } } }`;
  const lines = [{ title: 'Lamp', sku: 'L', quantity: 1, unitPrice: '5' }];
  const made = await shop.data(make, { input: { key: order, placedAt: new Date(), currencyCode: 'PLN', lines } });

  const taken = await shop.data(take, {
    input: { order, status: 'COMPLETED', occurredAt: new Date(), lines: [{ sku: 'L', quantity: 1 }] },
  });

  expect(made.upsertOrder.order.version).toBe(1);
  expect(taken.recordReturn.return.order).toEqual({ version: 2, status: 'RETURNED' });
});

it.each([['a\u0000b'], ['\ud800']])('rejects %j as a key and in a filter, with a code', async (text) => {
  const key = await shop.error(tag, { input: { customer, tag: 'x' }, key: text });
  const filter = await shop.error('query ($s: String) { customers(where: { OR: [{ search: $s }] }) { totalCount } }', {
    s: text,
  });

  expect([key.extensions.code, filter.extensions.code]).toEqual(['INVALID_INPUT', 'INVALID_INPUT']);
  expect(filter.extensions.field).toEqual(['where', 'OR', 0, 'search']);
});
