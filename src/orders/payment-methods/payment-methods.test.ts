import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const [ada, bob] = [{ email: 'ada@example.com' }, { email: 'bob@example.com' }];
for (const key of [ada, bob])
  await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key });

const keyOf = (value: string) => ({ externalId: { source: 'shop', value } });
const card = { key: keyOf('card'), customer: ada, kind: 'CREDIT_CARD', brand: 'visa', lastFour: '4242' };
const gift = { key: keyOf('gift'), customer: ada, kind: 'GIFT_CARD', balance: '50', currencyCode: 'PLN' };
const upsert = `mutation ($input: UpsertPaymentMethodInput!) { upsertPaymentMethod(input: $input) {
  outcome paymentMethod { kind brand lastFour balance { amount currencyCode } isActive } } }`;
const write = async (input: object) => (await shop.data(upsert, { input })).upsertPaymentMethod;

describe('upsertPaymentMethod', () => {
  it('creates, keeps omitted fields, and reports NOOP', async () => {
    const created = await write(gift);
    const repeated = await write(gift);
    const changed = await write({ key: gift.key, balance: '12.50' });

    expect([created.outcome, repeated.outcome, changed.outcome]).toEqual(['CREATED', 'NOOP', 'UPDATED']);
    expect(changed.paymentMethod).toEqual({
      kind: 'GIFT_CARD',
      brand: null,
      lastFour: null,
      balance: { amount: '12.50', currencyCode: 'PLN' },
      isActive: true,
    });
  });

  it.each([
    ['a full card number', { ...card, lastFour: '4242424242424242' }, 'INVALID_INPUT', ['lastFour']],
    ['a balance of a card', { ...card, balance: '5' }, 'INVALID_INPUT', ['balance']],
    ['a gift card without a balance', { ...gift, key: keyOf('x'), balance: null }, 'INVALID_INPUT', ['balance']],
    ['a negative balance', { ...gift, balance: '-1' }, 'INVALID_INPUT', ['balance']],
    ['half a grosz', { ...gift, balance: '1.005' }, 'INVALID_INPUT', ['balance']],
    ['a new one without a customer', { key: keyOf('x'), kind: 'CASH' }, 'INVALID_INPUT', ['customer']],
    ['a new one without a kind', { key: keyOf('x'), customer: ada }, 'INVALID_INPUT', ['kind']],
    ['another customer', { ...gift, customer: bob }, 'CONFLICT', ['customer']],
    ['another version', { ...gift, expectedVersion: 99 }, 'CONFLICT', ['expectedVersion']],
  ])('refuses %s', async (_what, input, code, field) => {
    const before = await shop.db.paymentMethod.findMany();

    const { extensions } = await shop.error(upsert, { input });

    expect(extensions).toMatchObject({ code, field });
    expect(await shop.db.paymentMethod.findMany()).toEqual(before);
  });
});

describe('the payment method of a payment', () => {
  const order = {
    key: keyOf('order'),
    customer: ada,
    placedAt: '2026-01-05T10:00:00Z',
    currencyCode: 'PLN',
    total: '9',
  };
  const upsertOrder = `mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome
    order { payments { nodes { method paymentMethod { kind lastFour } } } } } }`;
  const payment = { kind: 'PAYMENT', method: 'credit_card', amount: '9', paymentMethod: card.key };

  it('is stored, and kept if the payment is sent again without it', async () => {
    await write(card);
    const sent = await shop.data(upsertOrder, { input: { ...order, payments: [payment] } });
    const { paymentMethod: _, ...unnamed } = payment;
    const again = await shop.data(upsertOrder, { input: { ...order, payments: [unnamed] } });

    expect(sent.upsertOrder.order.payments.nodes).toEqual([
      { method: 'credit_card', paymentMethod: { kind: 'CREDIT_CARD', lastFour: '4242' } },
    ]);
    expect(again.upsertOrder.outcome).toBe('NOOP');
  });

  it('is recorded with a single payment', async () => {
    const record = 'mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { outcome } }';
    const refund = { order: order.key, kind: 'REFUND', method: 'credit_card', amount: '1', paymentMethod: card.key };

    await shop.data(record, { input: refund });

    const stored = await shop.db.payment.findFirstOrThrow({
      where: { kind: 'REFUND' },
      include: { paymentMethod: true },
    });
    expect(stored.paymentMethod?.lastFour).toBe('4242');
  });

  it.each([
    ['another customer', bob],
    ['a guest', null],
  ])('stays with the customer when the order moves to %s', async (_who, customer) => {
    await shop.data(upsertOrder, { input: { ...order, key: keyOf('moving'), payments: [payment] } });
    const moved = await shop.data(upsertOrder, { input: { ...order, key: keyOf('moving'), customer } });

    expect(moved.upsertOrder.order.payments.nodes).toEqual([{ method: 'credit_card', paymentMethod: null }]);
  });

  it.each([
    ['unknown', order, keyOf('none'), 'NOT_FOUND'],
    ['another customer’s', { ...order, key: keyOf('bobs'), customer: bob }, card.key, 'INVALID_INPUT'],
    ['a guest’s', { ...order, key: keyOf('guest'), customer: null }, card.key, 'INVALID_INPUT'],
  ])('is refused if it is %s', async (_what, input, paymentMethod, code) => {
    const { extensions } = await shop.error(upsertOrder, {
      input: { ...input, payments: [{ ...payment, paymentMethod }] },
    });

    expect(extensions).toEqual({ code, field: ['payments', 0, 'paymentMethod'] });
  });
});
