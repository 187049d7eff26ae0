import { createClient, type Document, type RequestOptions } from '@rapport/sdk';
import { createApi } from '@rapport/sdk/api';
import { UpsertCustomer, Workspace } from '@rapport/sdk/ops';
import { parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { clientOf, email, failureOf, write } from './client-of.ts';
import { MisbehavingServer, refuse, well } from './misbehaving.ts';

const server = await MisbehavingServer.start();
afterAll(() => server.stop());

/** Returns an input whose metadata contains the value. */
const holding = (value: unknown) => ({ input: { ...write.input, metadata: { [email]: 'kept', value } } }) as never;
const circular: Record<string, unknown> = {};
circular.self = circular;
const thrower = {
  toJSON() {
    throw new Error(email);
  },
};

/** Expects one immediate failure before anything is sent, with an error that does not reveal the input. */
async function expectRefusal(promise: Promise<unknown>, expected: object = {}) {
  const started = performance.now();

  const failure = await failureOf(promise);

  expect(failure).toMatchObject({ code: 'INVALID_INPUT', attempts: 1, errors: [], data: null, ...expected });
  expect(failure.status).toBeUndefined();
  expect(server.seen).toEqual([]);
  expect(performance.now() - started).toBeLessThan(400);
  expect(`${failure} ${JSON.stringify(failure)} ${failure.cause}`).not.toMatch(/anna|secret/i);
  return failure;
}

describe('rejects a variable that JSON cannot represent exactly', () => {
  it.each([
    ['a BigInt', 9007199254740993n, 'BigInt'],
    ['a number beyond 2^53', 9007199254740992, 'Number'],
    ['NaN', Number.NaN, 'Number'],
    ['infinity', Number.POSITIVE_INFINITY, 'Number'],
    ['an invalid date', new Date('no date'), 'Date'],
    ['a Map', new Map([[email, 1]]), 'Map'],
    ['a Set', new Set([email]), 'Set'],
    ['a promise', Promise.resolve(email), 'Promise'],
    ['bytes', new Uint8Array([1, 2]), 'Uint8Array'],
    ['an error', new Error(email), 'Error'],
    ['a regular expression', /secret/, 'RegExp'],
    ['a function', () => email, 'Function'],
    ['a symbol', Symbol('secret'), 'Symbol'],
  ])('%s', async (_what, value, type) => {
    server.will(well);

    const failure = await expectRefusal(clientOf(server).client.request(UpsertCustomer, holding(value)), {
      field: ['metadata', 'value'],
    });
    expect(failure.message).toContain(`(${type})`);
  });

  it('an array element that is undefined', async () => {
    server.will(well);

    await expectRefusal(clientOf(server).client.request(UpsertCustomer, holding(['kept', undefined])), {
      field: ['metadata', 'value', 1],
    });
  });

  it.each([
    ['a cycle', circular],
    ['a value whose `toJSON` throws', thrower],
  ])('%s', async (_what, value) => {
    server.will(well);

    await expectRefusal(clientOf(server).client.request(UpsertCustomer, holding(value)));
  });

  it('and sends all others', async () => {
    server.will(well);
    class Point {
      x = 1;
      y = -0.5;
      #z = 2;
      get z() {
        return this.#z;
      }
    }
    const shared = { same: true };
    const value = [
      ...[new Date(0), new Point(), Object.create(null), { left: undefined, none: null }, Number.MAX_SAFE_INTEGER],
      ...[{ toJSON: () => '1.50' }, shared, shared, new URL('https://example.com/'), 'ł', true],
    ];

    await clientOf(server).client.request(UpsertCustomer, holding(value));

    expect(JSON.parse(server.seen[0]?.body ?? '').variables).toEqual(JSON.parse(JSON.stringify(holding(value))));
  });

  it.each([500, 1_000, 5_000, 50_000])('or leaves that to the API if it is nested %i levels deep', async (levels) => {
    server.will(refuse(200, 'INVALID_INPUT'));
    let deep: unknown = 'secret';
    for (let level = 0; level < levels; level++) deep = [deep];

    expect(await failureOf(clientOf(server).client.request(UpsertCustomer, holding(deep)))).toMatchObject({
      code: 'INVALID_INPUT',
      attempts: 1,
    });
  });
});

describe('rejects an option that cannot be sent', () => {
  it.each([
    ['outside Latin-1', 'zamówienie-ł-secret'],
    ['with a line break', 'secret\nx'],
    ['with a null character', 'secret\0'],
    ['with a delete character', 'secret\x7f'],
    ['of another type', { secret: 1 }],
  ])('an idempotency key %s', async (_what, idempotencyKey) => {
    server.will(well);
    const options = { idempotencyKey } as RequestOptions;

    const failure = await expectRefusal(clientOf(server).client.request(UpsertCustomer, write, options));
    expect(failure.message).toContain('`idempotencyKey`');
  });

  it('and sends an idempotency key in Latin-1, or its own if none is given', async () => {
    server.will(well);
    const { client } = clientOf(server);
    await client.request(UpsertCustomer, write, { idempotencyKey: 'Bestellung für Müller' });
    await client.request(UpsertCustomer, write, { idempotencyKey: null } as never);

    const [given, made] = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(given).toBe('Bestellung für Müller');
    expect(made).toMatch(/^[\w-]{36}$/);
  });

  it.each([
    ['without a protocol', '127.0.0.1:4000/graphql'],
    ['of a host without a protocol', 'localhost:4000/graphql'],
    ['that is a path, outside a web page', '/graphql'],
    ['with a protocol other than HTTP', 'ftp://example.com/graphql'],
    ['in a file', 'file:///graphql'],
    ['with a port that does not exist', 'http://127.0.0.1:99999/graphql'],
    ['with a password', 'https://anna:secret@example.com/graphql'],
    ['that is empty', ''],
    ['that is not set', undefined],
  ])('a URL %s', async (_what, url) => {
    server.will(well);

    const failure = await expectRefusal(clientOf(server, { url: url as string }).client.request(Workspace));
    expect(failure.message).toContain('`url`');
  });

  it.each([
    ['a token', { token: 'secret\nx' }, '`token`'],
    ['a token', { token: async () => 'secret-ł' }, '`token`'],
    ['a purpose', { purpose: 'SECRET ł' as never }, '`purpose`'],
    ['a timeout', { timeoutMs: -1 }, '`timeoutMs`'],
    ['a timeout', { timeoutMs: 0 }, '`timeoutMs`'],
    ['a timeout', { timeoutMs: Number.NaN }, '`timeoutMs`'],
    ['a retry limit', { maxRetries: -1 }, '`maxRetries`'],
    ['a retry limit', { maxRetries: Number.NaN }, '`maxRetries`'],
    ['a `documents` function that rejects', { documents: () => Promise.reject(new Error(email)) }, '`documents`'],
    ['a `documents` function that throws', { documents: () => expect.unreachable(email) as never }, '`documents`'],
  ])('%s: %j', async (_what, options, named) => {
    server.will(well);

    const failure = await expectRefusal(clientOf(server, options).client.request(Workspace));
    expect(failure.message).toContain(named);
  });

  it('a controller instead of its signal', async () => {
    server.will(well);
    const signal = new AbortController() as never;

    await expectRefusal(clientOf(server).client.request(Workspace, {}, { signal }));
  });

  it('and sends a token that ends with a line break', async () => {
    server.will(well);
    await clientOf(server, { token: 'key\n' }).client.request(Workspace);

    expect(server.seen[0]?.headers.authorization).toBe('Bearer key');
  });
});

describe('rejects documents that are not an operation', () => {
  const tree = parse('{ workspace { slug } }', { noLocation: true });
  const print = () => {
    throw new Error(email);
  };
  it.each([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['a number', 7, {}],
    ['an object', {}, {}],
    ['an object without a prototype', Object.create(null), {}],
    ['an empty string', '', {}],
    ['a syntax tree without `print`', tree, {}],
    ['a syntax tree for which `print` throws', tree, { print }],
    ['a syntax tree for which `print` returns nothing', tree, { print: () => undefined as never }],
  ])('%s', async (_what, document, options) => {
    server.will(well);
    const { client } = clientOf(server, options);

    await expectRefusal(client.request(document as Document<unknown, Record<string, never>>));
  });
});

describe('a token', () => {
  it.each([
    ['that throws', () => expect.unreachable(email) as never],
    ['that returns nothing', () => undefined as never],
    ['that returns an object', async () => ({}) as never],
  ])('%s fails with UNAUTHENTICATED, and nothing is sent', async (_what, token) => {
    server.will(well);

    await expectRefusal(clientOf(server, { token }).client.request(Workspace), { code: 'UNAUTHENTICATED' });
  });
});

it('asks for no token if the signal is already aborted', async () => {
  server.will(well);
  let asked = 0;
  const token = () => {
    asked += 1;
    return 'any';
  };
  const { client } = clientOf(server, { token });

  await expectRefusal(client.request(Workspace, {}, { signal: AbortSignal.abort() }), { code: 'ABORTED' });
  expect(asked).toBe(0);
});

it('spends no retry on what it rejects itself', async () => {
  server.will(refuse(503, 'UNAVAILABLE'), well);
  const { client, attempts } = clientOf(server);
  for (let i = 0; i < 20; i++) await failureOf(client.request(UpsertCustomer, holding(1n)));

  expect(await client.request(Workspace)).toMatchObject({ workspace: { slug: 'shop' } });
  expect(attempts.filter(({ retryInMs }) => retryInMs !== null)).toHaveLength(1);
});

describe('`.safe` never throws', () => {
  const crm = createApi({ url: '127.0.0.1:4000/graphql', token: 'any' });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  it.each([
    ['variables', () => crm.customers.upsert.safe(circular as never)],
    ['unreadable variables', () => crm.customers.upsert.safe(proxy as never)],
    ['no variables', () => crm.customers.upsert.safe(undefined as never)],
    ['null for options', () => crm.workspace.get.safe(null as never)],
    ['a string for options', () => crm.workspace.get.safe('options' as never)],
    ['options that throw', () => crm.workspace.get.safe(proxy as never)],
    ['a URL without a protocol', () => crm.workspace.get.safe()],
  ])('for invalid input: %s', async (_what, call) => {
    expect(await call()).toMatchObject({ ok: false, error: { name: 'RapportError', code: 'INVALID_INPUT' } });
  });

  it('when the platform lacks an API', async () => {
    const { randomUUID } = crypto;
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true, writable: true });
    const result = await createApi({ url: server.url, token: 'any' }).workspace.get.safe();
    Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true, writable: true });

    expect(result).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
  });
});

it('accepts a path as the URL in a web page', async () => {
  const { location } = globalThis;
  // As in a browser, where `Request` resolves a path against the URL of the page.
  const Platform = globalThis.Request;
  globalThis.Request = class extends Platform {
    constructor(path: string) {
      super(new URL(path, 'https://shop.example.com/desk'));
    }
  } as typeof Request;
  const sent: string[] = [];
  const fetch = async (url: string) => {
    sent.push(url);
    return new Response('{"data":{"workspace":{}}}');
  };

  await createClient({ url: '/graphql', token: 'any', fetch }).request(Workspace);
  const failure = await failureOf(createClient({ url: 'graphql', token: 'any', fetch }).request(Workspace));
  globalThis.Request = Platform;

  expect(location).toBeUndefined();
  expect(sent).toEqual(['/graphql']);
  expect(failure.code).toBe('INVALID_INPUT');
});
