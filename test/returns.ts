import { upsertCustomer } from '../src/customers/customers.ts';
import { upsertOrder } from '../src/orders/orders.ts';
import { recordReturn } from '../src/orders/returns/returns.ts';
import { useApi } from './api.ts';

export const named = (value: string) => ({ externalId: { source: 'shop', value } });
export const line = (sku: string, quantity: number, unitPrice: string, more: object = {}) => ({
  sku,
  title: `Thing ${sku}`,
  quantity,
  unitPrice,
  ...more,
});

/** Returns a workspace, and functions that write orders and their returns and read the result. */
export async function useReturns() {
  const shop = await (await useApi()).tenant('shop');
  await upsertCustomer(shop.db, { key: named('anybody') });

  // Each order has its own customer, so that the statistics cover this order alone.
  async function order(value: string, lines: object[], more: object = {}) {
    await upsertCustomer(shop.db, { key: named(value) });
    return upsertOrder(shop.db, {
      key: named(value),
      customer: named(value),
      placedAt: '2026-01-05T10:00:00Z',
      currencyCode: 'PLN',
      status: 'FULFILLED',
      paymentStatus: 'PAID',
      lines,
      ...more,
    });
  }

  const bring = (value: string, lines: object[], more: object = {}) =>
    recordReturn(shop.db, {
      key: named(`r-${value}`),
      order: named(value),
      occurredAt: '2026-01-20T10:00:00Z',
      status: 'RECEIVED',
      lines,
      ...more,
    });

  async function state(value: string) {
    const read = `query ($by: OrderKey!) { order(by: $by) { status amountReturned { amount } lines { nodes { returnedQuantity } }
      returns { nodes { refundAmount { amount } lines { nodes { total { amount } } } } }
      customer { statistics { amountSpent { amount } returnRate } } } }`;
    const { order } = await shop.data(read, { by: named(value) });
    const [statistics] = order.customer.statistics;
    return {
      status: order.status,
      returned: order.lines.nodes.map((each: { returnedQuantity: number }) => each.returnedQuantity),
      amountReturned: order.amountReturned.amount,
      refunds: order.returns.nodes.map((each: { refundAmount: { amount: string } }) => each.refundAmount.amount),
      spent: statistics.amountSpent.amount,
      returnRate: statistics.returnRate,
    };
  }

  return { shop, order, bring, state };
}
