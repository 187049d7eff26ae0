import { type Attempt, createClient, type Document, type Fetch, RapportError } from '@rapport/sdk';
import { createApi } from '@rapport/sdk/api';
import { UpsertCustomer } from '@rapport/sdk/ops';
import { isNonNullType } from 'graphql';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createServer } from '../src/server/create-server.ts';
import { schema } from '../src/server/schema.ts';
import { silent, useApi } from './api.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const fetch: Fetch = (url, init) => api.fetch(new Request(url, init));
const options = { url: 'http://rapport.test/graphql', token: shop.secret, fetch };
const client = createClient(options);

const server = createServer({ database: api.database, logger: silent });
const url = await useHttpServer(server);

const tag = (name: string, email: string) =>
  `${name}: tagCustomer(input: { customer: { email: "${email}" }, tag: "${name}" }) { outcome customer { tags } }`;
const upsert = (name: string, email: string) =>
  `${name}: upsertCustomer(input: { key: { email: "${email}" } }) { outcome customer { displayName } }`;

type Outcome = { outcome: string };
const document = (text: string) => text as Document<Record<string, Outcome>, Record<string, never>>;

async function failureOf(promise: Promise<unknown>): Promise<RapportError> {
  const failure = await promise.catch((error: unknown) => error);
  if (!(failure instanceof RapportError)) throw new Error(`Expected a RapportError, got: ${failure}`);
  return failure;
}

describe('several mutations in one request', () => {
  it('are each nullable in the schema', () => {
    const fields = Object.values(schema.getMutationType()?.getFields() ?? {});

    expect(fields.length).toBeGreaterThan(20);
    expect(fields.filter(({ type }) => isNonNullType(type))).toEqual([]);
  });

  it('return the data of those that succeeded, and null with an error for each that failed', async () => {
    const text = `mutation { ${upsert('a', 'a@example.com')} ${tag('b', 'nobody@example.com')}
      ${upsert('c', 'not an address')} ${upsert('d', 'd@example.com')} }`;

    const { data, errors = [] } = await shop.send(text);

    expect(data).toEqual({
      a: { outcome: 'CREATED', customer: { displayName: expect.any(String) } },
      b: null,
      c: null,
      d: { outcome: 'CREATED', customer: { displayName: expect.any(String) } },
    });
    expect(errors.map(({ path, extensions: { code } }) => [path, code])).toEqual([
      [['b'], 'NOT_FOUND'],
      [['c'], 'INVALID_INPUT'],
    ]);
    expect(await shop.db.customer.count()).toBe(2);
  });

  it('return the same over every transport', async () => {
    const query = `mutation { ${upsert('a', 'a@example.com')} ${tag('b', 'nobody@example.com')} }`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.secret}` };
    const overHttp = await globalThis.fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });

    const { data, errors } = await overHttp.json();

    const known = await shop.send(query);
    expect([data, errors]).toEqual([known.data, known.errors]);
    expect(data).toMatchObject({ a: { outcome: 'NOOP' }, b: null });
  });

  it('are all null if all fail, each with its error', async () => {
    const { data, errors = [] } = await shop.send(
      `mutation { ${tag('a', 'nobody@example.com')} ${tag('b', 'nobody@example.com')} }`,
    );

    expect(data).toEqual({ a: null, b: null });
    expect(errors.map(({ path }) => path)).toEqual([['a'], ['b']]);
  });

  it('are retried with one idempotency key: written ones return the same result, failed ones run again', async () => {
    const text = `mutation { ${upsert('late', 'late@example.com')} ${tag('tagged', 'later@example.com')} }`;
    const headers = { 'idempotency-key': 'several-1' };

    const first = await shop.send(text, {}, { headers });
    await shop.data(`mutation { ${upsert('x', 'later@example.com')} }`);
    const again = await shop.send(text, {}, { headers });

    expect(first.data).toMatchObject({ late: { outcome: 'CREATED' }, tagged: null });
    expect(again.data).toMatchObject({ late: { outcome: 'CREATED' }, tagged: { outcome: 'UPDATED' } });
    expect(again.errors).toBeUndefined();
  });

  it('are all rejected if the key may not see the result of one, and none is written', async () => {
    const { secret } = await shop
      .data(
        'mutation { createApiKey(input: { name: "writer", scopes: ["customers:write", "customers:read"] }) { secret } }',
      )
      .then(({ createApiKey }) => createApiKey);
    const before = await shop.db.customer.count();
    const text = `mutation { ${upsert('a', 'unseen@example.com')}
      b: tagCustomer(input: { customer: { email: "unseen@example.com" }, tag: "b" }) { customer { orders { totalCount } } } }`;

    const { data, errors = [] } = await api.sendAs(secret, text);

    expect(data).toBeNull();
    expect(errors.map(({ extensions: { code } }) => code)).toEqual(['FORBIDDEN']);
    expect(await shop.db.customer.count()).toBe(before);
  });
});

describe('the client', () => {
  const text = document(
    `mutation Two { ${upsert('first', 'first@example.com')} ${tag('second', 'nobody@example.com')} }`,
  );

  it('rejects with the data of those that succeeded, and all errors', async () => {
    const failure = await failureOf(client.request(text));

    expect(failure).toMatchObject({ code: 'NOT_FOUND', path: ['second'], operation: 'Two', status: 200, attempts: 1 });
    expect(failure.data).toMatchObject({ first: { outcome: 'CREATED' }, second: null });
    expect(failure.errors).toEqual([
      expect.objectContaining({
        message: failure.message,
        code: 'NOT_FOUND',
        path: ['second'],
        field: ['customer'],
      }),
    ]);
  });

  it('keeps the data out of logs, but not the errors', async () => {
    const failure = await failureOf(client.request(text));
    const { inspect } = await import('node:util');

    expect(JSON.stringify(failure)).not.toContain('displayName');
    expect(inspect(failure, { depth: 9 })).not.toContain('displayName');
    expect(JSON.parse(JSON.stringify(failure)).errors).toMatchObject([{ code: 'NOT_FOUND', path: ['second'] }]);
  });

  it('returns the data of a query that failed partly', async () => {
    const query = `query Parts { workspace { slug } customer(by: { email: "not an address" }) { id } }`;

    const failure = await failureOf(client.request(document(query)));

    expect(failure).toMatchObject({ code: 'INVALID_INPUT', path: ['customer'] });
    expect(failure.data).toEqual({ workspace: { slug: 'shop' }, customer: null });
  });

  it('returns no data if everything failed', async () => {
    const failure = await failureOf(client.request(document('{ workspace { nothing } }')));

    expect(failure.data).toBeNull();
    expect(failure.errors).toHaveLength(1);
  });

  it('resolves to written objects, which are never null', async () => {
    const { upsertCustomer } = await client.request(UpsertCustomer, { input: { key: { email: 'one@example.com' } } });

    expect(upsertCustomer.outcome).toBe('CREATED');
    expectTypeOf(upsertCustomer).not.toBeNullable();
  });

  it('reports the conflicting object of every conflict', async () => {
    const taken = document(`mutation {
      a: upsertCustomer(input: { key: { email: "one@example.com" }, expectedVersion: 7 }) { outcome }
      b: addContactPoint(input: { customer: { email: "a@example.com" }, kind: EMAIL, value: "one@example.com" }) { outcome } }`);

    const { errors } = await failureOf(client.request(taken));

    expect(errors).toMatchObject([
      { path: ['a'], code: 'CONFLICT', field: ['expectedVersion'], currentVersion: 1 },
      { path: ['b'], code: 'CONFLICT', conflictingId: expect.stringMatching(/^customer_/) },
    ]);
  });
});

it('returns the same data and errors from `.safe`', async () => {
  const result = await createApi(options).customers.tag.safe({ customer: { email: 'nobody@example.com' }, tag: 'x' });

  expect(result).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND', data: { tagCustomer: null }, errors: [{ path: ['tagCustomer'] }] },
  });
});

it('reports the cost of a request, to the client and to the request', async () => {
  const attempts: Attempt[] = [];
  const own: Attempt[] = [];
  const costing = createClient({ ...options, onAttempt: (attempt) => attempts.push(attempt) });

  await costing.request(
    document('{ customers(first: 100) { nodes { id } } }'),
    {},
    { onAttempt: (each) => own.push(each) },
  );
  await failureOf(costing.request(document('{ workspace { nothing } }')));

  const cost = {
    requested: 100,
    actual: await shop.db.customer.count(),
    limit: 10_000,
    remaining: expect.any(Number),
    resetAt: expect.any(String),
  };
  expect(attempts.map(({ cost }) => cost)).toEqual([cost, null]);
  expect(own).toEqual(attempts.slice(0, 1));
});
