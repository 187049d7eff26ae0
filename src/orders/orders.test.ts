import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { lamp, named, order, upsert, useOrders } from '../../test/orders-of-ada.ts';
import { verifyStatistics } from './statistics/verify-statistics.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const { write } = await useOrders(shop);

const statistics = `{ customer(by: { email: "ada@example.com" }) { statistics {
  currencyCode numberOfOrders amountSpent { amount } averageOrderValue { amount } returnRate averageDaysBetweenOrders firstOrderAt lastOrderAt
} purchasedProducts { nodes { product { title } timesBought quantity lastBoughtAt } } } }`;

async function readStatistics() {
  return (await shop.data(statistics)).customer;
}

it('creates an order with the title of its product, and returns NOOP the second time', async () => {
  const created = await write(order('first'));
  const repeated = await write(order('first'));

  expect([created.outcome, repeated.outcome]).toEqual(['CREATED', 'NOOP']);
  expect(created.order).toMatchObject({
    total: { amount: '21.00', currencyCode: 'GBP' },
    amountPaid: { amount: '21.00' },
    lines: { nodes: [{ title: 'Lamp', quantity: 2, total: { amount: '21.00' } }] },
  });
});

it('updates statistics with orders, cancellations and returns', async () => {
  await write(order('second', { placedAt: '2026-01-11T09:00:00Z' }));
  const two = await readStatistics();
  await write(order('second', { status: 'CANCELED' }));
  const one = await readStatistics();
  await write(order('second', { status: 'FULFILLED', placedAt: '2026-01-11T09:00:00Z' }));
  await shop.data('mutation ($input: RecordReturnInput!) { recordReturn(input: $input) { outcome } }', {
    input: {
      key: named('back'),
      order: named('second'),
      occurredAt: '2026-02-01T00:00:00Z',
      status: 'COMPLETED',
      lines: [{ title: 'Lamp', quantity: 1, total: '10.5' }],
    },
  });
  const returned = await readStatistics();

  expect(two.statistics).toEqual([
    {
      currencyCode: 'GBP',
      numberOfOrders: 2,
      amountSpent: { amount: '42.00' },
      averageOrderValue: { amount: '21.00' },
      returnRate: 0,
      averageDaysBetweenOrders: 10,
      firstOrderAt: '2026-01-01T09:00:00.000Z',
      lastOrderAt: '2026-01-11T09:00:00.000Z',
    },
  ]);
  expect(two.purchasedProducts.nodes).toMatchObject([{ product: { title: 'Lamp' }, timesBought: 2, quantity: 4 }]);
  expect(one.statistics).toMatchObject([
    { numberOfOrders: 1, amountSpent: { amount: '21.00' }, averageDaysBetweenOrders: null },
  ]);
  expect(one.purchasedProducts.nodes).toMatchObject([{ timesBought: 1, quantity: 2 }]);
  expect(returned.statistics).toMatchObject([
    { numberOfOrders: 2, amountSpent: { amount: '31.50' }, returnRate: 0.25 },
  ]);
});

it('counts recorded payments instead of the stated payment status', async () => {
  await write(
    order('paid', {
      customer: null,
      paymentStatus: undefined,
      payments: [{ kind: 'PAYMENT', method: 'card', amount: '20' }],
    }),
  );
  const pay = (kind: string, amount: string, value: string) =>
    shop.data(
      'mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { outcome order { paymentStatus ' +
        'amountPaid { amount } amountRefunded { amount } } } }',
      { input: { order: named('paid'), kind, method: 'card', amount, externalId: { source: 'bank', value } } },
    );

  const settled = await pay('PAYMENT', '1', 'p1');
  const repeated = await pay('PAYMENT', '1', 'p1');
  const refunded = await pay('REFUND', '5', 'p2');

  expect(settled.recordPayment.order).toMatchObject({ paymentStatus: 'PAID', amountPaid: { amount: '21.00' } });
  expect(repeated.recordPayment.outcome).toBe('NOOP');
  expect(refunded.recordPayment.order).toMatchObject({
    paymentStatus: 'PARTIALLY_REFUNDED',
    amountRefunded: { amount: '5.00' },
  });
});

it('updates the order status when shipments are recorded', async () => {
  await write(order('sent', { customer: null }));
  const ship = (status: string, completesOrder?: boolean) =>
    shop.data(
      'mutation ($input: RecordFulfillmentInput!) { recordFulfillment(input: $input) { order { status ' +
        'fulfillments { nodes { status trackingNumber } } } } }',
      {
        input: {
          order: named('sent'),
          status,
          completesOrder,
          trackingNumber: 'T1',
          externalId: { source: 'dhl', value: 'T1' },
        },
      },
    );

  const partly = await ship('IN_TRANSIT', false);
  const delivered = await ship('DELIVERED');

  expect(partly.recordFulfillment.order.status).toBe('PARTIALLY_FULFILLED');
  expect(delivered.recordFulfillment.order).toEqual({
    status: 'FULFILLED',
    fulfillments: { nodes: [{ status: 'DELIVERED', trackingNumber: 'T1' }] },
  });
});

it('recognizes a shipment by its external ID or tracking number', async () => {
  const sent = { status: 'IN_TRANSIT', trackingNumber: 'T9', shippedAt: '2026-01-03T10:00:00Z' };
  await write(order('tracked', { customer: null, fulfillments: [sent] }));
  const ship = async (more: object) =>
    (
      await shop.data(
        'mutation ($input: RecordFulfillmentInput!) { recordFulfillment(input: $input) { outcome order { ' +
          'fulfillments { nodes { status } } } } }',
        { input: { order: named('tracked'), ...sent, ...more } },
      )
    ).recordFulfillment;

  await ship({ externalId: { source: 'dhl', value: 'T9' } });
  const again = await ship({});
  const delivered = await ship({ status: 'DELIVERED' });

  expect(again.outcome).toBe('NOOP');
  expect(delivered.order.fulfillments.nodes).toEqual([{ status: 'DELIVERED' }]);
});

it('refuses to return more units than were bought', async () => {
  const { order: bought } = await write(order('limited', { customer: null }));
  const [line] = bought.lines.nodes;
  const bring = (value: string, ...quantities: number[]) => ({
    input: {
      key: named(value),
      order: named('limited'),
      occurredAt: '2026-02-01T00:00:00Z',
      status: 'RECEIVED',
      lines: quantities.map((quantity) => ({ orderLine: line.id, quantity })),
    },
  });
  const record =
    'mutation ($input: RecordReturnInput!) { recordReturn(input: $input) { outcome return { refundAmount { amount } order { status } } } }';

  const one = await shop.data(record, bring('r1', 1));
  const tooMany = await shop.error(record, bring('r2', 2));
  const tooManyTogether = await shop.error(record, bring('r2', 1, 1));
  const rest = await shop.data(record, bring('r3', 1));

  expect(one.recordReturn.return).toEqual({
    refundAmount: { amount: '10.50' },
    order: { status: 'PARTIALLY_RETURNED' },
  });
  expect(tooMany.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['lines', 0, 'quantity'] });
  expect(tooManyTogether.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['lines', 1, 'quantity'] });
  expect(rest.recordReturn.return.order.status).toBe('RETURNED');
});

it('counts a return once it is received, and never more units than were bought', async () => {
  const { order: bought } = await write(order('limited 2', { customer: null }));
  const [line] = bought.lines.nodes;
  await write(order('limited 3', { customer: null }));
  const record = 'mutation ($input: RecordReturnInput!) { recordReturn(input: $input) { return { status } } }';
  const asked = (value: string) => ({
    input: {
      key: named(value),
      order: named('limited 2'),
      occurredAt: '2026-02-01T00:00:00Z',
      lines: [{ orderLine: line.id, quantity: 2 }],
    },
  });
  const received = (value: string) => ({ input: { key: named(value), status: 'RECEIVED' } });
  await shop.data(record, asked('way 1'));
  await shop.data(record, asked('way 2'));

  await shop.data(record, received('way 1'));
  const second = await shop.error(record, received('way 2'));
  const moved = { key: named('way 1'), order: named('limited 3'), lines: [{ sku: null, title: 'Lamp', quantity: 2 }] };
  await shop.data(record, { input: moved });
  const { order: left } = await shop.data(
    'query ($by: OrderKey!) { order(by: $by) { amountReturned { amount } lines { nodes { returnedQuantity } } } }',
    { by: named('limited 2') },
  );

  expect(second.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['status'] });
  expect(left).toEqual({ amountReturned: { amount: '0.00' }, lines: { nodes: [{ returnedQuantity: 0 }] } });
});

it.each([
  ['a total that does not match the lines', { total: '22' }, 'INVALID_INPUT', ['total']],
  [
    'a line total that is not quantity times price',
    { lines: [{ ...lamp, total: '20' }] },
    'INVALID_INPUT',
    ['lines', 0, 'total'],
  ],
  ['a negative quantity', { lines: [{ ...lamp, quantity: -1 }] }, 'INVALID_INPUT', ['lines', 0, 'quantity']],
  ['a negative price', { lines: [{ ...lamp, unitPrice: '-1' }] }, 'INVALID_INPUT', ['lines', 0, 'unitPrice']],
  ['a discount larger than the amount to pay', { discount: '100' }, 'INVALID_INPUT', ['discount']],
  ['a missing `placedAt`', { placedAt: null }, 'INVALID_INPUT', ['placedAt']],
  ['an unknown customer', { customer: { email: 'nobody@example.com' } }, 'NOT_FOUND', ['customer']],
  ['an unknown product', { lines: [{ ...lamp, product: named('none') }] }, 'NOT_FOUND', ['lines', 0, 'product']],
  ['an unknown location', { location: named('none') }, 'NOT_FOUND', ['location']],
])('refuses %s and writes nothing', async (_what, change, code, field) => {
  const { extensions } = await shop.error(upsert, { input: order('refused', change) });

  expect(extensions).toMatchObject({ code, field });
  expect(await shop.db.order.count({ where: { externalId: 'refused' } })).toBe(0);
});

it.each([
  ['currencyCode', 'GBX'],
  ['discount', '1.23456'],
  ['placedAt', '2026-01-01'],
  ['status', 'SHIPPED'],
])('refuses a malformed %s before anything runs', async (field, value) => {
  const { extensions } = await shop.error(upsert, { input: order('refused', { [field]: value }) });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: [field] });
});

it('stores prices with four decimal places exactly', async () => {
  const { order: precise } = await write(
    order('precise', {
      customer: null,
      lines: [{ title: 'Pad', quantity: 3, unitPrice: '0.0001' }],
      paymentStatus: 'PENDING',
    }),
  );

  expect(precise.total.amount).toBe('0.0003');
});

it('counts every order once under concurrent writes', async () => {
  await shop.data('mutation { upsertCustomer(input: { key: { email: "busy@example.com" } }) { outcome } }');

  const writes = Array.from({ length: 20 }, (_, i) =>
    write(order(`busy-${i % 10}`, { customer: { email: 'busy@example.com' } })),
  );
  await Promise.all(writes);

  const { customer } = await shop.data(
    '{ customer(by: { email: "busy@example.com" }) { statistics { numberOfOrders amountSpent { amount } } ' +
      'purchasedProducts { nodes { timesBought } } } }',
  );
  expect(customer).toEqual({
    statistics: [{ numberOfOrders: 10, amountSpent: { amount: '210.00' } }],
    purchasedProducts: { nodes: [{ timesBought: 10 }] },
  });
  expect(api.faults).toEqual([]);
});

it('finds no difference when it recounts all orders above', async () => {
  const report = await verifyStatistics(shop.db);

  expect(report).toEqual({ customers: 2, differences: [] });
});

it('reports a difference when a stored row is wrong', async () => {
  await shop.db.customerStatistics.updateMany({ data: { numberOfOrders: { increment: 1 } } });

  const { differences } = await verifyStatistics(shop.db);

  expect(differences).toHaveLength(4);
  await shop.db.customerStatistics.updateMany({ data: { numberOfOrders: { decrement: 1 } } });
});

it('refuses a source with a line break', async () => {
  const key = { externalId: { source: 'a\nb', value: 'c' } };

  const { extensions } = await shop.error(upsert, { input: { ...order('lines'), key } });

  expect(extensions).toEqual({ code: 'INVALID_INPUT', field: ['key', 'externalId', 'source'] });
});
