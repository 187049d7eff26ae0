import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { dumpOf } from '../../test/dataset.ts';
import { runScheduledJobs } from '../jobs/scheduled-jobs.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'canary@example.com' };
const key = (value: string) => ({ externalId: { source: 'shop', value } });
const at = '2026-01-01T00:00:00Z';

const order = {
  ...{ key: key('1'), number: 'canary@example.com', customer, placedAt: at, currencyCode: 'PLN' },
  note: 'canary-note',
  status: 'FULFILLED',
  lines: [
    { product: key('ring'), quantity: 1, unitPrice: '10' },
    { product: key('ring'), title: 'Ring, canary-engraving', quantity: 1, unitPrice: '20' },
    { title: 'Cup, canary-engraving', quantity: 1, unitPrice: '30' },
    { title: 'Knife, canary-engraving', sku: 'K', quantity: 2, unitPrice: '5' },
  ],
  fulfillments: [{ status: 'DELIVERED', trackingNumber: 'canary-tracking', shippedAt: at }],
};
const returned = {
  ...{ key: key('r'), order: key('1'), status: 'RECEIVED', occurredAt: at, reason: 'canary-reason' },
  lines: [
    { title: 'Cup, canary-engraving', quantity: 1 },
    { sku: 'K', title: 'Knife, canary-engraving', quantity: 1 },
  ],
};
const writeOrder = (input: object) =>
  shop.data('mutation ($i: UpsertOrderInput!) { upsertOrder(input: $i) { outcome } }', { i: input });
const writeReturn = (input: object) =>
  shop.data('mutation ($i: RecordReturnInput!) { recordReturn(input: $i) { outcome } }', { i: input });
const ship = () =>
  shop.data('mutation ($i: RecordFulfillmentInput!) { recordFulfillment(input: $i) { outcome } }', {
    i: { order: key('1'), status: 'DELIVERED', trackingNumber: 'canary-tracking', shippedAt: at },
  });

const books = `{ orders { nodes { number total { amount } amountReturned { amount } amountPaid { amount }
  lines { nodes { title sku quantity returnedQuantity total { amount } product { title } } } } } }`;

let before: unknown;
beforeAll(async () => {
  await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', {
    key: customer,
  });
  await shop.data('mutation ($i: UpsertProductInput!) { upsertProduct(input: $i) { outcome } }', {
    i: { key: key('ring'), title: 'Ring' },
  });
  // Writes the order twice, so that its past state is stored, and with an idempotency key, so that the result is
  // stored.
  await shop.data('mutation ($i: UpsertOrderInput!) { upsertOrder(input: $i, idempotencyKey: "k") { outcome } }', {
    i: { ...order, note: 'canary-earlier' },
  });
  await writeOrder(order);
  await writeReturn(returned);
  before = await shop.data(books);
  await shop.data('mutation ($i: RequestErasureInput!) { requestErasure(input: $i) { outcome } }', {
    i: { customer, afterDays: 0 },
  });
  await runScheduledJobs(shop.db, new Date(Date.now() + 1_000), { batchSize: 2 });
});

it('removes tracking numbers, engraved titles and personal order numbers, and every copy of them', async () => {
  expect(await dumpOf(shop)).not.toContain('canary');
});

it('keeps amounts, quantities and SKUs of orders, and titles of the product catalog', async () => {
  const blank = (text: string) => text.replaceAll(/"[^"]*canary[^"]*"/g, '"Erased"');

  const after = await shop.data(books);

  expect(JSON.stringify(before)).toContain('canary');
  expect(after).toEqual(JSON.parse(blank(JSON.stringify(before))));
  expect(after.orders.nodes[0].lines.nodes[0]).toMatchObject({ title: 'Ring', product: { title: 'Ring' } });
});

it('recognizes orders and returns that are resent, and stores no personal data from them', async () => {
  const sums = await shop.data(books);

  const outcomes = [
    (await writeOrder(order)).upsertOrder.outcome,
    (await writeReturn(returned)).recordReturn.outcome,
    (await ship()).recordFulfillment.outcome,
  ];

  expect(outcomes).toEqual(['NOOP', 'NOOP', 'NOOP']);
  expect(await shop.data(books)).toEqual(sums);
  expect(await shop.db.fulfillment.count()).toBe(1);
});

it('stores no personal data from new orders and returns of the customer', async () => {
  await writeOrder({ ...order, key: key('canary@example.com'), number: null });
  await shop.data('mutation ($i: RecordReturnInput!) { recordReturn(input: $i) { outcome } }', {
    i: { customer, currencyCode: 'PLN', occurredAt: at, reason: 'canary', lines: [{ title: 'canary', quantity: 1 }] },
  });

  const left = await dumpOf(shop);
  expect(left.match(/[\w@.]*canary[\w@.]*/g)).toEqual(['canary@example.com']);
  const { orders } = await shop.data('{ orders { nodes { number } } }');
  expect(orders.nodes).toEqual([{ number: 'Erased' }, { number: 'Erased' }]);
});

it('erases audit log changes from before an order and a return had a customer', async () => {
  const late = { ...order, key: key('late'), customer: null };
  const lateReturn = { ...returned, key: key('late-return'), order: null, currencyCode: 'PLN' };
  const reworded = { ...order.lines[3], externalId: { source: 's', value: 'line' }, title: 'Knife, guest-engraving' };
  await writeOrder({ ...late, note: 'guest-note', lines: [reworded] });
  await writeOrder({ ...late, note: null, lines: [{ ...reworded, title: 'Knife' }] });
  await writeReturn({ ...lateReturn, reason: 'guest-reason' });
  await writeReturn({ ...lateReturn, reason: null });
  await shop.data('mutation { upsertCustomer(input: { key: { email: "late@example.com" } }) { outcome } }');
  await writeOrder({ key: key('late'), customer: { email: 'late@example.com' } });
  await writeReturn({ key: key('late-return'), status: 'RECEIVED', customer: { email: 'late@example.com' } });
  const held = await dumpOf(shop);
  await shop.data('mutation ($i: RequestErasureInput!) { requestErasure(input: $i) { outcome } }', {
    i: { customer: { email: 'late@example.com' }, afterDays: 0 },
  });

  await runScheduledJobs(shop.db, new Date(Date.now() + 1_000), { batchSize: 2 });

  expect(['guest-note', 'guest-reason', 'guest-engraving'].filter((each) => !held.includes(each))).toEqual([]);
  expect((await dumpOf(shop)).match(/guest-[a-z]+/g)).toBeNull();
});

describe('a recorded order or return does not move to or from an erased customer', () => {
  const line = { title: 'Bowl, moving-engraving', quantity: 1, unitPrice: '5' };
  const given = { placedAt: at, currencyCode: 'PLN', lines: [line] };
  const writes = {
    upsertOrder: 'mutation ($i: UpsertOrderInput!) { upsertOrder(input: $i) { outcome } }',
    recordReturn: 'mutation ($i: RecordReturnInput!) { recordReturn(input: $i) { outcome } }',
  };
  const ofNobody = {
    ...{ key: key('guest-return'), status: 'REQUESTED', occurredAt: at, currencyCode: 'PLN' },
    lines: [{ title: 'Bowl, moving-engraving', quantity: 1 }],
  };

  beforeAll(async () => {
    await shop.data('mutation { upsertCustomer(input: { key: { email: "stays@example.com" } }) { outcome } }');
    const fulfillments = [{ status: 'PENDING', trackingNumber: 'moving-tracking' }];
    await writeOrder({ ...given, key: key('guest'), fulfillments });
    await writeReturn(ofNobody);
    await writeOrder({ ...given, key: key('other'), customer: { email: 'stays@example.com' } });
    // Audit events of earlier reads are written with a delay, and could change a later dump.
    await api.flush();
  });

  it.each([
    ['a guest order', 'upsertOrder', { key: key('guest'), customer }, 'customer'],
    ['a guest order, sent in full', 'upsertOrder', { ...given, key: key('guest'), customer }, 'customer'],
    ['an order of another customer', 'upsertOrder', { key: key('other'), customer }, 'customer'],
    ['an order of the erased customer, to a guest', 'upsertOrder', { key: key('1'), customer: null }, 'customer'],
    [
      'an order of the erased customer, to another customer',
      'upsertOrder',
      { key: key('1'), customer: { email: 'stays@example.com' } },
      'customer',
    ],
    ['a guest return', 'recordReturn', { key: key('guest-return'), status: 'APPROVED', customer }, 'customer'],
    ['a guest return, through its order', 'recordReturn', { ...ofNobody, order: key('1'), lines: null }, 'order'],
    [
      'a return of the erased customer, to another order',
      'recordReturn',
      { ...returned, order: key('other') },
      'order',
    ],
  ] as const)('%s', async (_, name, input, field) => {
    const before = await dumpOf(shop);

    const { extensions } = await shop.error(writes[name], { i: input });

    expect(extensions).toEqual({ code: 'CONFLICT', field: [field] });
    expect(await dumpOf(shop)).toBe(before);
  });
});
