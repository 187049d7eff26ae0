import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/server/create-server.ts';
import { silent } from './api.ts';
import { useApiOverHttp } from './over-http.ts';

const { api, shop, authorization, url, post, ask } = await useApiOverHttp();

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
