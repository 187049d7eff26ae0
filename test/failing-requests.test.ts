import { expect, it } from 'vitest';
import { createServer } from '../src/server.ts';
import { silent, unlimited } from './api.ts';
import { useHttpServer } from './http-server.ts';
import { known, useKnownCustomer } from './known-customer.ts';

const { api, shop } = await useKnownCustomer();
const server = createServer({ database: api.database, logger: silent, limits: unlimited });

const url = await useHttpServer(server);

const post = async (query: string, variables: object = { by: known }) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.secret}` };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return { status: answer.status, ...(await answer.json()) };
};
const context = 'query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { identity { displayName } } }';
const statementsWith = (text: string) => api.statements.filter(({ sql }) => sql.includes(text)).length;

/** Removes something that a statement needs while `work` runs. */
async function without<T>(thing: string, work: () => Promise<T>): Promise<T> {
  const rename = (from: string, to: string) =>
    api.database.asOwner((pool) => pool.query(`ALTER ${thing.replace('%', from)} RENAME TO ${to}`));
  const [kind = ''] = thing.split(' ');
  const name = kind === 'TABLE' ? '"ContactPoint"' : 'rapport_api_key';
  await rename(name, 'gone');
  try {
    api.statements.length = 0;
    return await work();
  } finally {
    await rename('gone', name);
  }
}

it('runs and charges a cached query once if its statement fails, and reports the usual error', async () => {
  const before = [await post(context), await post(context)].map(({ extensions }) => extensions.cost);
  const failed = await without('TABLE %', () => post(context));
  const runs = statementsWith('"ContactPoint"');
  const after = (await post(context)).extensions.cost;

  expect(failed).toMatchObject({
    status: 200,
    data: { customerContext: null },
    errors: [{ path: ['customerContext'], extensions: { code: 'INTERNAL' } }],
    extensions: { cost: { requested: before[0].requested } },
  });
  expect(runs).toBe(1);
  const points = before[0].requested;
  expect(failed.extensions.cost.remaining).toBe(before[1].remaining - points);
  expect(after.remaining).toBe(failed.extensions.cost.remaining - points);
});

it('looks up a key only once if the lookup fails, and reports it', async () => {
  const failed = await without('FUNCTION %(text)', () => post('{ viewer { keyName } }', {}));

  expect(failed).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
  expect(statementsWith('rapport_api_key')).toBe(1);
});
