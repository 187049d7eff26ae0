import type { Tenant } from './api.ts';

export const upsert = `mutation ($input: UpsertOrderInput!) {
  upsertOrder(input: $input) {
    outcome
    order { id status paymentStatus total { amount currencyCode } amountPaid { amount } lines { nodes { id title quantity total { amount } } } }
  }
}`;

export const named = (value: string) => ({ externalId: { source: 'shop', value } });
export const lamp = { product: named('lamp'), quantity: 2, unitPrice: '10.50' };

/** Returns an order of Ada, who buys a lamp. */
export function order(value: string, rest: object = {}) {
  return {
    key: named(value),
    customer: { email: 'ada@example.com' },
    placedAt: '2026-01-01T10:00:00+01:00',
    currencyCode: 'GBP',
    paymentStatus: 'PAID',
    lines: [lamp],
    ...rest,
  };
}

/** Creates Ada and the lamp. Returns a function that writes an order through the API. */
export async function useOrders(shop: Tenant) {
  await shop.data('mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) { outcome } }');
  await shop.data(
    'mutation ($key: ProductKey!) { upsertProduct(input: { key: $key, title: "Lamp", category: "home" }) { outcome } }',
    {
      key: named('lamp'),
    },
  );
  return {
    async write(input: object) {
      return (await shop.data(upsert, { input })).upsertOrder;
    },
  };
}
