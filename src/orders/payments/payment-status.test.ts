import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { amount, zero } from '../../lib/money.ts';
import { upsertOrder } from '../orders.ts';
import { paymentStatusOf, type Settlement } from './payment-status.ts';
import { recordPayment } from './payments.ts';

const shop = await (await useApi()).tenant('shop');
const named = (value: string) => ({ externalId: { source: 'shop', value } });
const read = (value: string) =>
  shop.db.order.findFirstOrThrow({ where: { externalId: value }, select: { paymentStatus: true, amountPaid: true } });

type Given = { total: number; paid?: number; refunded?: number; isRecorded?: boolean; stated?: Settlement['stated'] };

function settlement({ total, paid = 0, refunded = 0, isRecorded = true, stated = null }: Given): Settlement {
  return { total: amount(total), paid: amount(paid), refunded: amount(refunded), isRecorded, stated };
}

it.each([
  ['a free order', { total: 0 }, 'PAID'],
  ['a free order stated as pending', { total: 0, isRecorded: false, stated: 'PENDING' }, 'PAID'],
  ['a free order stated as authorized', { total: 0, isRecorded: false, stated: 'AUTHORIZED' }, 'PAID'],
  ['a free order stated as voided', { total: 0, isRecorded: false, stated: 'VOIDED' }, 'VOIDED'],
  ['an order without payments', { total: 10, isRecorded: false }, 'PENDING'],
  ['an order stated as paid, without payments', { total: 10, isRecorded: false, stated: 'PAID' }, 'PAID'],
  ['an order stated as paid, with a smaller payment', { total: 10, paid: 4, stated: 'PAID' }, 'PARTIALLY_PAID'],
  ['an order that was paid in full', { total: 10, paid: 10 }, 'PAID'],
  ['an order that was paid twice', { total: 10, paid: 20 }, 'PAID'],
  ['a partial refund', { total: 10, paid: 10, refunded: 4 }, 'PARTIALLY_REFUNDED'],
  ['a full refund', { total: 10, paid: 10, refunded: 10 }, 'REFUNDED'],
  ['a refund without a payment', { total: 10, refunded: 4 }, 'PENDING'],
] as const)('derives the status of %s', (_what, given, status) => {
  expect(paymentStatusOf(settlement(given))).toBe(status);
});

// Amounts are in cents, so that sums are exact.
const cents = (most: number) => fc.integer({ min: 0, max: most });
const payments = fc
  .array(fc.record({ kind: fc.constantFrom('PAYMENT', 'REFUND'), cents: cents(500) }), { maxLength: 4 })
  .filter((all) => sumOf(all, 'REFUND') <= sumOf(all, 'PAYMENT'));

function sumOf(all: { kind: string; cents: number }[], kind: string): number {
  return all.filter((each) => each.kind === kind).reduce((sum, each) => sum + each.cents, 0);
}

it('derives the status from payments and total, however they were written', async () => {
  let n = 0;
  const stated = fc.constantFrom(undefined, 'PENDING', 'PAID', 'AUTHORIZED');
  await fc.assert(
    fc.asyncProperty(payments, cents(600), cents(600), stated, async (all, first, last, paymentStatus) => {
      n += 1;
      const order = (value: string, total: number, rest: object = {}) =>
        upsertOrder(shop.db, {
          key: named(value),
          placedAt: '2026-01-01T10:00:00Z',
          currencyCode: 'PLN',
          total: (total / 100).toFixed(2),
          paymentStatus,
          ...rest,
        });
      const given = all.map(({ kind, cents: value }) => ({ kind, method: 'card', amount: (value / 100).toFixed(2) }));
      const ordered = given.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));

      await order(`${n}-at-once`, last, { payments: ordered });
      await order(`${n}-edited`, first, { payments: ordered });
      await order(`${n}-edited`, last);
      await order(`${n}-one-by-one`, first, { payments: [] });
      for (const each of ordered) await recordPayment(shop.db, { order: named(`${n}-one-by-one`), ...each });
      await order(`${n}-one-by-one`, last);

      const expected = paymentStatusOf({
        total: amount(last).div(100),
        paid: all.some(({ kind }) => kind === 'PAYMENT')
          ? amount(sumOf(all, 'PAYMENT')).div(100)
          : paymentStatus === 'PAID'
            ? amount(last).div(100)
            : zero,
        refunded: amount(sumOf(all, 'REFUND')).div(100),
        isRecorded: all.length > 0,
        stated: paymentStatus ?? null,
      });
      for (const way of ['at-once', 'edited', 'one-by-one'])
        expect([way, (await read(`${n}-${way}`)).paymentStatus]).toEqual([way, expected]);
    }),
    { numRuns: 60 },
  );
});

it('makes an order partially paid when its total rises', async () => {
  const order = { key: named('edit'), placedAt: '2026-01-01T10:00:00Z', currencyCode: 'PLN' };
  await upsertOrder(shop.db, {
    ...order,
    total: '100',
    payments: [{ kind: 'PAYMENT', method: 'card', amount: '100' }],
  });

  await upsertOrder(shop.db, { key: named('edit'), total: '150' });

  expect((await read('edit')).paymentStatus).toBe('PARTIALLY_PAID');
});

it('refuses a refund that exceeds the amount paid, however it is written', async () => {
  const order = { key: named('unpaid'), placedAt: '2026-01-01T10:00:00Z', currencyCode: 'PLN', total: '100' };
  const refund = { kind: 'REFUND', method: 'card', amount: '10.00' };
  await upsertOrder(shop.db, order);

  await expect(recordPayment(shop.db, { order: named('unpaid'), ...refund })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    details: { field: ['amount'] },
  });
  await expect(upsertOrder(shop.db, { ...order, payments: [refund] })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    details: { field: ['payments'] },
  });
  expect((await read('unpaid')).paymentStatus).toBe('PENDING');
});

it('refuses another amount for a recorded payment, and accepts the same amount again', async () => {
  const order = { key: named('named'), placedAt: '2026-01-01T10:00:00Z', currencyCode: 'PLN', total: '100' };
  const payment = { order: named('named'), externalId: { source: 'psp', value: '1' }, kind: 'PAYMENT', method: 'card' };
  await upsertOrder(shop.db, order);
  await recordPayment(shop.db, { ...payment, amount: '40' });

  expect((await recordPayment(shop.db, { ...payment, amount: '40.00' })).outcome).toBe('NOOP');
  await expect(recordPayment(shop.db, { ...payment, amount: '60' })).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { field: ['amount'] },
  });
});

it('accepts a refund of an order stated as paid', async () => {
  const order = { placedAt: '2026-01-01T10:00:00Z', currencyCode: 'PLN', total: '100', paymentStatus: 'PAID' };
  await upsertOrder(shop.db, { key: named('stated'), ...order });

  await recordPayment(shop.db, { order: named('stated'), kind: 'REFUND', method: 'card', amount: '19' });

  const { paymentStatus, amountPaid } = await read('stated');
  expect([paymentStatus, Number(amountPaid)]).toEqual(['PARTIALLY_REFUNDED', 100]);
});

it('refuses an edit that leaves less paid than was refunded', async () => {
  const order = { placedAt: '2026-01-01T10:00:00Z', currencyCode: 'PLN', total: '100', paymentStatus: 'PAID' };
  const key = named('over-refunded');
  await upsertOrder(shop.db, { key, ...order });
  await recordPayment(shop.db, { order: key, kind: 'REFUND', method: 'card', amount: '80' });

  for (const [change, field] of [
    [{ total: '50' }, 'total'],
    [{ paymentStatus: 'PENDING' }, 'paymentStatus'],
  ] as const)
    await expect(upsertOrder(shop.db, { key, ...change })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: [field] },
    });
  expect((await upsertOrder(shop.db, { key, ...order })).outcome).toBe('NOOP');
});

it.each([
  ['JPY', '0.5', false],
  ['PLN', '0.005', false],
  ['PLN', '0.050', true],
  ['RSD', '0.05', true],
  ['KWD', '0.005', true],
  ['KWD', '0.0005', false],
])('accepts only the decimal places of the currency: %s %s', async (currencyCode, value, isTaken) => {
  const key = named(`units-${currencyCode}-${value}`);
  await upsertOrder(shop.db, { key, placedAt: '2026-01-01T10:00:00Z', currencyCode, total: '100' });
  const payment = { kind: 'PAYMENT', method: 'card', amount: value };

  const recorded = recordPayment(shop.db, { order: key, ...payment });
  await (isTaken
    ? expect(recorded).resolves.toMatchObject({ outcome: 'UPDATED' })
    : expect(recorded).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: ['amount'] } }));
  const written = upsertOrder(shop.db, { key, payments: [payment] });
  await (isTaken
    ? expect(written).resolves.toMatchObject({ outcome: 'NOOP' })
    : expect(written).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        details: { field: ['payments', 0, 'amount'] },
      }));
});
