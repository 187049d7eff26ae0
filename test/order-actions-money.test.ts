import { describe, expect, it } from 'vitest';
import type { OrderAction } from '../src/db/generated/prisma/enums.ts';
import { encodeId } from '../src/lib/ids.ts';
import { amount, sum } from '../src/lib/money.ts';
import { verifyStatistics } from '../src/orders/statistics/verify-statistics.ts';
import { useApi } from './api.ts';
import { contentOf, mutations, openRetail, otherVariant, type RetailOrder, readOrder } from './order-actions.ts';
import { randomGenerator } from './random.ts';

const api = await useApi();
const shop = await api.tenant('retail');
const retail = await openRetail(shop);
const fresh = (order: RetailOrder) => readOrder(shop.db, order.id);

async function balanceOf({ id }: { id: string }): Promise<string | undefined> {
  const { node } = await shop.data(
    'query ($id: ID!) { node(id: $id) { ... on PaymentMethod { balance { amount } } } }',
    { id },
  );
  return node.balance?.amount;
}

async function done(action: OrderAction, order: RetailOrder, input: object) {
  const { data, errors } = await retail.act(action, order, input);
  expect(errors).toBeUndefined();
  return data.action;
}

describe('money', () => {
  it('goes back to a gift card at once when an order is canceled, and to a card later', async () => {
    for (const [method, days] of [
      ['gift_card', [0, 0]],
      ['credit_card', [5, 7]],
    ] as const) {
      const order = await retail.take('pending', method);
      const paidBy = order.payments[0]?.paymentMethod;
      const total = order.total.toFixed(2);

      const { payments, order: after } = await done('CANCEL', order, { reason: 'ordered by mistake' });

      expect(payments).toEqual([
        {
          kind: 'REFUND',
          method,
          isExpected: false,
          minBusinessDays: days[0],
          maxBusinessDays: days[1],
          paymentMethodId: encodeId('PaymentMethod', paidBy?.id ?? ''),
          amount: { amount: total },
        },
      ]);
      expect(after).toMatchObject({ status: 'CANCELED', paymentStatus: 'REFUNDED', amountRefunded: { amount: total } });
      const balance = await balanceOf({ id: encodeId('PaymentMethod', paidBy?.id ?? '') });
      expect(balance).toBe(paidBy?.balance ? amount(paidBy.balance).plus(total).toFixed(2) : undefined);
    }
  });

  it('moves from one gift card to another, and later only back to where it came from', async () => {
    const order = await retail.take('pending', 'credit_card');
    const total = amount(order.total);
    const gift = await retail.giftCard(order, total.plus(10).toFixed(2));

    const moved = await done('CHANGE_PAYMENT_METHOD', order, { paymentMethod: gift });
    const [left, canceled] = [await balanceOf(gift), await done('CANCEL', order, { reason: 'no longer needed' })];

    expect(moved.payments.map(({ kind, method }: { kind: string; method: string }) => [kind, method])).toEqual([
      ['PAYMENT', 'gift_card'],
      ['REFUND', 'credit_card'],
    ]);
    expect(moved.order).toMatchObject({ status: 'UNFULFILLED', total: { amount: total.toFixed(2) } });
    expect(left).toBe('10.00');
    expect(canceled.payments).toMatchObject([{ method: 'gift_card', amount: { amount: total.toFixed(2) } }]);
    expect(await balanceOf(gift)).toBe(total.plus(10).toFixed(2));
    expect(canceled.order.paymentStatus).toBe('REFUNDED');
  });

  it('covers the difference of changed items, whose line keeps its ID', async () => {
    const order = await retail.take('pending', 'paypal');
    const { item, line, variant } = otherVariant(order, true);
    const difference = amount(variant.priceAmount ?? 0).minus(amount(line.unitPrice));
    const gift = await retail.giftCard(order, '5000');

    const changed = await done('CHANGE_ITEMS', order, { items: [item], paymentMethod: gift });

    const after = await fresh(order);
    const paid = sum(after.payments.map((each) => amount(each.amount).times(each.kind === 'PAYMENT' ? 1 : -1)));
    expect(changed.priceDifference.amount).toBe(difference.toFixed(2));
    expect(changed.order.total.amount).toBe(amount(order.total).plus(difference).toFixed(2));
    expect(paid.toFixed(2)).toBe(changed.order.total.amount);
    expect(await balanceOf(gift)).toBe(amount(5000).minus(difference).toFixed(2));
    expect(after.lines[0]).toMatchObject({ id: line.id, sku: variant.sku, variantId: variant.id, title: line.title });
  });

  it('does not move for a return before the goods are back', async () => {
    const order = await retail.take('delivered', 'credit_card');
    const gift = await retail.giftCard(order, '1');
    const [line] = order.lines;

    const asked = await done('REQUEST_RETURN', order, {
      items: [{ line: encodeId('OrderLine', line?.id ?? '') }],
      paymentMethod: gift,
    });

    const stored = await shop.db.return.findFirstOrThrow({ where: { orderId: order.id }, include: { lines: true } });
    expect(asked.payments).toMatchObject([
      {
        kind: 'REFUND',
        isExpected: true,
        paymentMethodId: gift.id,
        minBusinessDays: 0,
        amount: { amount: line?.total.toFixed(2) },
      },
    ]);
    expect(stored).toMatchObject({
      kind: 'RETURN',
      status: 'REQUESTED',
      lines: [{ orderLineId: line?.id, quantity: 1 }],
    });
    expect(asked.returnId).toBe(encodeId('Return', stored.id));
    expect(encodeId('PaymentMethod', stored.paymentMethodId ?? '')).toBe(gift.id);
    expect(await balanceOf(gift)).toBe('1.00');
    expect((await fresh(order)).payments).toHaveLength(1);
  });

  it('moves once if an action is repeated with its idempotency key', async () => {
    const order = await retail.take('pending', 'gift_card');
    const document = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input, idempotencyKey: "once") {
      outcome payments { amount { amount } } } }`;
    const input = { order: { id: encodeId('Order', order.id) }, reason: 'no longer needed' };

    const answers = [await shop.data(document, { input }), await shop.data(document, { input })];

    expect(answers[1]).toEqual(answers[0]);
    expect((await fresh(order)).payments).toHaveLength(2);
  });

  it('never overdraws a gift card, even if two orders are changed at once', async () => {
    const order = await retail.take('pending', 'credit_card');
    const where = { customerId: order.customerId, status: 'UNFULFILLED' as const };
    const key = { externalId: { source: 'test', value: 'second' } };
    const customer = { id: encodeId('Customer', order.customerId ?? '') };
    const payment = { kind: 'PAYMENT', method: 'credit_card', amount: order.total.toFixed(2) };
    await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
      input: {
        ...{ key, customer, placedAt: '2026-01-05T10:00:00Z', currencyCode: 'USD', payments: [payment] },
        lines: [{ title: 'Vase', quantity: 1, unitPrice: order.total.toFixed(2) }],
      },
    });
    const second = await shop.db.order.findFirstOrThrow({ where: { ...where, externalId: 'second' } });
    const gift = await retail.giftCard(order, amount(order.total).times('1.5').toFixed(2));

    const answers = await Promise.all(
      [order, await readOrder(shop.db, second.id)].map((each) =>
        retail.act('CHANGE_PAYMENT_METHOD', each, { paymentMethod: gift }),
      ),
    );

    expect(answers.map(({ errors }) => errors?.[0]?.extensions.refusal ?? 'OK').sort()).toEqual([
      'INSUFFICIENT_BALANCE',
      'OK',
    ]);
    expect(amount((await balanceOf(gift)) ?? -1).toFixed(2)).toBe(amount(order.total).times('0.5').toFixed(2));
  });
});

it('stays right through 200 random actions, and every refusal changes nothing', async () => {
  const { one } = randomGenerator(7);
  const orders: RetailOrder[] = [];
  for (const status of ['pending', 'delivered', 'processed'] as const)
    for (const method of ['gift_card', 'credit_card', 'paypal'])
      for (let i = 0; i < 8; i++) orders.push(await retail.take(status, method));
  const customers = [...new Set(orders.flatMap(({ customerId }) => customerId ?? []))];
  const moneyOf = async () => {
    const methods = await shop.db.paymentMethod.findMany({
      where: { customerId: { in: customers }, kind: 'GIFT_CARD' },
    });
    const payments = await shop.db.payment.findMany({
      where: { paymentMethodId: { in: methods.map(({ id }) => id) } },
    });
    const spent = payments.map((each) => amount(each.amount).times(each.kind === 'PAYMENT' ? 1 : -1));
    return sum([...methods.map(({ balance }) => amount(balance ?? 0)), ...spent]).toFixed(2);
  };
  for (const order of orders) await retail.giftCard(order, one(['0', '40', '5000']));
  const money = await moneyOf();
  let refused = 0;

  for (let i = 0; i < 200; i++) {
    const order = await fresh(one(orders));
    const methods = await shop.db.paymentMethod.findMany({ where: { customerId: order.customerId ?? '' } });
    const method = { id: encodeId('PaymentMethod', one(methods).id) };
    const line = one(order.lines);
    const variant = encodeId('ProductVariant', one(line.product?.variants ?? []).id);
    const item = { line: encodeId('OrderLine', line.id) };
    const inputs: Record<OrderAction, object> = {
      CANCEL: { reason: one(['no longer needed', 'ordered by mistake', 'bored']) },
      CHANGE_SHIPPING_ADDRESS: { shippingAddress: { lines: [`${i} Elm Street`] } },
      CHANGE_PAYMENT_METHOD: { paymentMethod: method },
      CHANGE_ITEMS: { items: [{ ...item, variant }], paymentMethod: method },
      REQUEST_RETURN: { items: [item], paymentMethod: method },
      REQUEST_EXCHANGE: { items: [{ ...item, variant }], paymentMethod: method },
    };
    const action = one(Object.keys(mutations) as OrderAction[]);
    const content = i % 10 === 0 ? await contentOf(shop.db) : null;

    const { errors } = await retail.act(action, order, inputs[action]);

    if (!errors) continue;
    refused += 1;
    expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', refusal: expect.any(String) });
    if (content) expect(await contentOf(shop.db)).toEqual(content);
  }

  expect(refused).toBeGreaterThan(40);
  expect(refused).toBeLessThan(180);
  expect(await moneyOf()).toBe(money);
  expect(await shop.db.paymentMethod.count({ where: { balance: { lt: 0 } } })).toBe(0);
  expect(await verifyStatistics(shop.db)).toMatchObject({ differences: [] });
});
