import { createHash } from 'node:crypto';
import * as ops from '@rapport/sdk/ops';
import { describe, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const server = createServer({ database: api.database, logger: silent });

const url = await useHttpServer(server);

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (sha256Hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash } });

type Body = { query?: string | null; variables?: object; extensions?: object; operationName?: string };
type Send = (body: Body, secret?: string) => Promise<{ status: number; data?: unknown; errors?: Refused[] }>;
type Refused = { message: string; extensions: { code: string; field?: unknown } };

const headersOf = (secret: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${secret}` });
const requestOf = (method: string, body: Body, secret: string) => {
  if (method === 'POST') return new Request(url, { method, headers: headersOf(secret), body: JSON.stringify(body) });
  const given = Object.entries(body).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new Request(`${url}?${new URLSearchParams(given)}`, { headers: headersOf(secret) });
};
const sender =
  (method: string, fetch: (request: Request) => Promise<Response>): Send =>
  async (body, secret = shop.secret) => {
    const answer = await fetch(requestOf(method, body, secret));
    return { status: answer.status, ...(await answer.json()) };
  };
const post = sender('POST', (request) => fetch(request));
const ways: [string, Send][] = [
  ['by POST through node:http', post],
  ['by GET through node:http', sender('GET', (request) => fetch(request))],
  ['by POST through fetch', sender('POST', server.fetch)],
  ['by GET through fetch', sender('GET', server.fetch)],
];

describe.each(ways)('a document by hash, %s', (way, send) => {
  const query = `query ($n: Int) { customers(first: $n) { nodes { id } } } # ${way}`;

  it('is requested, then run with its hash, then run by hash alone', async () => {
    const extensions = persisted(hashOf(query));
    const variables = { n: 1 };

    const [unknown, first, later] = [
      await send({ variables, extensions }),
      await send({ query, variables, extensions }),
      await send({ variables, extensions }),
    ];

    expect(unknown).toMatchObject({
      status: 200,
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect([first, later]).toMatchObject([1, 2].map(() => ({ status: 200, data: { customers: { nodes: [] } } })));
  });

  it('is found if the server publishes it', async () => {
    const answer = await send({ extensions: persisted(hashOf(String(ops.Viewer)).toUpperCase()) });

    expect(answer).toMatchObject({ status: 200, data: { viewer: { keyName: 'test' } } });
  });

  it.each([
    ['of another text', persisted(hashOf('another')), ['extensions', 'persistedQuery', 'sha256Hash']],
    ['that is invalid', persisted('x'), ['extensions', 'persistedQuery', 'sha256Hash']],
    ['that is missing', persisted(undefined), ['extensions', 'persistedQuery', 'sha256Hash']],
    ['of another version', persisted(hashOf(query), 2), ['extensions', 'persistedQuery', 'version']],
  ])('is rejected with a hash %s', async (_what, extensions, field) => {
    const { data, errors } = await send({ query, extensions });

    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
  });
});

it('is requested with status 200, even for the newer response type', async () => {
  const headers = { ...headersOf(shop.secret), accept: 'application/graphql-response+json,application/json;q=0.9' };
  const body = JSON.stringify({ query: null, extensions: persisted(hashOf('{ __typename } # newer')) });

  const answer = await fetch(url, { method: 'POST', headers, body });

  expect([answer.status, (await answer.json()).errors[0].message]).toEqual([200, 'PersistedQueryNotFound']);
});

it('does not store a document that did not run', async () => {
  const wrong = '{ nothing }';
  const stranger = '{ viewer { kind } }';
  await post({ query: wrong, extensions: persisted(hashOf(wrong)) });
  const unauthenticated = await post({ query: stranger, extensions: persisted(hashOf(stranger)) }, 'rapport_nothing');

  const answers = [
    await post({ extensions: persisted(hashOf(wrong)) }),
    await post({ extensions: persisted(hashOf(stranger)) }),
  ];

  expect(unauthenticated.status).toBe(401);
  for (const { errors } of answers) expect(errors?.[0]?.message).toBe('PersistedQueryNotFound');
});

it('rejects mutations by GET', async () => {
  const query = 'mutation { upsertCustomer(input: { key: { email: "a@example.com" } }) { outcome } }';
  const extensions = persisted(hashOf(query));
  const { status } = await post({ query, extensions });
  await shop.db.customer.deleteMany();

  const answer = await fetch(requestOf('GET', { extensions }, shop.secret));

  expect([status, answer.status]).toEqual([200, 405]);
  expect(await shop.db.customer.count()).toBe(0);
});

it('evicts the least recently used text when there are too many', async () => {
  const padded = (i: number) => `{ viewer { kind } } #${String(i).padEnd(49_900, 'x')}`;
  const run = (i: number) => post({ query: padded(i), extensions: persisted(hashOf(padded(i))) });
  const isKept = async (i: number) => !(await post({ extensions: persisted(hashOf(padded(i))) })).errors;
  await run(0);
  await run(1);
  for (let i = 2; i < 41; i++) {
    await run(i);
    await isKept(0);
  }

  expect([await isKept(0), await isKept(1), await isKept(40)]).toEqual([true, false, true]);
});

it('does not let a key run a document that only another key may send', async () => {
  const trusting = createServer({ database: api.database, logger: silent, onlyTrustedDocuments: true });
  const send = sender('POST', trusting.fetch);
  const { secret: free } = await createApiKey(shop.db, { name: 'desk', scopes: ['documents:free', 'customers:read'] });
  const { secret: narrow } = await createApiKey(shop.db, { name: 'app' });
  const query = '{ viewer { keyName } }';
  const extensions = persisted(hashOf(query));

  const [first, own, other] = [
    await send({ query, extensions }, free),
    await send({ extensions }, free),
    await send({ extensions }, narrow),
  ];

  expect([first.data, own.data]).toEqual([{ viewer: { keyName: 'desk' } }, { viewer: { keyName: 'desk' } }]);
  expect(other.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
