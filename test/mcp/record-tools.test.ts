import { beforeAll, expect, it } from 'vitest';
import { useApi } from '../api.ts';
import { keyWithout } from '../narrow-key.ts';
import { confirmed, writtenContentOf } from './confirmed.ts';
import { type McpClient, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);
const verified = { assurance: 'VERIFIED', proof: 'LOGIN' };
const customer = { email: 'ada@example.com' };
let customerId: string;
let stranger: string;
let agent: McpClient;

beforeAll(async () => {
  agent = await mcp.connect(shop.secret);
  for (const key of [customer, { email: 'bob@example.com' }])
    await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
      input: { key, displayName: 'Ada' },
    });
  ({ customerId } = (await agent.read('find_customer', customer)).data.matches[0]);
  stranger = (await agent.read('find_customer', { email: 'bob@example.com' })).data.matches[0].customerId;
});

/** Writes a case and an order of a customer. Returns their IDs. */
async function recordsOf(key: object, value: string) {
  const externalId = { source: 'desk', value };
  const { upsertCase, upsertOrder } = await shop.data(
    `mutation ($case: UpsertCaseInput!, $order: UpsertOrderInput!) {
      upsertCase(input: $case) { case { id } } upsertOrder(input: $order) { order { id } } }`,
    {
      case: { key: { externalId }, customer: key, subject: 'Broken grill' },
      order: {
        key: { externalId },
        number: value,
        customer: key,
        placedAt: '2026-01-01T00:00:00Z',
        currencyCode: 'USD',
        lines: [{ title: 'Grill', quantity: 1, unitPrice: '10' }],
      },
    },
  );
  return { caseId: upsertCase.case.id, orderId: upsertOrder.order.id };
}

const record = (args: object) =>
  confirmed(shop.db, agent, 'record_interaction', { customerId, channel: 'EMAIL', direction: 'INBOUND', ...args });

it('records an interaction once', async () => {
  const args = { body: 'Where is my order?', idempotencyKey: 'message-1' };
  const { preview, done, code } = await record(args);
  const full = { customerId, channel: 'EMAIL', direction: 'INBOUND', ...args, confirmation: code };

  const repeated = await agent.read('record_interaction', full);

  expect(preview.data.interactionId).toBeNull();
  expect(repeated.data).toEqual(done.data);
  const { data } = await agent.read('search_interactions', { customerId, ...verified });
  expect(data).toMatchObject({
    total: 1,
    interactions: [{ interactionId: done.data.interactionId, excerpt: { value: args.body, author: 'CUSTOMER' } }],
  });
});

it('says what is invalid before anyone confirms it', async () => {
  const args = { customerId, channel: 'EMAIL', direction: 'INBOUND', body: 'Hello', idempotencyKey: 'future' };

  expect(await agent.fail('record_interaction', { ...args, occurredAt: '2999-01-01T00:00:00Z' })).toMatch(
    /^INVALID_INPUT: .*future/,
  );
  expect(await agent.fail('record_interaction', { ...args, caseId: 'case_01h455vb4pex5vsknk084sn02q' })).toMatch(
    /^NOT_FOUND/,
  );
});

it('records interactions only in cases and orders of the customer', async () => {
  const own = await recordsOf(customer, 'own');
  const foreign = await recordsOf({ email: 'bob@example.com' }, 'foreign');
  const args = { customerId, channel: 'EMAIL', direction: 'INBOUND', body: 'Hello', idempotencyKey: 'in a case' };
  const limited = await mcp.connect(shop.secret, undefined, undefined, { 'x-rapport-customer': customerId });
  const narrow = await mcp.connect(await keyWithout(shop, 'cases:read', 'orders:read'));

  const { done } = await record({ body: 'Hello', idempotencyKey: 'in a case', ...own });

  expect(done.data.outcome).toBe('CREATED');
  for (const client of [agent, limited])
    for (const [name, value] of Object.entries(foreign))
      expect(await client.fail('record_interaction', { ...args, [name]: value })).toMatch(
        /^NOT_FOUND: This customer has no such (case|order)\./,
      );
  for (const [name, value] of Object.entries(own))
    expect(await narrow.fail('record_interaction', { ...args, [name]: value })).toMatch(
      new RegExp(`^FORBIDDEN: \`${name}\` requires a key with the scope (cases|orders):read.`),
    );
  expect((await narrow.read('record_interaction', args)).data.outcome).toBe('CREATED');
});

it('remembers a preference that the customer states, and only proposes any other', async () => {
  const stated = (await record({ body: 'Leave it with the neighbour.', idempotencyKey: 'said' })).done.data;
  const written = (await record({ direction: 'INTERNAL', kind: 'NOTE', body: 'Likes blue.', idempotencyKey: 'noted' }))
    .done.data;
  const remember = (args: object) => confirmed(shop.db, agent, 'remember_preference', { customerId, ...args });
  const evidenceId = stated.interactionId;

  const active = await remember({
    key: 'delivery.place',
    value: 'Neighbour',
    evidenceId,
    ...verified,
    idempotencyKey: 'p1',
  });
  const others = [
    await remember({ key: 'a', value: true, ...verified, idempotencyKey: 'p2' }),
    await remember({ key: 'b', value: 2, evidenceId, idempotencyKey: 'p3' }),
    await remember({
      key: 'c',
      value: ['blue'],
      evidenceId: written.interactionId,
      ...verified,
      idempotencyKey: 'p4',
    }),
  ];

  expect(active.done.data).toMatchObject({ status: 'ACTIVE', outcome: 'CREATED' });
  expect(active.done.text).toMatch(/^DONE\nACTIVE delivery\.place: <<\d{6} "Neighbour"/);
  expect(others.map(({ done }) => done.data.status)).toEqual(['PROPOSED', 'PROPOSED', 'PROPOSED']);
  expect(others.map(({ done }) => /because ([^.]*)/.exec(done.text)?.[1])).toEqual([
    'no evidence was sent',
    'the customer is not verified',
    'the customer did not write the evidence',
  ]);
  const foreign = { customerId, key: 'd', value: 'x', ...verified, idempotencyKey: 'p5' };
  expect(
    await agent.fail('remember_preference', { ...foreign, evidenceId: 'interaction_01h455vb4pex5vsknk084sn02q' }),
  ).toMatch(/^NOT_FOUND: This customer has no such interaction/);
});

it('hands a conversation off with its summary, and again on the same case', async () => {
  const args = {
    customerId,
    reason: 'The refund is above my limit.',
    summary: 'Wants a refund for a broken grill.',
    attempted: 'Looked up the order.',
    openQuestions: ['Was the refund sent?'],
    messageToCustomer: 'A colleague will write to you today.',
  };

  const { done } = await confirmed(shop.db, agent, 'hand_off', { ...args, idempotencyKey: 'hand-off-1' });
  const { caseId } = done.data;
  const again = await confirmed(shop.db, agent, 'hand_off', {
    ...args,
    caseId,
    to: 'Refunds',
    idempotencyKey: 'hand-off-2',
  });

  expect(done.text).toMatch(/^DONE\nHAND-OFF to <<\d{6} Support team \d{6}>>/);
  expect(again.done.data.caseId).toBe(caseId);
  const { case: found } = await shop.data(
    `query ($by: CaseKey!) { case(by: $by) { subject handoffs { nodes { to reason tried openQuestions fromKind } }
      interactions { nodes { direction kind body } } } }`,
    { by: { id: caseId } },
  );
  expect(found.subject).toBe(args.summary);
  expect(found.handoffs.nodes.map(({ to }: { to: string }) => to).sort()).toEqual(['Refunds', 'Support team']);
  expect(found.handoffs.nodes[0]).toMatchObject({ reason: args.reason, tried: args.attempted, fromKind: 'BOT' });
  expect(found.interactions.nodes).toHaveLength(4);
  expect(found.interactions.nodes).toContainEqual({ direction: 'INTERNAL', kind: 'NOTE', body: args.summary });
  const foreign = { ...args, caseId, customerId: stranger };
  expect(await agent.fail('hand_off', { ...foreign, idempotencyKey: 'hand-off-3' })).toMatch(/^NOT_FOUND/);
});

it('hands off only a case that is not resolved, and that has not changed since the preview', async () => {
  const { caseId } = await recordsOf(customer, 'handed off');
  const args = { customerId, caseId, reason: 'x', summary: 'y', messageToCustomer: 'z', idempotencyKey: 'hand-off-4' };
  const update = (input: object) =>
    shop.data('mutation ($input: UpdateCaseInput!) { updateCase(input: $input) { outcome } }', {
      input: { key: { id: caseId }, ...input },
    });
  const { data } = await agent.read('hand_off', args);
  await update({ priority: 'HIGH' });
  const before = await writtenContentOf(shop.db);

  const changed = await agent.fail('hand_off', { ...args, confirmation: data.confirmation.code });
  const unchanged = await writtenContentOf(shop.db);
  const { code, done } = await confirmed(shop.db, agent, 'hand_off', { ...args, idempotencyKey: 'hand-off-5' });
  await update({ status: 'RESOLVED' });
  const resolved = await agent.fail('hand_off', { ...args, idempotencyKey: 'hand-off-6' });
  const repeated = await agent.read('hand_off', { ...args, idempotencyKey: 'hand-off-5', confirmation: code });

  expect(changed).toBe('CONFLICT: The case has changed. Call without `confirmation` for a new preview.');
  expect(unchanged).toEqual(before);
  expect(resolved).toBe('CONFLICT: The case is resolved. Omit `caseId` to open a new one.');
  expect(repeated.data).toEqual(done.data);
});
