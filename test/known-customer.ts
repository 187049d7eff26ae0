import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { type Tenant, unlimited, useApi } from './api.ts';
import { writeCanaries } from './canaries.ts';
import { writeOneOfEverything } from './dataset.ts';

export const known = { email: 'marker-of-a@example.com' };

/** Key of a customer with five orders of three lines and nothing else. */
export const busy = { email: 'busy@example.com' };

/** Starts the API with a workspace that has one of everything for the customer `known`, and the customer `busy`. */
export async function useKnownCustomer() {
  const api = await useApi({ limits: unlimited });
  const shop = await api.tenant('shop');
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
  await writeBusy(shop);

  const ask = (selection: string, args = 'purpose: SUPPORT') =>
    `query ($by: CustomerKey!) { customerContext(by: $by, ${args}) ${selection} }`;

  async function context(selection: string, args?: string, by: object = known) {
    return (await shop.data(ask(selection, args), { by })).customerContext;
  }

  async function keyWithout(...scopes: string[]): Promise<string> {
    const left = allScopes.filter((scope) => !scopes.includes(scope));
    return (await createApiKey(shop.db, { name: 'narrow', scopes: left })).secret;
  }

  return { api, shop, ask, context, keyWithout };
}

/** Replaces the timestamps of an answer, which differ from one request to the next. */
export function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each === 'string' && /^20\d\d-\d\d-\d\dT/.test(each) ? 'an instant' : each,
  );
}

async function writeBusy(shop: Tenant): Promise<void> {
  await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: busy });
  for (const month of [1, 2, 3, 4, 5])
    await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
      input: {
        key: { externalId: { source: 'busy', value: `${month}` } },
        customer: busy,
        placedAt: `2026-0${month}-01T00:00:00Z`,
        currencyCode: 'PLN',
        lines: ['Lamp', 'Bulb', 'Shade'].map((title) => ({ title, quantity: 1, unitPrice: '1' })),
      },
    });
}
