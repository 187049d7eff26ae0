import { expect, it } from 'vitest';
import { openDatabase } from '../src/db/database.ts';
import { maskError } from '../src/graphql/errors.ts';
import { reportOf } from '../src/lib/process/faults.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';
import { canaries, writeCanaries } from './canaries.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const shop = await api.tenant('shop');
await writeCanaries(shop);

function post(secret: string, query: string, variables = {}, id = 'fault-1'): Request {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}`, 'x-request-id': id };
  return new Request('http://rapport.test/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
}

it('logs the request, place and kind of an error, but no values', async () => {
  const lines: string[] = [];
  const log = (...line: unknown[]) => lines.push(JSON.stringify(line));
  const { fetch } = createServer({ database: api.database, logger: { error: log, info: log } });
  const owner = (sql: string) => api.database.asOwner((pool) => pool.query(sql));
  const upsert = 'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }';
  const input = { key: { email: 'canary-email@example.com' }, note: 'canary-order-note', givenName: 'canary-given' };
  // An error that quotes the row: a check that no value satisfies.
  await owner('ALTER TABLE "Customer" ADD CONSTRAINT faulty CHECK ("note" <> \'canary-order-note\')');

  const answer = await fetch(post(shop.secret, upsert, { input }, 'fault-2'));
  const [error] = (await answer.json()).errors;
  await owner('ALTER TABLE "Customer" DROP CONSTRAINT faulty');

  const logged = lines.join('\n');
  expect(error).toMatchObject({
    message: expect.stringMatching(/^Internal error\./),
    extensions: { code: 'INTERNAL' },
  });
  expect(logged).toContain('"requestId":"fault-2"');
  expect(logged).toContain('"type":"DatabaseError"');
  expect(logged).toContain('"sqlState":"23514"');
  expect(logged).toContain('statements.ts');
  const leaked = [...Object.values(canaries).flat(), 'canary-given', shop.secret].filter((each) =>
    logged.includes(each),
  );
  expect(leaked).toEqual([]);
});

const lines: string[] = [];
const log = (line: unknown) => lines.push(JSON.stringify(line));
const logged = createServer({ database: api.database, logger: { error: log, info: () => undefined } });
const url = await useHttpServer(logged);
const transports = { fetch: logged.fetch, node: (request: Request) => fetch(new Request(url, request)) };

it.each(['fetch', 'node'] as const)('logs the request of an error before execution: by %s', async (transport) => {
  lines.length = 0;
  const owner = (sql: string) => api.database.asOwner((pool) => pool.query(sql));
  const request = post(shop.secret, '{ viewer { keyId } }', {}, `fault-${transport}`);
  await owner('ALTER FUNCTION rapport_api_key(text) RENAME TO rapport_gone');

  const answer = await transports[transport](request);
  await owner('ALTER FUNCTION rapport_gone(text) RENAME TO rapport_api_key');

  expect(answer.status).toBe(200);
  expect(lines).toEqual([expect.stringContaining(`"requestId":"fault-${transport}"`)]);
});

const upsertIt = 'mutation ($it: UpsertCustomerInput!) { upsertCustomer(input: $it) { outcome } }';
const key = { email: 'canary@example.com' };

it.each([
  ['an unknown field', upsertIt, { key, note: 'A "canary"; at "x"; it', nope: 1 }],
  ['an invalid enum value', upsertIt, { key, note: 'canary; it', register: 'CANARY; Canary' }],
  ['a number', 'query ($it: Int) { customers(first: $it) { nodes { id } } }', 'canary; Canary'],
  ['a string', 'query ($it: String) { customers(after: $it) { nodes { id } } }', { canary: 'Canary' }],
  ['a timestamp', 'query ($it: DateTime) { orders(where: { placedAt: { gte: $it } }) { nodes { id } } }', 'Canary'],
  ['a literal', '{ customers(first: "canary") { nodes { id } } }', null],
])('reports what is wrong with %s without its value', async (_what, query, it) => {
  const { message, extensions } = await shop.error(query, { it });

  expect(message).not.toMatch(/canary/i);
  expect(message).toMatch(/^(Variable "\$it" got invalid value( at "it\.\w+")?; \w|Int cannot represent)/);
  expect(extensions.code).toBe('INVALID_INPUT');
});

it.each([
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'UNAVAILABLE'],
  [Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }), 'UNAVAILABLE'],
  [new Error('connect ENOENT /run/postgresql'), 'UNAVAILABLE'],
  [Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }), 'INTERNAL'],
  [new Error('x'), 'INTERNAL'],
])('masks %s as %s', (fault, code) => {
  expect(maskError(fault, () => undefined).extensions.code).toBe(code);
});

it.each([
  [new TypeError('x is not a function'), { type: 'TypeError', message: 'x is not a function' }],
  [new SyntaxError('Unexpected token "canary"'), { type: 'SyntaxError' }],
  ['canary', { type: 'string' }],
])('reports %s without quoted values', (fault, report) => {
  const { stack, ...said } = reportOf(fault);

  expect(said).toEqual(report);
  expect(stack.join()).not.toContain('canary');
});

// The embedded database has only one session, so nothing can lock a row against it or cancel its statements.
if (!api.isEmbedded) {
  const database = await openDatabase({ databaseUrl: api.url, dataDir: '', statementTimeoutMs: 300 });
  const { fetch } = createServer({ database, logger: silent });
  const upsert =
    'mutation { upsertCustomer(input: { key: { email: "canary-email@example.com" }, note: "x" }) { outcome } }';

  it('returns UNAVAILABLE while a row stays locked, and recovers when it is free', async () => {
    const holder = await api.database.pool.connect();
    await holder.query("SELECT set_config('app.workspace_id', $1, false)", [shop.db.workspaceId]);
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM "Customer" FOR UPDATE');

    const waited = await (await fetch(post(shop.secret, upsert))).json();
    await holder.query('ROLLBACK');
    holder.release(true);
    const freed = await (await fetch(post(shop.secret, upsert))).json();

    expect(waited.errors[0].extensions.code).toBe('UNAVAILABLE');
    expect(freed.data.upsertCustomer.outcome).toBe('UPDATED');
  });

  it('returns UNAVAILABLE if a read takes too long', async () => {
    await api.database.asOwner((pool) =>
      pool.query(
        'CREATE OR REPLACE FUNCTION slow() RETURNS boolean LANGUAGE sql AS $$ SELECT true FROM pg_sleep(2) $$; GRANT EXECUTE ON FUNCTION slow() TO rapport_app; CREATE POLICY slow ON "Product" AS RESTRICTIVE USING (slow())',
      ),
    );
    await shop.db.product.create({
      data: {
        workspaceId: shop.db.workspaceId,
        id: crypto.randomUUID(),
        title: 'x',
        isActive: true,
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });

    const { errors } = await (await fetch(post(shop.secret, '{ products { nodes { title } } }'))).json();
    await api.database.asOwner((pool) => pool.query('DROP POLICY slow ON "Product"'));

    expect(errors[0].extensions.code).toBe('UNAVAILABLE');
  });

  it('returns UNAVAILABLE to waiting requests when sessions are terminated, and recovers', async () => {
    const codes = new Set<string>();
    let isOver = false;
    let n = 0;
    const write = async () => {
      while (!isOver) {
        n += 1;
        const input =
          n % 2
            ? 'upsertInteraction(input: { customer: { email: "canary-email@example.com" }, channel: EMAIL, direction: INBOUND, occurredAt: "2026-01-01T00:00:00Z" })'
            : `tagCustomer(input: { customer: { email: "canary-email@example.com" }, tag: "tag-${n}" })`;
        const { errors } = await (await fetch(post(shop.secret, `mutation { ${input} { outcome } }`))).json();
        if (errors) codes.add(errors[0].extensions.code);
      }
    };
    const writing = Promise.all([1, 2, 3, 4, 5, 6].map(write));
    for (let round = 0; round < 10; round++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await api.database.asOwner((pool) =>
        pool.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        ),
      );
    }
    isOver = true;
    await writing;

    const { data } = await (await fetch(post(shop.secret, '{ workspace { slug } }'))).json();
    expect([...codes]).toEqual(['UNAVAILABLE']);
    expect(data).toEqual({ workspace: { slug: 'shop' } });
  });
}
