import { RapportError } from '@rapport/sdk';
import { UpsertCustomer, Workspace } from '@rapport/sdk/ops';
import { afterAll, describe, expect, it } from 'vitest';
import { clientOf, failureOf, write } from './client-of.ts';
import { brokenOff, MisbehavingServer, refuse, reset, silence, slowBody, text, well } from './misbehaving.ts';

const server = await MisbehavingServer.start();
afterAll(() => server.stop());

describe('a deadline', () => {
  it.each([
    ['no response', silence],
    ['a slow body', slowBody],
  ])('ends %s', async (_what, behaviour) => {
    server.will(behaviour);
    const started = performance.now();

    const failure = await failureOf(clientOf(server, { timeoutMs: 200 }).client.request(Workspace));

    expect(failure).toMatchObject({ code: 'TIMEOUT', operation: 'Workspace', attempts: 1 });
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('covers all attempts together', async () => {
    server.will(text(503, 'busy'), silence);

    const failure = await failureOf(clientOf(server, { timeoutMs: 600 }).client.request(Workspace));

    expect(failure).toMatchObject({ code: 'TIMEOUT', attempts: 2 });
  });

  it('ends a `fetch` that ignores its signal', async () => {
    const deaf = { fetch: () => new Promise<never>(() => undefined), timeoutMs: 50 };

    expect(await failureOf(clientOf(server, deaf).client.request(Workspace))).toMatchObject({ code: 'TIMEOUT' });
  });

  it('reports the last failure if it ends between two attempts, and stops', async () => {
    server.will(text(503, 'busy', { 'retry-after': '4' }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 500);
    const { client, attempts } = clientOf(server);

    const failure = await failureOf(client.request(Workspace, {}, { signal: controller.signal }));

    expect(failure).toMatchObject({
      code: 'ABORTED',
      status: 503,
      attempts: 1,
      message: expect.stringContaining('503'),
    });
    expect(attempts).toHaveLength(1);
  });

  it.each([0, 300])('yields to the caller’s signal after %i ms', async (ms) => {
    server.will(silence);
    const controller = new AbortController();
    if (ms === 0) controller.abort();
    else setTimeout(() => controller.abort(), ms);

    const failure = await failureOf(clientOf(server).client.request(Workspace, {}, { signal: controller.signal }));

    expect(failure).toMatchObject({ code: 'ABORTED' });
  });
});

describe('retries', () => {
  it.each([
    ['a connection that was reset', reset],
    ['a truncated response', brokenOff],
    ['a gateway page with 502', text(502, '<html>Bad gateway</html>')],
    ['a busy server with 503', text(503, 'busy')],
    ['a gateway timeout with 504', text(504, '')],
    ['408', text(408, '')],
    ['425', text(425, '')],
    ['429', refuse(429, 'RATE_LIMITED')],
    ['a rate limit under any status', refuse(200, 'RATE_LIMITED')],
    ['a database that cannot be reached', refuse(200, 'UNAVAILABLE')],
  ])('after %s', async (_what, behaviour) => {
    server.will(behaviour, behaviour, well);
    const { client, attempts } = clientOf(server);

    expect(await client.request(Workspace)).toMatchObject({ workspace: { slug: 'shop' } });
    expect(attempts.map(({ code }) => code === null)).toEqual([false, false, true]);
    expect(attempts.at(0)?.retryInMs).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['an operation of the package', UpsertCustomer],
    [
      'one that begins with a comment',
      '# See also the query Customer.\n{ }\nmutation Mine { x }' as typeof UpsertCustomer,
    ],
    ['one that begins with a fragment', 'fragment F on Query { x } mutation Mine { x }' as typeof UpsertCustomer],
  ])('a write with the same idempotency key, and the next write with a new one (%s)', async (_what, document) => {
    const names = [];
    for (const _ of [1, 2]) {
      server.will(reset, text(503, ''), well);
      await clientOf(server).client.request(document, write);
      names.push(server.seen.map(({ headers }) => headers['idempotency-key']));
    }

    expect(new Set(names[0]).size).toBe(1);
    expect(names[0]?.[0]).toMatch(/^[\w-]{36}$/);
    expect(names[1]?.[0]).not.toBe(names[0]?.[0]);
  });

  it('and reports a network error without the input', async () => {
    server.will(reset);
    const { message: broken } = await failureOf(clientOf(server, { maxRetries: 0 }).client.request(Workspace));
    const thrown = { fetch: () => Promise.reject('no route'), maxRetries: 0 };
    const { message: odd } = await failureOf(clientOf(server, thrown).client.request(Workspace));

    expect(broken).toMatch(/^No response from the API \((UND_ERR_SOCKET|ECONNRESET)\)\.$/);
    expect(odd).toBe('No response from the API (undefined).');
  });

  it('with the idempotency key of the caller', async () => {
    server.will(well);
    await clientOf(server).client.request(UpsertCustomer, write, { idempotencyKey: 'order-7' });

    expect(server.seen[0]?.headers['idempotency-key']).toBe('order-7');
  });

  it.each([
    ['seconds', { 'retry-after': '1' }],
    ['a date', { date: 'Tue, 24 Nov 2026 10:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 10:00:01 GMT' }],
    [
      'a date from a wrong clock',
      { date: 'Thu, 01 Jan 2015 10:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2015 10:00:01 GMT' },
    ],
  ])('when `Retry-After` says so, in %s', async (_what, headers) => {
    server.will(text(429, 'slowly', headers), well);
    const { client, attempts } = clientOf(server);
    const started = performance.now();

    await client.request(Workspace);

    expect(attempts[0]?.retryInMs).toBe(1_000);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it('when the error itself says so', async () => {
    server.will(refuse(200, 'CONFLICT', { retryAfterMs: 40 }), well);
    const { client, attempts } = clientOf(server);

    await client.request(Workspace);

    expect(attempts[0]?.retryInMs).toBe(40);
  });

  it('when any of several errors is temporary, with its delay', async () => {
    const error = (code: string, more = {}) => ({ message: 'No.', extensions: { code, ...more } });
    const errors = [error('INVALID_INPUT'), error('CONFLICT', { retryAfterMs: 40 })];
    server.will(text(200, JSON.stringify({ data: { a: null, b: null }, errors })), well);
    const { client, attempts } = clientOf(server);

    await client.request(UpsertCustomer, write);

    expect(attempts.map(({ retryInMs }) => retryInMs)).toEqual([40, null]);
  });

  it('a query that failed partly with a temporary error', async () => {
    const errors = [{ message: 'No.', path: ['b'], extensions: { code: 'UNAVAILABLE' } }];
    server.will(text(200, JSON.stringify({ data: { a: 1, b: null }, errors })), well);

    expect(await clientOf(server).client.request(Workspace)).toMatchObject({ workspace: { slug: 'shop' } });
  });

  it('only within its time limit, and otherwise reports the delay at once', async () => {
    server.will(text(503, '', { 'retry-after': '3600' }));
    const started = performance.now();

    const failure = await failureOf(clientOf(server).client.request(Workspace));

    expect(failure).toMatchObject({ code: 'BAD_RESPONSE', status: 503, retryAfterMs: 3_600_000, attempts: 1 });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('no more often than the limit', async () => {
    server.will(reset);

    expect(await failureOf(clientOf(server, { maxRetries: 2 }).client.request(Workspace))).toMatchObject({
      code: 'NETWORK',
      attempts: 3,
    });
    expect(server.seen).toHaveLength(3);
  });

  it('ever less while everything fails', async () => {
    server.will(text(503, ''));
    const { client, attempts } = clientOf(server);

    await Promise.all(Array.from({ length: 20 }, () => failureOf(client.request(Workspace))));

    // A client whose requests all fail has a budget of ten retries.
    expect(attempts).toHaveLength(20 + 10);
  });
});

describe('does not retry', () => {
  it('mutations if one was written, because its data may be returned only once', async () => {
    const errors = [{ message: 'No.', path: ['b'], extensions: { code: 'CONFLICT', retryAfterMs: 40 } }];
    server.will(text(200, JSON.stringify({ data: { a: { secret: 'once' }, b: null }, errors })), well);
    const document = 'mutation Both { a: createApiKey { secret } b: tagCustomer { outcome } }' as typeof Workspace;

    const failure = await failureOf(clientOf(server).client.request(document));

    expect(failure).toMatchObject({ code: 'CONFLICT', retryAfterMs: 40, attempts: 1 });
    expect(failure.data).toEqual({ a: { secret: 'once' }, b: null });
  });

  it.each([
    [
      'invalid input',
      refuse(200, 'INVALID_INPUT', { field: ['input', 'key'] }),
      { code: 'INVALID_INPUT', field: ['input', 'key'] },
    ],
    [
      'a conflict',
      refuse(200, 'CONFLICT', { conflictingId: 'customer_1' }),
      { code: 'CONFLICT', conflictingId: 'customer_1' },
    ],
    ['an internal error', refuse(500, 'INTERNAL'), { code: 'INTERNAL', status: 500 }],
    ['a response that is not JSON', text(200, '{"data": nonsense'), { code: 'BAD_RESPONSE', status: 200 }],
    ['JSON that is not a GraphQL response', text(200, '[1]'), { code: 'BAD_RESPONSE', status: 200 }],
    ['a response without data', text(200, '{"data":null}'), { code: 'BAD_RESPONSE', status: 200 }],
    ['a page with 404', text(404, '<html>Nothing here</html>'), { code: 'BAD_RESPONSE', status: 404 }],
    ['errors that are not a list', text(200, '{"errors":"no"}'), { code: 'BAD_RESPONSE', status: 200 }],
  ])('%s', async (_what, behaviour, expected) => {
    server.will(behaviour);

    expect(await failureOf(clientOf(server).client.request(Workspace))).toMatchObject({ ...expected, attempts: 1 });
    expect(server.seen).toHaveLength(1);
  });

  it('at the target of a redirect, because the token is meant for one address', async () => {
    server.will(text(307, '', { location: '/elsewhere' }), well);

    expect(await failureOf(clientOf(server).client.request(Workspace))).toMatchObject({
      code: 'BAD_RESPONSE',
      status: 307,
    });
    expect(server.seen).toHaveLength(1);
  });
});

it('accepts a timeout of any length', async () => {
  server.will(well);

  expect(await clientOf(server, { timeoutMs: 2 ** 40 }).client.request(Workspace)).toMatchObject({ workspace: {} });
});

it('reports the request ID in the API log', async () => {
  server.will(refuse(500, 'INTERNAL'));

  const { requestId } = await failureOf(clientOf(server).client.request(Workspace));

  expect(requestId).toBe(server.seen[0]?.headers['x-request-id']);
});

it('sends the purpose', async () => {
  server.will(well);
  const { client } = clientOf(server, { purpose: 'SUPPORT' });
  await client.request(Workspace);
  await client.request(Workspace, {}, { purpose: 'MARKETING' });

  expect(server.seen.map(({ headers }) => headers['x-rapport-purpose'])).toEqual(['SUPPORT', 'MARKETING']);
});

it('survives a callback that throws', async () => {
  server.will(well);
  const onAttempt = () => {
    throw new Error('not mine');
  };

  expect(await clientOf(server, { onAttempt }).client.request(Workspace)).toMatchObject({
    workspace: { slug: 'shop' },
  });
});

it('throws errors that every copy of the package recognizes', async () => {
  server.will(refuse(200, 'CONFLICT'));
  // A query makes it another module.
  const copy: { RapportError: typeof RapportError } = await import(`${import.meta.dirname}/../src/error.ts?copy`);

  const failure = await failureOf(clientOf(server).client.request(Workspace));

  expect(copy.RapportError).not.toBe(RapportError);
  expect(failure instanceof copy.RapportError).toBe(true);
  expect([new Error('no'), { name: 'RapportError' }, null].some((each) => each instanceof RapportError)).toBe(false);
});
