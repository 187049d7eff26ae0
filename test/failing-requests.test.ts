import { expect, it } from 'vitest';
import { openDatabase } from '../src/db/database.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent, unlimited } from './api.ts';
import { startEachTestWithinOneMinute } from './database-minute.ts';
import { useHttpServer } from './http-server.ts';
import { known, useKnownCustomer } from './known-customer.ts';

const { api, shop } = await useKnownCustomer();
const server = createServer({ database: api.database, logger: silent, limits: unlimited });
const url = await useHttpServer(server);
startEachTestWithinOneMinute();

type Send = (request: Request) => Promise<Response>;
const transports: [string, Send][] = [
  ['node:http', (request) => fetch(request)],
  ['fetch', server.fetch],
];
const queries: [string, string][] = [
  [
    'customerContext',
    'customerContext(by: $by, purpose: SUPPORT) { identity { displayName } history { orders { id } } }',
  ],
  ['customer', 'customer(by: $by) { displayName orders { nodes { id } } }'],
];
const cases = transports.flatMap(([way, send]) =>
  queries.map(([field, selection]) => ({ way, send, field, selection })),
);

async function post(send: Send, query: string, variables: object = { by: known }, to = url) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.secret}` };
  const body = JSON.stringify({ query, variables });
  const answer = await send(new Request(to, { method: 'POST', headers, body }));
  return { status: answer.status, ...(await answer.json()) };
}

const queryOf = (selection: string) => `query ($by: CustomerKey!) { ${selection} }`;
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

it.each(cases)('runs and charges $field once over $way if its statement fails', async ({ send, field, selection }) => {
  const query = queryOf(selection);
  const before = [await post(send, query), await post(send, query)].map(({ extensions }) => extensions.cost);
  const failed = await without('TABLE %', () => post(send, query));
  const [runs, lookUps] = [statementsWith('ContactPoint'), statementsWith('rapport_api_key')];
  const after = (await post(send, query)).extensions.cost;

  expect(failed).toMatchObject({
    status: 200,
    data: { [field]: null },
    errors: [{ path: [field], extensions: { code: 'INTERNAL' } }],
    extensions: { cost: { requested: before[0].requested, actual: before[0].requested } },
  });
  expect(runs).toBe(1);
  expect(lookUps).toBeLessThanOrEqual(1);
  expect(before[0].actual).toBeLessThan(before[0].requested);
  expect(failed.extensions.cost.remaining).toBe(before[1].remaining - before[0].requested);
  expect(after.remaining).toBe(failed.extensions.cost.remaining - after.actual);
});

it.each(transports)('looks up a key only once if the lookup fails, and reports it, over %s', async (_way, send) => {
  const failed = await without('FUNCTION %(text)', () => post(send, '{ viewer { keyName } }', {}));

  expect(failed).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
  expect(statementsWith('rapport_api_key')).toBe(1);
});

it('reports the fault of a write and that of the look-up after it', async () => {
  const reported: unknown[] = [];
  const logger = { ...silent, error: (...line: unknown[]) => reported.push(line) };
  const { fetch: send } = createServer({ database: api.database, logger, limits: unlimited });
  const owner = (sql: string) => api.database.asOwner((pool) => pool.query(sql));
  const write = (note: string) =>
    post(send, 'mutation ($i: UpsertCustomerInput!) { upsertCustomer(input: $i) { outcome } }', {
      i: { key: known, note },
    });
  await write('any');
  await owner('ALTER TABLE "Customer" ADD CONSTRAINT faulty CHECK ("note" <> \'faulty\')');

  const failed = await without('FUNCTION %(text)', () => write('faulty'));
  await owner('ALTER TABLE "Customer" DROP CONSTRAINT faulty');

  expect(failed.data).toBeUndefined();
  expect(failed.errors).toMatchObject([
    { extensions: { code: 'INTERNAL' } },
    { path: ['upsertCustomer'], extensions: { code: 'INTERNAL' } },
  ]);
  expect(reported).toHaveLength(2);
});

// The embedded database has only one session, so nothing can cancel its statements.
if (!api.isEmbedded) {
  const database = await openDatabase({ databaseUrl: api.url, dataDir: '', statementTimeoutMs: 300 });
  const impatient = createServer({ database, logger: silent, limits: unlimited });
  const impatientUrl = await useHttpServer(impatient);
  const owner = (sql: string) => api.database.asOwner((pool) => pool.query(sql));
  const runs = async () => Number((await owner('SELECT last_value FROM runs')).rows[0].last_value);

  it.each(cases)('runs and charges $field once over $way if it times out', async ({ way, field, selection }) => {
    const send: Send = way === 'fetch' ? impatient.fetch : (request) => fetch(request);
    const query = queryOf(selection);
    const [before] = [await post(send, query, undefined, impatientUrl)];
    // A sequence counts even the runs that are rolled back.
    await owner(`CREATE SEQUENCE runs MINVALUE 0; SELECT nextval('runs'); GRANT USAGE ON runs TO rapport_app;
      CREATE FUNCTION slow() RETURNS boolean LANGUAGE sql
        AS $$ SELECT nextval('runs') > 0 AND pg_sleep(2)::text IS NOT NULL $$; GRANT EXECUTE ON FUNCTION slow() TO rapport_app;
      CREATE POLICY slow ON "ContactPoint" AS RESTRICTIVE USING (slow())`);

    const failed = await post(send, query, undefined, impatientUrl);
    const counted = await runs();
    await owner('DROP POLICY slow ON "ContactPoint"; DROP FUNCTION slow(); DROP SEQUENCE runs');

    expect(failed).toMatchObject({ data: { [field]: null }, errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
    expect(counted).toBe(1);
    const { requested, remaining } = before.extensions.cost;
    expect(failed.extensions.cost).toMatchObject({ actual: requested, remaining: remaining - requested });
  });
}
