import { request } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { createApiKey, revokeApiKey } from '../src/access/api-keys.ts';
import { encodeId } from '../src/lib/ids.ts';
import { createServer } from '../src/server.ts';
import { silent, useApi } from './api.ts';
import { writeCanaries, writeOneOfEverything } from './dataset.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const server = createServer({ database: api.database, logger: silent, corsOrigins: ['https://app.example'] });
let [quickly, directly] = [0, 0];
const quick: typeof server.quick = async (request) => {
  const answer = await server.quick(request);
  if (answer) quickly += 1;
  return answer;
};
const direct: typeof server.direct = async (request) => {
  const answer = await server.direct(request);
  directly += 1;
  return answer;
};

const url = await useHttpServer({ ...server, quick, direct });
beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
});

const query = `query Whole($by: CustomerKey!, $n: Int) { customerContext(by: $by, purpose: SUPPORT) {
  identity { displayName } history { orders(first: $n) { number note } } } }`;
const known = { email: 'marker-of-a@example.com' };

type Sent = { secret?: string; body?: object | string; headers?: Record<string, string> };

function requestOf({ secret = shop.secret, body = { query, variables: { by: known } }, headers = {} }: Sent): Request {
  const always = { 'content-type': 'application/json', authorization: `Bearer ${secret}`, 'x-request-id': 'one' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request(url, { method: 'POST', body: text, headers: { ...always, ...headers } });
}

// Ignores headers that change over time or depend on the connection.
async function answerOf(answer: Response) {
  const {
    date: _,
    'content-length': _length,
    'transfer-encoding': _encoding,
    ...said
  } = Object.fromEntries(answer.headers);
  const text = (await answer.text())
    .replace(/"remaining":\d+,"resetAt":"[^"]+"/, '"left"')
    .replace(/"retryAfterMs":\d+/, '"later"');
  return { status: answer.status, said, text };
}

async function send(sent: Sent) {
  const before = { quickly, directly };
  const answer = await answerOf(await fetch(requestOf(sent)));
  return { ...answer, isQuick: quickly > before.quickly, isDirect: directly > before.directly };
}

// Passes a request directly to the same server and returns the response.
const asUsual = async (sent: Sent) => answerOf(await server.fetch(requestOf(sent)));

it('uses the fast path from the second request on, with the same response', async () => {
  const [first, second, usual] = [await send({}), await send({}), await asUsual({})];

  expect([first.isQuick, second.isQuick]).toEqual([false, true]);
  expect(second).toMatchObject(usual);
  expect(second.text).toContain('"number":"MARKER-OF-A"');
  const { connection: _, 'keep-alive': _alive, ...said } = second.said;
  expect(said).toEqual(usual.said);
});

it.each<[string, Sent, isQuick: boolean]>([
  ['another customer', { body: { query, variables: { by: { email: 'canary-email@example.com' }, n: 3 } } }, true],
  ['an unknown customer', { body: { query, variables: { by: { email: 'nobody@example.com' } } } }, true],
  ['a page of an allowed origin', { headers: { origin: 'https://app.example' } }, true],
  ['a page of another origin', { headers: { origin: 'https://evil.example' } }, true],
  ['an invalid email', { body: { query, variables: { by: { email: 'no' } } } }, false],
  ['variables of a wrong type', { body: { query, variables: { by: 7 } } }, false],
  ['variables that are not an object', { body: { query, variables: [1] } }, false],
  ['too long a list', { body: { query, variables: { by: known, n: 101 } } }, true],
  ['another purpose', { headers: { 'x-rapport-purpose': 'MARKETING' } }, false],
  ['an empty purpose', { headers: { 'x-rapport-purpose': '' } }, false],
  ['variables that are a string', { body: { query, variables: 'by' } }, false],
  ['an empty string as variables', { body: { query, variables: '' } }, false],
  ['a name that is a list', { body: { query, operationName: ['Whole'], variables: { by: known } } }, false],
  ['an ID next to a text', { body: { query, documentId: 'sha256:0', variables: { by: known } } }, false],
  ['no key', { secret: 'rapport_nothing' }, false],
  ['an operation by a wrong name', { body: { query, operationName: 'Other', variables: { by: known } } }, false],
  ['invalid JSON', { body: '{' }, false],
  ['a list of requests', { body: [{ query }] }, false],
  [
    'JSON that is too deep',
    { body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(50)}${']'.repeat(50)}}}` },
    false,
  ],
  [
    'a number with too many digits',
    { body: `{"query":${JSON.stringify(query)},"variables":{"n":9007199254740993}}` },
    false,
  ],
  ['an unknown hash', { body: { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } } }, false],
  [
    'a hash of another text',
    { body: { query, extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } } },
    false,
  ],
  ['an unknown document', { body: { query: '{ viewer { keyName } }' } }, false],
  ['another charset', { headers: { 'content-type': 'application/json; charset=latin1' } }, false],
  ['another response type', { headers: { accept: 'application/graphql-response+json' } }, false],
  ['a long body', { body: { query, variables: { by: known }, extensions: { padding: 'x'.repeat(1_100_000) } } }, false],
])('answers %s like the regular path', async (_what, sent, isQuick) => {
  await send({});
  const [answer, usual] = [await send(sent), await asUsual(sent)];

  expect(answer.isQuick).toBe(isQuick);
  expect([answer.status, answer.text]).toEqual([usual.status, usual.text]);
  expect(answer.said).toMatchObject(usual.said);
});

const tag = `mutation Tag($input: TagCustomerInput!) { tagCustomer(input: $input) { outcome customer { id note } } }`;
const tagged = (input: object) => ({ query: tag, variables: { input } });

it.each<[string, Sent]>([
  ['a write', { body: tagged({ customer: known, tag: 'again' }) }],
  ['a body with a byte order mark', { body: `\ufeff${JSON.stringify(tagged({ customer: known, tag: 'again' }))}` }],
  ['a write with an empty idempotency key', { body: tagged({}), headers: { 'idempotency-key': '' } }],
  ['a read for an empty purpose', { body: { query: '{ viewer { keyName } }' }, headers: { 'x-rapport-purpose': '' } }],
  ['a write that fails', { body: tagged({ customer: { email: 'nobody@example.com' }, tag: 'x' }) }],
  ['a write of the wrong type', { body: tagged({ customer: known }) }],
  ['a list', { body: { query: '{ orders(first: 1) { totalCount nodes { id number note } } }' } }],
  ['a part that fails', { body: { query: '{ viewer { keyName } order(by: { id: "no" }) { id } }' } }],
  ['a query that costs too much', { body: { query: '{ a: customers(first: 10000) { nodes { id } } }' } }],
  ['too deep a document', { body: { query: `{ ${'a{'.repeat(45)} b ${'}'.repeat(45)} }` } }],
  ['an unknown field', { body: { query: '{ nothing }' } }],
  ['an invalid document', { body: { query: '{' } }],
  ['no document', { body: { variables: {} } }],
  ['an unknown parameter', { body: { query: '{ __typename }', more: 1 } }],
  ['a subscription', { body: { query: 'subscription { nothing }' } }],
  ['a page of an allowed origin', { body: tagged({}), headers: { origin: 'https://app.example' } }],
])('answers %s on the direct path like the regular path', async (_what, sent) => {
  await send(sent);
  const [answer, usual] = [await send(sent), await asUsual(sent)];

  expect(answer.isDirect).toBe(true);
  expect([answer.status, answer.text]).toEqual([usual.status, usual.text]);
  expect(answer.said).toMatchObject(usual.said);
});

it.each(['a b', '[', 'a/b:c', 'user:password@host'])('rejects a request with an invalid host (%j)', async (host) => {
  const { hostname, port } = new URL(url);
  for (const path of ['/graphql', '/graphql?slow']) {
    const status = await new Promise((resolve, reject) => {
      const options = { hostname, port, path, method: 'POST', headers: { host, 'content-type': 'application/json' } };
      request(options, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end('{');
    });

    expect(status).toBe(400);
  }
});

it('writes nothing for a just revoked key, even if it wrote before', async () => {
  const { id, secret } = await createApiKey(shop.db, { name: 'writer', scopes: ['customers:read', 'customers:write'] });
  const write = (name: string) => send({ secret, body: tagged({ customer: known, tag: name }) });
  const before = [await write('by-a-key'), await write('by-a-key-still')];
  await revokeApiKey(shop.db, { id: encodeId('ApiKey', id) });

  const after = await write('by-a-key-that-is-over');

  expect(before.map(({ status }) => status)).toEqual([200, 200]);
  expect(after.status).toBe(401);
  expect(JSON.parse(after.text)).toEqual({
    errors: [expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })],
  });
  expect(await shop.db.customerTag.count({ where: { tag: 'by-a-key-that-is-over' } })).toBe(0);
});

it('rejects a body that is not UTF-8', async () => {
  const body = Buffer.concat([
    Buffer.from('{"query":"{ __typename }","variables":{"a":"'),
    Buffer.of(0xff),
    Buffer.from('"}}'),
  ]);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.secret}` };

  const answer = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers });

  expect([answer.status, (await answer.json()).errors[0].message]).toEqual([
    400,
    'The request body is not valid UTF-8.',
  ]);
});

it('uses the regular path if variables add to a cached query', async () => {
  const query = `query ($by: CustomerKey!, $more: Boolean!) {
    customerContext(by: $by, purpose: SUPPORT) { customerId } viewer @include(if: $more) { keyName } }`;
  const body = (more: boolean) => ({ query, variables: { by: known, more } });
  await send({ body: body(false) });

  const [bare, more] = [await send({ body: body(false) }), await send({ body: body(true) })];

  expect([bare.isQuick, more.isQuick]).toEqual([true, false]);
  expect(more.text).toContain('"viewer":{"keyName":"test"}');
});

it('shows each key only its own permitted data', async () => {
  const { secret } = await createApiKey(shop.db, { name: 'narrow', scopes: ['customers:read', 'orders:read'] });
  await send({});

  const [narrow, again, full] = [await send({ secret }), await send({ secret }), await send({})];

  expect([narrow.isQuick, again.isQuick]).toEqual([true, true]);
  expect(narrow.text).toBe((await asUsual({ secret })).text);
  expect(narrow.text).toContain('"note":"***"');
  expect(full.text).not.toContain('"note":"***"');
});

it('rejects a revoked key from the next request on', async () => {
  const { id, secret } = await createApiKey(shop.db, { name: 'revoked', scopes: ['customers:read', 'orders:read'] });
  await send({ secret });
  const before = await send({ secret });
  await revokeApiKey(shop.db, { id: encodeId('ApiKey', id) });

  expect([before.status, before.isQuick]).toEqual([200, true]);
  expect((await send({ secret })).status).toBe(401);
});

it('records access to personal data and charges points', async () => {
  await send({});
  await server.flush();
  const count = () => shop.db.auditEvent.count({ where: { action: 'READ', requestId: 'quick' } });

  const { isQuick } = await send({ headers: { 'x-request-id': 'quick' } });
  await server.flush();

  expect(isQuick).toBe(true);
  expect(await count()).toBe(1);
});
