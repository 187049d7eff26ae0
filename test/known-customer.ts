import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { schema } from '../src/schema.ts';
import { unlimited, useApi } from './api.ts';
import { writeCanaries, writeOneOfEverything } from './dataset.ts';
import { wholeOf } from './foreign-values.ts';

const root = schema.getQueryType()?.getFields().customerContext;
if (!root) throw new Error('There is no customerContext.');

export const contextType = root.type;

/** A selection of all that a context has. */
export const everything = wholeOf(contextType);

export const known = { email: 'marker-of-a@example.com' };

/** The API over a workspace with one of everything, all of it of the customer `known`. */
export async function useKnownCustomer() {
  const api = await useApi({ limits: unlimited });
  const shop = await api.tenant('shop');
  await writeOneOfEverything(shop);
  await writeCanaries(shop);

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

/** An answer but for what the clock makes different from one moment to the next. */
export function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each === 'string' && /^20\d\d-\d\d-\d\dT/.test(each) ? 'an instant' : each,
  );
}
