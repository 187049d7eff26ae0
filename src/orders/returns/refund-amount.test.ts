import { expect, it } from 'vitest';
import { line, named, useReturns } from '../../../test/returns.ts';
import { verifyStatistics } from '../statistics/verify-statistics.ts';

const { shop, order, bring, state } = await useReturns();

it('refunds the price paid for the goods, net of the order discount', async () => {
  const lines = [line('A', 1, '60.00'), line('B', 1, '40.00')];
  const payments = [{ kind: 'PAYMENT', method: 'card', amount: '90.00' }];
  await order('discount', lines, { discount: '10.00', payments });

  await bring('discount', [{ sku: 'A', quantity: 1 }]);
  const half = await state('discount');
  await bring('discount', [
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 1 },
  ]);

  expect(half).toMatchObject({ amountReturned: '54.00', spent: '36.00', returnRate: 0.6 });
  expect(await state('discount')).toEqual({
    status: 'RETURNED',
    returned: [1, 1],
    amountReturned: '90.00',
    refunds: ['90.00'],
    spent: '0.00',
    returnRate: 1,
  });
});

it('splits 10.00 over three returns without losing a cent, and keeps the shipping cost', async () => {
  await order('three', [line('A', 3, '3.33', { total: '10.00' })], { shipping: '5.00' });
  for (const n of [1, 2, 3]) await bring('three', [{ sku: 'A', quantity: 1 }], { key: named(`three-${n}`) });

  const { amountReturned, refunds, spent } = await state('three');

  expect([amountReturned, spent]).toEqual(['10.00', '5.00']);
  expect(refunds.sort()).toEqual(['3.33', '3.33', '3.34']);
});

it('updates the refund after a later edit of the order', async () => {
  await order('edited', [line('A', 2, '60.00')]);
  await bring('edited', [{ sku: 'A', quantity: 1 }]);

  await order('edited', [line('A', 2, '50.00')]);

  expect(await state('edited')).toMatchObject({ refunds: ['50.00'], spent: '50.00', returnRate: 0.5 });
});

it('keeps an agreed refund amount, and never counts more than the order total', async () => {
  await order('agreed', [line('A', 1, '60.00')]);

  await bring('agreed', [{ sku: 'A', quantity: 1 }], { refundAmount: '75.00' });
  const generous = await state('agreed');
  await bring('agreed', [{ sku: 'A', quantity: 1 }], { refundAmount: null });

  expect(generous).toMatchObject({ refunds: ['75.00'], amountReturned: '60.00', spent: '0.00', returnRate: 1 });
  expect(await state('agreed')).toMatchObject({ refunds: ['60.00'] });
});

it('deducts nothing for an exchange, unless it has a refund amount', async () => {
  await order('exchange', [line('A', 1, '100.00')]);
  await bring('exchange', [{ sku: 'A', quantity: 1 }], { kind: 'EXCHANGE' });
  const exchanged = await state('exchange');

  await bring('exchange', [{ sku: 'A', quantity: 1 }], { kind: 'EXCHANGE', refundAmount: '20' });

  expect(exchanged).toMatchObject({ returned: [1], spent: '100.00', returnRate: 0 });
  expect(await state('exchange')).toMatchObject({ spent: '80.00', returnRate: 0.2 });
});

it('never counts less than zero for unpaid goods', async () => {
  await order('unpaid', [line('A', 1, '60.00')], { paymentStatus: 'PENDING' });

  await bring('unpaid', [{ sku: 'A', quantity: 1 }]);

  expect(await state('unpaid')).toMatchObject({ spent: '0.00', returnRate: 1 });
});

it('finds no difference in the statistics of all orders above', async () => {
  expect((await verifyStatistics(shop.db)).differences).toEqual([]);
});
