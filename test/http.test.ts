import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServerAdapter } from '@whatwg-node/server';
import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const authorization = `Bearer ${shop.secret}`;

let http: Server;
let url: string;
beforeAll(async () => {
  http = createHttpServer(createServerAdapter((request: Request) => api.fetch(request)));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
});
afterAll(() => new Promise((resolve) => http.close(resolve)));

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization, ...headers },
  });
}

const ask = (query: string, variables: object = {}) => post(JSON.stringify({ query, variables }));

describe('GraphQL over HTTP', () => {
  const audited: typeof fetch = (input, init) =>
    fetch(input, { ...init, headers: { authorization, ...(init?.headers as Record<string, string>) } });

  it.each(serverAudits({ url: () => url, fetchFn: audited }).map((audit) => [audit.name, audit] as const))(
    '%s',
    async (_name, audit) => {
      expect(await audit.fn()).toMatchObject({ status: 'ok' });
    },
  );
});

describe('hostile requests', () => {
  const name = '__typename';
  const nested = (levels: number) =>
    `{ customers { nodes { ${'orders { nodes { customer { '.repeat(levels)} id ${'} } }'.repeat(levels)} } } }`;

  it.each([
    ['that is deep', nested(8)],
    ['that is deep in a fragment', `query { ...A } fragment A on Query ${nested(8)}`],
    ['with many aliases', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: ${name}`).join(' ')} }`],
    [
      'with aliases in a fragment that is spread often',
      `{ ${'...A '.repeat(11)} } fragment A on Query { a: ${name} b: ${name} c: ${name} }`,
    ],
    ['with many directives', `{ ${name} ${'@skip(if: false) '.repeat(31)} }`],
    [
      'with directives in a fragment that is spread often',
      `{ ${'...A @skip(if: false) '.repeat(16)} } fragment A on Query { ${name} @skip(if: false) }`,
    ],
    [
      'with fragments that double thirty times',
      `{ ...F0 } ${Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { a: ${name} ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F30 on Query { b: ${name} }`,
    ],
    ['that repeats a field', `{ ${`${name} `.repeat(142)} }`],
    ['that repeats a field within a repeated one', `{ ${`customers { nodes { id } } `.repeat(100)} }`],
    [
      'that repeats a field in fragments',
      `{ ...A ...B } fragment A on Query { ${`${name} `.repeat(71)} } fragment B on Query { ${`${name} `.repeat(71)} }`,
    ],
    [
      'with fragments that branch fifteen times',
      `{ ...F0 } ${Array.from({ length: 15 }, (_, i) => `fragment F${i} on Query { a { ...F${i + 1} } b { ...F${i + 1} } c { ...F${i + 1} } }`).join(' ')} fragment F15 on Query { ${name} }`,
    ],
    ['with many fields', `{ ${`${name} `.repeat(5_000)} }`],
    ['nested five thousand times', `${'{ a '.repeat(5_000)}${'} '.repeat(5_000)}`],
    [
      'with many mutations',
      `mutation { ${Array.from({ length: 6 }, (_, i) => `m${i}: upsertCustomer(input: { key: { email: "a${i}@example.com" } }) { outcome }`).join(' ')} }`,
    ],
    ['with a costly literal', '{ customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } } }'],
    [
      'with a costly default',
      'query ($n: Int = 100) { customers(first: $n) { nodes { orders(last: $n) { nodes { id } } } } }',
    ],
    [
      'with a costly fragment',
      '{ ...A } fragment A on Query { customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } } }',
    ],
  ])('rejects a document %s', async (_what, query) => {
    const answer = await ask(query);

    expect(answer.status).toBe(400);
    expect((await answer.json()).errors[0].extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect(await shop.db.customer.count()).toBe(0);
  });

  it('accepts a document that repeats a field up to the limit', async () => {
    expect(await (await ask(`{ ${`${name} `.repeat(100)} }`)).json()).toMatchObject({ data: { [name]: 'Query' } });
  });

  it('reports at most twenty errors of a document', async () => {
    const { errors } = await (await ask(`{ ${Array.from({ length: 100 }, (_, i) => `wrong${i}`).join(' ')} }`)).json();

    expect(errors.length).toBeLessThanOrEqual(21);
    expect(errors.length).toBeGreaterThanOrEqual(20);
  });

  it('rejects a list that is too long before reading its elements', async () => {
    const lines = Array.from({ length: 5_001 }, () => 'not a line');
    const input = { key: { externalId: { source: 'shop', value: '1' } }, lines };
    const answer = await ask('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
      input,
    });

    expect((await answer.json()).errors).toEqual([
      expect.objectContaining({
        message: 'Must have at most 5000 items.',
        extensions: { code: 'INVALID_INPUT', field: ['lines'] },
      }),
    ]);
  });

  it('rejects a query that variables make too expensive, and reports its cost', async () => {
    const query = 'query ($n: Int!) { customers(first: $n) { nodes { orders(first: $n) { nodes { id } } } } }';

    const [dear, cheap] = [await ask(query, { n: 100 }), await ask(query, { n: 10 })];

    expect(dear.status).toBe(400);
    expect(await dear.json()).toMatchObject({
      errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }],
      extensions: { cost: { requested: 10_100, limit: 10_000 } },
    });
    expect(await cheap.json()).toMatchObject({ extensions: { cost: { requested: 110, limit: 10_000 } } });
  });

  it.each([
    ['a body of twelve megabytes', 'x'.repeat(12_000_000), {}, 413],
    [
      'JSON a hundred thousand levels deep',
      `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      {},
      400,
    ],
    ['invalid JSON', 'query', {}, 400],
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]', {}, 400],
    ['a form', 'query=mutation', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    [
      'plain text, which a page can send without a preflight',
      '{"query":"{ __typename }"}',
      { 'content-type': 'text/plain' },
      415,
    ],
    ['another charset', '{"query":"{ __typename }"}', { 'content-type': 'application/json; charset=utf-16' }, 415],
    [
      'a fragment that spreads itself',
      JSON.stringify({ query: '{ ...A } fragment A on Query { ...A }' }),
      { accept: 'application/graphql-response+json' },
      400,
    ],
  ])('rejects %s with a code', async (_what, body, headers, status) => {
    const started = performance.now();
    const answer = await post(body, headers);

    expect(answer.status).toBe(status);
    expect((await answer.json()).errors[0].extensions.code).toBe('INVALID_INPUT');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each(['variables=x', 'variables=[]', 'extensions=x', `variables=${'['.repeat(5_000)}${']'.repeat(5_000)}`])(
    'rejects GET with %s',
    async (parameter) => {
      const answer = await fetch(`${url}?query={__typename}&${parameter}`, { headers: { authorization } });

      expect(answer.status).toBe(400);
      expect((await answer.json()).errors[0].extensions.code).toBe('INVALID_INPUT');
    },
  );

  const nestedList = `${'['.repeat(1_900)}${']'.repeat(1_900)}`;
  const nestedWhere = `${'{AND:['.repeat(45)}${']}'.repeat(45)}`;
  it.each([
    ['a comment of a hundred thousand letters', `#${'a'.repeat(100_000)}\n{ __typename }`, 'QUERY_TOO_COMPLEX'],
    [
      'a literal two thousand levels deep',
      `mutation { upsertInteraction(input: { metadata: ${nestedList} }) { outcome } }`,
      'QUERY_TOO_COMPLEX',
    ],
    ['a filter forty-five levels deep', `{ customers(where: ${nestedWhere}) { nodes { id } } }`, 'QUERY_TOO_COMPLEX'],
    ['more than a hundred IDs', `{ nodes(ids: [${'"a" '.repeat(101)}]) { id } }`, 'INVALID_INPUT'],
  ])('rejects %s', async (_what, query, code) => {
    const answer = await (await ask(query)).json();

    expect(answer.errors[0].extensions.code).toBe(code);
    expect(api.faults).toEqual([]);
  });

  it('accepts a filter of twenty levels', async () => {
    const where = `${'{AND:['.repeat(18)}${']}'.repeat(18)}`;

    expect((await (await ask(`{ customers(where: ${where}) { nodes { id } } }`)).json()).errors).toBeUndefined();
  });

  it('rejects a long body without a length header, without reading all of it', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } };

    const answer = await api.fetch(new Request('http://rapport.test/graphql', init));

    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(1_300_000);
  });

  it('accepts names of prototype properties as plain names', async () => {
    const query = 'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }';
    const body = `{"query":${JSON.stringify(query)},"variables":{"__proto__":{"input":1},"input":{"constructor":1,"key":{"email":"a@example.com"}}}}`;

    const answer = await post(body);

    expect((await answer.json()).errors[0].extensions.code).toBe('INVALID_INPUT');
    expect(({} as Record<string, unknown>).input).toBeUndefined();
  });

  it('still responds afterwards', async () => {
    expect(await (await ask('{ __typename }')).json()).toMatchObject({ data: { __typename: 'Query' } });
  });
});

it('allows a full introspection query', async () => {
  const answer = await (await ask(getIntrospectionQuery())).json();

  expect(answer.errors).toBeUndefined();
});

it('sets headers against caching, framing and sniffing, and returns the request ID', async () => {
  const given = await post('{"query":"{ __typename }"}', { 'x-request-id': 'order-42' });
  const odd = await post('{"query":"{ __typename }"}', { 'x-request-id': 'a b'.repeat(100) });

  expect(Object.fromEntries(given.headers)).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-request-id': 'order-42',
  });
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

it('rejects mutations by GET', async () => {
  const query = encodeURIComponent(
    'mutation { upsertCustomer(input: { key: { email: "a@example.com" } }) { outcome } }',
  );

  const answer = await fetch(`${url}?query=${query}`, { headers: { authorization } });

  expect(answer.status).toBe(405);
  expect(await shop.db.customer.count()).toBe(0);
});

describe('pages from other origins', () => {
  const { fetch: open } = createServer({
    database: api.database,
    logger: silent,
    corsOrigins: ['https://app.example', 'https://shop.example'],
  });
  const preflight = (origin: string) =>
    new Request('http://rapport.test/graphql', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  it.each<[string, Record<string, string>, string]>([
    ['another origin', { origin: 'https://evil.example' }, 'RAPPORT_CORS_ORIGINS'],
    ['an origin with another port', { origin: 'https://app.example:8443' }, 'RAPPORT_CORS_ORIGINS'],
    ['an opaque origin', { origin: 'null' }, 'RAPPORT_CORS_ORIGINS'],
    ['another header', { 'access-control-request-headers': 'authorization, x-tracing' }, 'Authorization, Content-Type'],
    ['another method', { 'access-control-request-method': 'DELETE' }, 'GET and POST'],
  ])('get a reason why a preflight fails for %s', async (_what, headers, hint) => {
    const request = preflight('https://app.example');
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);

    const answer = await open(request);

    expect(answer.status).toBe(403);
    const [error] = (await answer.json()).errors;
    expect(error).toMatchObject({ message: expect.stringContaining(hint), extensions: { code: 'FORBIDDEN' } });
    expect(JSON.stringify(error)).not.toMatch(/evil|8443|x-tracing|DELETE/);
  });

  it('can request headers in any case', async () => {
    const request = preflight('https://app.example');
    request.headers.set('access-control-request-headers', 'Content-Type,AUTHORIZATION , idempotency-key,');

    expect((await open(request)).status).toBe(204);
  });

  it('may call the API if they are listed, without cookies', async () => {
    const { status, headers } = await open(preflight('https://app.example'));

    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([
    ['an error', '{"query":"{ __typename }"}', 'application/json', 401],
    ['a response to invalid JSON', 'query', 'application/json', 400],
    ['a response to a form', 'query=x', 'application/x-www-form-urlencoded', 415],
    ['a response to a long body', 'x'.repeat(1_100_000), 'application/json', 413],
  ])('can read %s', async (_what, body, type, status) => {
    const headers = { origin: 'https://app.example', 'content-type': type };

    const answer = await open(new Request('http://rapport.test/graphql', { method: 'POST', body, headers }));

    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  it.each(['https://evil.example', 'https://app.example.evil.example', 'null'])(
    'may not call from %s',
    async (origin) => {
      const answers = await Promise.all([open(preflight(origin)), api.fetch(preflight(origin))]);

      for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

describe('a request without a valid key', () => {
  it.each([
    ['no header', undefined, 'This request has no API key.'],
    ['an empty header', ' ', 'This request has no API key.'],
    ['another scheme', 'Basic YTpi', 'must begin with `Bearer`'],
    ['a key without a scheme', 'rapport_000000000000_x', 'must begin with `Bearer`'],
    ['an empty key', 'Bearer ', 'no key after `Bearer`'],
    ['two keys', 'Bearer a b', 'a single key, without spaces'],
    ['a malformed key', 'Bearer secret', 'This key is unknown, expired or revoked.'],
    ['an unknown key', 'bearer rapport_000000000000_x', 'This key is unknown, expired or revoked.'],
  ])('with %s gets an error that explains what to send', async (_what, authorization, problem) => {
    const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
    const body = '{"query":"{ viewer { keyName } }"}';

    const answer = await api.fetch(new Request('http://rapport.test/graphql', { method: 'POST', headers, body }));

    expect(answer.status).toBe(401);
    const [{ message, extensions }] = (await answer.json()).errors;
    expect(extensions.code).toBe('UNAUTHENTICATED');
    expect(message).toContain(problem);
    expect(message).toContain(
      'Send `Authorization: Bearer <key>`. Create a key with: npm run -s rapport -- keys create',
    );
  });
});

describe('numbers with more digits than JSON numbers preserve', () => {
  const query = 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }';
  const input = (metadata: string) =>
    `{"key":{"externalId":{"source":"x","value":"1"}},"channel":"EMAIL","direction":"INBOUND","occurredAt":"2026-01-01T00:00:00Z","customer":{"email":"a@example.com"},"metadata":${metadata}}`;
  const bodyOf = (metadata: string) => `{"query":${JSON.stringify(query)},"variables":{"input":${input(metadata)}}}`;

  it.each(['9007199254740993', '0.1234567890123456789', '1e400', '-1e400', '12345678901234.5678'])(
    'are rejected in a variable, with their path (%s)',
    async (number) => {
      const answer = await post(bodyOf(`{"a":[{"b":${number}}]}`));

      const { message, extensions } = (await answer.json()).errors[0];
      expect([answer.status, extensions]).toEqual([400, { code: 'INVALID_INPUT', field: ['metadata', 'a', 0, 'b'] }]);
      expect(message).toContain('Send it as text');
      expect(JSON.stringify(message)).not.toContain(number);
    },
  );

  it('are rejected in the variables of a GET request', async () => {
    const params = new URLSearchParams({ query: '{ __typename }', variables: '{"n":{"a":9007199254740993}}' });
    const answer = await fetch(`${url}?${params}`, { headers: { authorization } });

    expect([answer.status, (await answer.json()).errors[0].extensions]).toEqual([
      400,
      { code: 'INVALID_INPUT', field: ['a'] },
    ]);
  });

  it.each(['9007199254740993', '1e400', '0.1234567890123456789'])('are rejected in a document (%s)', async (number) => {
    const literal = `mutation { upsertInteraction(input: { customer: { email: "a@example.com" }, channel: EMAIL,
      direction: INBOUND, occurredAt: "2026-01-01T00:00:00Z", metadata: { a: ${number} } }) { outcome } }`;
    const { errors } = await (await ask(literal)).json();

    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('Send it as text'),
      extensions: { code: 'INVALID_INPUT' },
    });
  });

  it('are preserved as strings, and other numbers stay numbers', async () => {
    const metadata = '{"a":9007199254740992,"b":0.1,"c":"9007199254740993","d":-1.5e-7}';
    await shop.data('mutation { upsertCustomer(input: { key: { email: "a@example.com" } }) { outcome } }');

    expect((await (await post(bodyOf(metadata))).json()).errors).toBeUndefined();
    const { interactions } = await shop.data('{ interactions { nodes { metadata } } }');
    expect(interactions.nodes).toEqual([{ metadata: JSON.parse(metadata) }]);
    await shop.db.interaction.deleteMany();
    await shop.db.customer.deleteMany();
  });
});

describe('the schema', () => {
  const development = createServer({ database: api.database, logger: silent, forDevelopment: true });
  const send = async (fetch: typeof api.fetch, query: string, headers: Record<string, string> = {}) => {
    const init = {
      method: 'POST',
      body: JSON.stringify({ query }),
      headers: { 'content-type': 'application/json', ...headers },
    };
    return (await fetch(new Request('http://rapport.test/graphql', init))).json();
  };

  it('is available without a key only in development', async () => {
    const [open, closed, known] = await Promise.all([
      send(development.fetch, getIntrospectionQuery()),
      send(api.fetch, getIntrospectionQuery()),
      send(api.fetch, getIntrospectionQuery(), { authorization }),
    ]);

    expect(open.data.__schema.queryType.name).toBe('Query');
    expect(closed).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(known.data).toEqual(open.data);
  });

  it.each([
    '{ __schema { queryType { name } } customers { nodes { id } } }',
    '{ __schema { queryType { name } } ...A } fragment A on Query { customers { nodes { id } } }',
    'mutation { __schema { queryType { name } } }',
    'subscription { __schema { queryType { name } } }',
    '{ __schema { nothing } }',
    `{ __schema { types ${'{ fields { type '.repeat(6)} { name } ${'} }'.repeat(6)} } }`,
    '{ __schema',
  ])('is all that requests without a key can read: %s', async (query) => {
    const { data, errors } = await send(development.fetch, query);

    expect(data ?? null).toBeNull();
    expect(['UNAUTHENTICATED', 'INVALID_INPUT']).toContain(errors[0].extensions.code);
  });

  it('is not revealed by suggestions for wrong names, except in development', async () => {
    const query = '{ custmers { nodes { id } } }';

    const [shy, helpful] = await Promise.all([
      send(api.fetch, query, { authorization }),
      send(development.fetch, query, { authorization }),
    ]);

    expect(JSON.stringify(shy)).not.toContain('Did you mean');
    expect(JSON.stringify(helpful)).toContain('Did you mean');
  });
});
