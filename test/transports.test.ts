import { request } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';
import { writeCanaries } from './canaries.ts';
import { writeOneOfEverything } from './dataset.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const server = createServer({ database: api.database, logger: silent, corsOrigins: ['https://app.example'] });
const url = await useHttpServer(server);

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

const overNode = async (sent: Sent) => answerOf(await fetch(requestOf(sent)));
const overFetch = async (sent: Sent) => answerOf(await server.fetch(requestOf(sent)));

it('returns the same for a document that was sent before', async () => {
  const [first, second, third] = [await overNode({}), await overNode({}), await overFetch({})];

  expect(second).toEqual(first);
  expect(second).toMatchObject(third);
  expect(second.text).toContain('"number":"MARKER-OF-A"');
  const { connection: _, 'keep-alive': _alive, ...said } = second.said;
  expect(said).toEqual(third.said);
});

const tag = `mutation Tag($input: TagCustomerInput!) { tagCustomer(input: $input) { outcome customer { id note } } }`;
const tagged = (input: object) => ({ query: tag, variables: { input } });

it.each<[string, Sent]>([
  ['another customer', { body: { query, variables: { by: { email: 'canary-email@example.com' }, n: 3 } } }],
  ['an unknown customer', { body: { query, variables: { by: { email: 'nobody@example.com' } } } }],
  ['a page of an allowed origin', { headers: { origin: 'https://app.example' } }],
  ['a page of another origin', { headers: { origin: 'https://evil.example' } }],
  ['an invalid email', { body: { query, variables: { by: { email: 'no' } } } }],
  ['variables of a wrong type', { body: { query, variables: { by: 7 } } }],
  ['variables that are not an object', { body: { query, variables: [1] } }],
  ['too long a list', { body: { query, variables: { by: known, n: 101 } } }],
  ['another purpose', { headers: { 'x-rapport-purpose': 'MARKETING' } }],
  ['an empty purpose', { headers: { 'x-rapport-purpose': '' } }],
  ['variables that are a string', { body: { query, variables: 'by' } }],
  ['an empty string as variables', { body: { query, variables: '' } }],
  ['a name that is a list', { body: { query, operationName: ['Whole'], variables: { by: known } } }],
  ['an ID next to a text', { body: { query, documentId: 'sha256:0', variables: { by: known } } }],
  ['no key', { secret: 'rapport_nothing' }],
  ['an operation by a wrong name', { body: { query, operationName: 'Other', variables: { by: known } } }],
  ['invalid JSON', { body: '{' }],
  ['a list of requests', { body: [{ query }] }],
  [
    'JSON that is too deep',
    { body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(50)}${']'.repeat(50)}}}` },
  ],
  ['a number with too many digits', { body: `{"query":${JSON.stringify(query)},"variables":{"n":9007199254740993}}` }],
  ['an unknown hash', { body: { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } } }],
  [
    'a hash of another text',
    { body: { query, extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } } },
  ],
  ['an unknown document', { body: { query: '{ viewer { keyName } }' } }],
  ['another charset', { headers: { 'content-type': 'application/json; charset=latin1' } }],
  ['another response type', { headers: { accept: 'application/graphql-response+json' } }],
  ['a long body', { body: { query, variables: { by: known }, extensions: { padding: 'x'.repeat(1_100_000) } } }],
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
])('answers %s over both transports alike', async (_what, sent) => {
  await overNode(sent);
  const [node, web] = [await overNode(sent), await overFetch(sent)];

  expect([node.status, node.text]).toEqual([web.status, web.text]);
  expect(node.said).toMatchObject(web.said);
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

it('adds fields to a compiled query if variables include them', async () => {
  const query = `query ($by: CustomerKey!, $more: Boolean!) {
    customerContext(by: $by, purpose: SUPPORT) { customerId } viewer @include(if: $more) { keyName } }`;
  const body = (more: boolean) => ({ query, variables: { by: known, more } });

  const [bare, more] = [await overNode({ body: body(false) }), await overNode({ body: body(true) })];

  expect(bare.text).not.toContain('viewer');
  expect(more.text).toContain('"viewer":{"keyName":"test"}');
});

it('shows each key only its own permitted data', async () => {
  const { secret } = await createApiKey(shop.db, { name: 'narrow', scopes: ['customers:read', 'orders:read'] });
  await overNode({});

  const [narrow, again, full] = [await overNode({ secret }), await overFetch({ secret }), await overNode({})];

  expect(narrow.text).toBe(again.text);
  expect(narrow.text).toContain('"note":"***"');
  expect(full.text).not.toContain('"note":"***"');
});

it.each([
  ['node:http', overNode],
  ['fetch', overFetch],
])('records access to personal data once per request, over %s', async (way, over) => {
  const requestId = `read-${way.replace(':', '-')}`;
  await over({ headers: { 'x-request-id': requestId } });
  await server.flush();

  expect(await shop.db.auditEvent.count({ where: { action: 'READ', requestId } })).toBe(1);
});
