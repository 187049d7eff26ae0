import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { order, useOrders } from '../../../test/orders-of-ada.ts';

const shop = await (await useApi()).tenant('shop');
const { write } = await useOrders(shop);

describe('a payment reported by two systems', () => {
  const payment = { kind: 'PAYMENT', method: 'CARD', amount: '21' };
  const record = `mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) {
    outcome order { paymentStatus amountPaid { amount } } } }`;
  const name = (value: string) => ({ externalId: { source: 'psp', value } });
  const recorded = async (key: string, value: string, more: object = {}) =>
    (
      await shop.data(record, {
        input: { order: { externalId: { source: 'shop', value: key } }, ...payment, ...name(value), ...more },
      })
    ).recordPayment;

  it('counts once when it is recorded before the order lists it', async () => {
    await write(order('two-1'));
    await recorded('two-1', 'a');

    const again = await write(order('two-1', { payments: [payment] }));
    const { outcome, order: read } = await recorded('two-1', 'a');

    expect([again.outcome, outcome]).toEqual(['NOOP', 'NOOP']);
    expect(read.amountPaid.amount).toBe('21.00');
  });

  it('counts once when the order lists it first with the same time', async () => {
    const occurredAt = '2026-02-01T10:00:00Z';
    await write(order('two-2', { payments: [{ ...payment, occurredAt }] }));

    const { order: read } = await recorded('two-2', 'b', { occurredAt });
    const { outcome } = await recorded('two-2', 'b', { occurredAt });

    expect(read.amountPaid.amount).toBe('21.00');
    expect(outcome).toBe('NOOP');
  });

  it('is matched by external ID in any sequence', async () => {
    await write(order('two-4'));
    for (const [value, day] of [
      ['c', 1],
      ['d', 2],
    ] as const)
      await recorded('two-4', value, { occurredAt: `2026-02-0${day}T10:00:00Z` });
    const payments = ['d', 'c'].map((value) => ({ ...payment, ...name(value) }));

    expect((await write(order('two-4', { payments }))).outcome).toBe('NOOP');
    expect((await write(order('two-4', { payments: [payment, payments[1]] }))).outcome).toBe('NOOP');
  });

  it('is removed, and no longer counts as paid, when the order lists no payments', async () => {
    const states = [];
    for (const payments of [[payment], null, [{ ...payment, amount: '4' }]])
      states.push((await write(order('two-3', { payments, paymentStatus: undefined }))).order);

    expect(states.map(({ paymentStatus }) => paymentStatus)).toEqual(['PAID', 'PENDING', 'PARTIALLY_PAID']);
    expect(states.map(({ amountPaid }) => amountPaid.amount)).toEqual(['21.00', '0.00', '4.00']);
  });
});
