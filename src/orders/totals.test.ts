import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { upsertCustomer } from '../customers/customers.ts';
import { upsertOrder } from './orders.ts';
import { verifyStatistics } from './statistics/verify-statistics.ts';

const shop = await (await useApi()).tenant('shop');
const named = (value: string) => ({ externalId: { source: 'shop', value } });
let n = 0;

async function totalOf(rest: object) {
  n += 1;
  const key = named(`${n}`);
  await upsertOrder(shop.db, { key, placedAt: '2026-01-01T10:00:00Z', currencyCode: 'EUR', ...rest });
  const { order } = await shop.data(
    'query ($by: OrderKey!) { order(by: $by) { subtotal { amount } total { amount } lines { nodes { total { ' +
      'amount } } } } }',
    { by: key },
  );
  const lines = order.lines.nodes.map(({ total }: { total: { amount: string } }) => total.amount);
  return { lines, subtotal: order.subtotal.amount, total: order.total.amount };
}

const line = (quantity: number, unitPrice: string, total?: string) => ({ title: 'Soap', quantity, unitPrice, total });

it.each([
  ['three units for 10.00, with a rounded unit price', [line(3, '3.33', '10.00')], '10.00', ['10.00']],
  ['three units for 10.00, with a unit price of four decimal places', [line(3, '3.3333', '10.00')], '10.00', ['10.00']],
  ['six units for 10.00', [line(6, '1.67', '10.00')], '10.00', ['10.00']],
  ['a total that rounds the sum of the lines', [line(3, '3.3333')], '10.00', ['9.9999']],
  ['trailing zeros', [line(2, '16.510000')], '33.020000', ['33.02']],
])('accepts %s', async (_what, lines, total, totals) => {
  expect(await totalOf({ lines, total })).toEqual({
    lines: totals,
    subtotal: expect.any(String),
    total: Number(total).toFixed(2),
  });
});

it('keeps four decimal places if no total rounds them', async () => {
  expect((await totalOf({ lines: [line(3, '3.3333')] })).total).toBe('9.9999');
});

it('rounds to whole units in a currency without decimal places', async () => {
  expect((await totalOf({ currencyCode: 'JPY', lines: [line(3, '333', '1000')], total: '1000' })).total).toBe('1000');
  await expect(totalOf({ currencyCode: 'JPY', lines: [line(1, '333', '335')] })).rejects.toMatchObject({
    details: { field: ['lines', 0, 'total'] },
  });
});

it.each([
  ['a line total that rounding does not explain', { lines: [line(1, '10.00', '10.02')] }, ['lines', 0, 'total']],
  ['a line total for another quantity', { lines: [line(3, '10.00', '20.00')] }, ['lines', 0, 'total']],
  ['a total one cent off exact lines', { lines: [line(3, '10.00')], total: '30.01' }, ['total']],
  ['a unit price with five decimal places', { lines: [line(1, '1.00001')] }, ['lines', 0, 'unitPrice']],
  ['a line total with too many digits', { lines: [line(1000, '5901234123457')] }, ['lines', 0, 'unitPrice']],
  [
    'lines whose sum has too many digits',
    { lines: Array.from({ length: 3 }, () => line(1, '400000000000000')) },
    ['lines'],
  ],
  ['a total with too many digits', { lines: [line(1, '999999999999999')], shipping: '999999999999999' }, ['total']],
  [
    'payments whose sum has too many digits',
    {
      total: '1',
      payments: Array.from({ length: 2 }, () => ({ kind: 'PAYMENT', method: 'card', amount: '999999999999999' })),
    },
    ['payments'],
  ],
  ['a `placedAt` in the future', { placedAt: '2062-01-01T00:00:00Z', total: '1' }, ['placedAt']],
])('refuses %s', async (_what, rest, field) => {
  await expect(totalOf(rest)).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field } });
});

it('sums up more for a customer than one order can hold', async () => {
  await upsertCustomer(shop.db, { key: named('rich') });
  const most = { customer: named('rich'), lines: [line(10_000_000, '9999999.99')], paymentStatus: 'PAID' };
  for (let i = 0; i < 12; i++) await totalOf(most);

  const { customer } = await shop.data(
    '{ customer(by: { externalId: { source: "shop", value: "rich" } }) { statistics { numberOfOrders amountSpent ' +
      '{ amount } } } }',
  );

  expect(customer.statistics).toEqual([{ numberOfOrders: 12, amountSpent: { amount: '1199999998800000.00' } }]);
  expect((await verifyStatistics(shop.db)).differences).toEqual([]);
});
