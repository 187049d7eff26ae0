import { expect, it } from 'vitest';
import { line, named, useReturns } from '../../../test/returns.ts';
import { upsertOrder } from '../orders.ts';
import { verifyStatistics } from '../statistics/verify-statistics.ts';
import { recordReturn } from './returns.ts';

const { shop, order, bring, state } = await useReturns();

it('finds the order line by exact title if there is no SKU', async () => {
  await order('title', [{ title: 'Sneaker - ivory', quantity: 1, unitPrice: '59.00' }], { discount: '1.77' });

  await bring('title', [{ title: 'Sneaker - ivory', quantity: 1 }]);

  expect(await state('title')).toMatchObject({ status: 'RETURNED', returned: [1], spent: '0.00' });
  for (const [title, quantity, code] of [
    ['Sneaker - ivory', 7, 'INVALID_INPUT'],
    ['sneaker', 1, 'NOT_FOUND'],
  ] as const)
    await expect(bring('title', [{ title, quantity }], { key: named('more') })).rejects.toMatchObject({ code });
});

it('finds the order line by external ID', async () => {
  await order('line-id', [line('A', 1, '10.00', named('1')), line('A', 1, '20.00', named('2'))]);

  await bring('line-id', [{ orderLineExternalId: named('2').externalId, quantity: 1 }]);

  expect(await state('line-id')).toMatchObject({ returned: [0, 1], refunds: ['20.00'] });
  await expect(
    bring('line-id', [{ orderLineExternalId: named('3').externalId, quantity: 1 }], { key: named('more') }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND', details: { field: ['lines', 0, 'orderLineExternalId'] } });
});

it('spreads a SKU over all lines that have it', async () => {
  await order('several', [line('CB', 1, '12.99'), line('CB', 2, '12.99'), line('CB', 3, '12.99')]);

  await bring('several', [{ sku: 'CB', quantity: 5, total: '64.95' }]);

  expect(await state('several')).toMatchObject({
    status: 'PARTIALLY_RETURNED',
    returned: [1, 2, 2],
    refunds: ['64.95'],
  });
  const again = await bring('several', [{ sku: 'CB', quantity: 5, total: '64.95' }]);
  expect(again.outcome).toBe('NOOP');
  await expect(bring('several', [{ sku: 'CB', quantity: 2 }], { key: named('more') })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    details: { field: ['lines', 0, 'quantity'] },
  });
});

it('keeps its order line when another return of the same goods is rejected', async () => {
  await order('two', [line('A', 1, '10.00'), line('A', 1, '10.00')]);
  await bring('two', [{ sku: 'A', quantity: 1 }], { key: named('two-1') });
  await bring('two', [{ sku: 'A', quantity: 1 }], { key: named('two-2') });
  await bring('two', [{ sku: 'A', quantity: 1 }], { key: named('two-1'), status: 'REJECTED' });

  const { outcome } = await bring('two', [{ sku: 'A', quantity: 1 }], { key: named('two-2') });

  expect(outcome).toBe('NOOP');
  expect(await state('two')).toMatchObject({ returned: [0, 1], status: 'PARTIALLY_RETURNED' });
});

it('leaves an order unchanged when it is sent again', async () => {
  const lines = [line('A', 4, '10.00')];
  await order('again', lines);
  await bring('again', [{ sku: 'A', quantity: 1 }]);
  const before = await shop.db.order.findFirstOrThrow({ where: { externalId: 'again' } });

  const outcomes = [
    await order('again', lines),
    await bring('again', [{ sku: 'A', quantity: 1 }]),
    await order('again', lines),
  ];

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['NOOP', 'NOOP', 'NOOP']);
  expect(await shop.db.order.findFirstOrThrow({ where: { externalId: 'again' } })).toEqual(before);
  expect(before).toMatchObject({ status: 'PARTIALLY_RETURNED', version: 2 });
});

it('restores the order status when it no longer counts', async () => {
  await order('rejected', [line('A', 1, '10.00')], { status: 'PARTIALLY_FULFILLED' });
  await bring('rejected', [{ sku: 'A', quantity: 1 }]);

  await bring('rejected', [{ sku: 'A', quantity: 1 }], { status: 'REJECTED' });

  expect(await state('rejected')).toMatchObject({ status: 'PARTIALLY_FULFILLED', spent: '10.00' });
});

it('takes over a corrected currency and customer of the order', async () => {
  const payments = [{ kind: 'PAYMENT', method: 'card', amount: '10.00' }];
  await order('moved', [line('A', 1, '10.00')], { payments });
  await bring('moved', [{ sku: 'A', quantity: 1 }]);

  await upsertOrder(shop.db, { key: named('moved'), currencyCode: 'EUR', customer: named('anybody') });

  const where = { externalId: 'moved' };
  const stored = await shop.db.order.findFirstOrThrow({ where, include: { payments: true, returns: true } });
  expect([...stored.payments, ...stored.returns].map(({ currencyCode }) => currencyCode)).toEqual(['EUR', 'EUR']);
  expect(stored.returns.map(({ customerId }) => customerId)).toEqual([stored.customerId]);
  await expect(upsertOrder(shop.db, { key: named('moved'), currencyCode: 'JPY' })).resolves.toMatchObject({
    outcome: 'UPDATED',
  });
});

it('refuses a currency with too few decimal places for the recorded payments', async () => {
  await order('cents', [line('A', 1, '10.50')], { payments: [{ kind: 'PAYMENT', method: 'card', amount: '10.50' }] });

  await expect(upsertOrder(shop.db, { key: named('cents'), currencyCode: 'JPY' })).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { field: ['currencyCode'] },
  });
});

it('matches the lines of the new order when it moves to another order', async () => {
  await order('wrong', [line('A', 1, '10.00'), line('B', 1, '5.00')]);
  await order('right', [line('C', 1, '7.00'), line('A', 1, '8.00')]);
  await bring('wrong', [{ sku: 'A', quantity: 1 }]);

  await recordReturn(shop.db, { key: named('r-wrong'), order: named('right') });

  expect(await state('wrong')).toMatchObject({ returned: [0, 0], status: 'FULFILLED', refunds: [] });
  expect(await state('right')).toMatchObject({ returned: [0, 1], refunds: ['8.00'] });
});

it('accepts any lines if the lines of the order are unknown', async () => {
  await order('total-only', [], { lines: undefined, total: '30.00' });

  await bring('total-only', [{ sku: 'Z', quantity: 9, total: '12.00' }]);

  expect(await state('total-only')).toMatchObject({ status: 'FULFILLED', refunds: ['12.00'], spent: '18.00' });
});

it('accepts a rejected or requested return again after other goods were returned', async () => {
  await order('resent', [line('A', 3, '50.00')]);
  const rejected = { key: named('resent-rejected'), status: 'REJECTED' };
  const asked = { key: named('resent-asked'), status: 'REQUESTED' };
  const goods = [{ sku: 'A', quantity: 3 }];
  for (const each of [rejected, asked]) await bring('resent', goods, each);
  await order('resent', [line('A', 2, '50.00')]);
  await bring('resent', [{ sku: 'A', quantity: 2 }]);

  for (const each of [rejected, asked]) expect((await bring('resent', goods, each)).outcome).toBe('NOOP');
  const late = { key: named('late'), status: 'REJECTED' };
  expect((await bring('resent', [{ sku: 'A', quantity: 2 }], late)).outcome).toBe('CREATED');
});

it('counts two returns of one SKU that were requested together', async () => {
  await order('asked', [line('A', 1, '50.00'), line('A', 1, '50.00')]);
  for (const n of [1, 2])
    await bring('asked', [{ sku: 'A', quantity: 1 }], { key: named(`asked-${n}`), status: 'REQUESTED' });

  for (const n of [1, 2]) await recordReturn(shop.db, { key: named(`asked-${n}`), status: 'RECEIVED' });

  expect(await state('asked')).toMatchObject({ status: 'RETURNED', returned: [1, 1], spent: '0.00' });
});

it('leaves its order when `order` is null, and needs an order to refer to lines', async () => {
  await order('left', [line('A', 1, '50.00')]);
  await bring('left', [{ sku: 'A', quantity: 1 }]);

  await recordReturn(shop.db, { key: named('r-left'), order: null });

  expect(await state('left')).toMatchObject({ status: 'FULFILLED', returned: [0], refunds: [] });
  const unknown = { customer: named('anybody'), currencyCode: 'PLN', occurredAt: '2026-01-20T10:00:00Z' };
  const lines = [{ orderLineExternalId: named('1').externalId, quantity: 1 }];
  await expect(recordReturn(shop.db, { ...unknown, lines })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    details: { field: ['lines', 0, 'orderLineExternalId'] },
  });
});

it('keeps its title of the goods when the order renames them', async () => {
  await order('renamed', [line('A', 1, '50.00')]);
  await bring('renamed', [{ sku: 'A', quantity: 1 }]);
  await order('renamed', [line('A', 1, '50.00', { title: 'Renamed' })]);

  expect((await bring('renamed', [{ sku: 'A', quantity: 1 }])).outcome).toBe('NOOP');
});

it('accepts a customer for a guest order, also after the order gets another customer', async () => {
  await order('guest', [line('A', 1, '50.00')], { customer: null });
  const buyer = { customer: named('anybody') };
  expect((await bring('guest', [{ sku: 'A', quantity: 1 }], buyer)).outcome).toBe('CREATED');
  await upsertOrder(shop.db, { key: named('guest'), customer: named('guest') });

  expect((await bring('guest', [{ sku: 'A', quantity: 1 }], buyer)).outcome).toBe('NOOP');
});

it('refuses totals whose sum has too many digits', async () => {
  await order('digits', [line('A', 2, '10.00'), line('B', 2, '10.00')]);
  const total = '999999999999999';

  for (const lines of [
    [
      { sku: 'A', quantity: 1, total },
      { sku: 'B', quantity: 1 },
    ],
    [
      { sku: 'A', quantity: 1, total },
      { sku: 'B', quantity: 1, total },
    ],
  ])
    await expect(bring('digits', lines)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: ['lines'] },
    });
});

it('finds no difference in the statistics of all orders above', async () => {
  expect((await verifyStatistics(shop.db)).differences).toEqual([]);
});
