import { type Attempt, type ClientOptions, createClient, RapportError } from '@rapport/sdk';
import { UpsertCustomer, Workspace } from '@rapport/sdk/ops';
import { afterAll, describe, expect, it } from 'vitest';
import { brokenOff, MisbehavingServer, refuse, reset, silence, slowBody, text, well } from './misbehaving.ts';

const server = await MisbehavingServer.start();
afterAll(() => server.stop());

const secret = 'rapport_0123456789ab_secret';
const email = 'anna.secret@example.com';

function clientOf(options: Partial<ClientOptions> = {}) {
  const attempts: Attempt[] = [];
  const client = createClient({
    url: server.url,
    token: secret,
    onAttempt: (attempt) => attempts.push(attempt),
    ...options,
  });
  return { client, attempts };
}

const write = { input: { key: { email }, givenName: 'Anna' } };

async function failureOf(promise: Promise<unknown>): Promise<RapportError> {
  const failure = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof RapportError)) throw new Error(`That is no RapportError: ${failure}`);
  return failure;
}

describe('a deadline', () => {
  it.each([
    ['no answer', silence],
    ['a slow body', slowBody],
  ])('ends %s, whatever is still to come', async (_what, behaviour) => {
    server.will(behaviour);
    const started = performance.now();

    const failure = await failureOf(clientOf({ timeoutMs: 200 }).client.request(Workspace));

    expect(failure).toMatchObject({ code: 'TIMEOUT', operation: 'Workspace', attempts: 1 });
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('holds of all tries together', async () => {
    server.will(text(503, 'busy'), silence);

    const failure = await failureOf(clientOf({ timeoutMs: 600 }).client.request(Workspace));

    expect(failure).toMatchObject({ code: 'TIMEOUT', attempts: 2 });
  });

  it('ends what does not heed its signal', async () => {
    const deaf = { fetch: () => new Promise<never>(() => undefined), timeoutMs: 50 };

    expect(await failureOf(clientOf(deaf).client.request(Workspace))).toMatchObject({ code: 'TIMEOUT' });
  });

  it.each([0, 30])('gives way to the caller’s own signal after %i ms', async (ms) => {
    server.will(silence);
    const controller = new AbortController();
    if (ms === 0) controller.abort();
    else setTimeout(() => controller.abort(), ms);

    const failure = await failureOf(clientOf().client.request(Workspace, {}, { signal: controller.signal }));

    expect(failure).toMatchObject({ code: 'ABORTED' });
  });
});

describe('tries again', () => {
  it.each([
    ['a connection that was reset', reset],
    ['an answer that broke off', brokenOff],
    ['a gateway’s page, 502', text(502, '<html>Bad gateway</html>')],
    ['a server that is busy, 503', text(503, 'busy')],
    ['one that gave up, 504', text(504, '')],
    ['408', text(408, '')],
    ['425', text(425, '')],
    ['429', refuse(429, 'RATE_LIMITED')],
    ['a rate limit under any status', refuse(200, 'RATE_LIMITED')],
    ['a database that cannot be reached', refuse(200, 'UNAVAILABLE')],
  ])('after %s', async (_what, behaviour) => {
    server.will(behaviour, behaviour, well);
    const { client, attempts } = clientOf();

    expect(await client.request(Workspace)).toMatchObject({ workspace: { slug: 'shop' } });
    expect(attempts.map(({ code }) => code === null)).toEqual([false, false, true]);
    expect(attempts.at(0)?.retryInMs).toBeGreaterThanOrEqual(0);
  });

  it('a write under one name, and reads under none', async () => {
    server.will(reset, text(503, ''), well);
    await clientOf().client.request(UpsertCustomer, write);
    const names = server.seen.map(({ headers }) => headers['idempotency-key']);
    server.will(well);
    await clientOf().client.request(Workspace);

    expect(names).toEqual(Array(3).fill(names[0]));
    expect(names[0]).toMatch(/^[\w-]{36}$/);
    expect(server.seen[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('under the name that the caller gives', async () => {
    server.will(well);
    await clientOf().client.request(UpsertCustomer, write, { idempotencyKey: 'order-7' });

    expect(server.seen[0]?.headers['idempotency-key']).toBe('order-7');
  });

  it.each([
    ['seconds', { 'retry-after': '1' }],
    ['a date', { date: 'Tue, 24 Nov 2026 10:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 10:00:01 GMT' }],
    [
      'a date by a clock that is wrong',
      { date: 'Thu, 01 Jan 2015 10:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2015 10:00:01 GMT' },
    ],
  ])('when it was told to, in %s', async (_what, headers) => {
    server.will(text(429, 'slowly', headers), well);
    const { client, attempts } = clientOf();
    const started = performance.now();

    await client.request(Workspace);

    expect(attempts[0]?.retryInMs).toBe(1_000);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it('when the answer itself says so', async () => {
    server.will(refuse(200, 'CONFLICT', { retryAfterMs: 40 }), well);
    const { client, attempts } = clientOf();

    await client.request(Workspace);

    expect(attempts[0]?.retryInMs).toBe(40);
  });

  it('no later than its time allows: it says at once after how long', async () => {
    server.will(text(503, '', { 'retry-after': '3600' }));
    const started = performance.now();

    const failure = await failureOf(clientOf().client.request(Workspace));

    expect(failure).toMatchObject({ code: 'BAD_RESPONSE', status: 503, retryAfterMs: 3_600_000, attempts: 1 });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('so often and no more', async () => {
    server.will(reset);

    expect(await failureOf(clientOf({ maxRetries: 2 }).client.request(Workspace))).toMatchObject({
      code: 'NETWORK',
      attempts: 3,
    });
    expect(server.seen).toHaveLength(3);
  });

  it('less and less while everything fails', async () => {
    server.will(text(503, ''));
    const { client, attempts } = clientOf();

    await Promise.all(Array.from({ length: 20 }, () => failureOf(client.request(Workspace))));

    // Ten retries are left to a client whose requests all fail.
    expect(attempts).toHaveLength(20 + 10);
  });
});

describe('does not try again', () => {
  it.each([
    [
      'what is refused',
      refuse(200, 'INVALID_INPUT', { field: ['input', 'key'] }),
      { code: 'INVALID_INPUT', field: ['input', 'key'] },
    ],
    [
      'what is in the way',
      refuse(200, 'CONFLICT', { conflictingId: 'customer_1' }),
      { code: 'CONFLICT', conflictingId: 'customer_1' },
    ],
    ['a fault', refuse(500, 'INTERNAL'), { code: 'INTERNAL', status: 500 }],
    ['what is no JSON', text(200, '{"data": nonsense'), { code: 'BAD_RESPONSE', status: 200 }],
    ['JSON that is no answer', text(200, '[1]'), { code: 'BAD_RESPONSE', status: 200 }],
    ['an answer of nothing', text(200, '{"data":null}'), { code: 'BAD_RESPONSE', status: 200 }],
    ['a page that says 404', text(404, '<html>Nothing here</html>'), { code: 'BAD_RESPONSE', status: 404 }],
    ['errors that are none', text(200, '{"errors":"no"}'), { code: 'BAD_RESPONSE', status: 200 }],
  ])('%s', async (_what, behaviour, expected) => {
    server.will(behaviour);

    expect(await failureOf(clientOf().client.request(Workspace))).toMatchObject({ ...expected, attempts: 1 });
    expect(server.seen).toHaveLength(1);
  });

  it('at an address that it is sent on to: the token is for one', async () => {
    server.will(text(307, '', { location: '/elsewhere' }), well);

    expect(await failureOf(clientOf().client.request(Workspace))).toMatchObject({ code: 'BAD_RESPONSE', status: 307 });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a token', () => {
  const unknown = refuse(401, 'UNAUTHENTICATED');

  it('that is refused is renewed once, for all who were refused with it', async () => {
    const asked: boolean[] = [];
    const token = async (isRefused: boolean) => {
      asked.push(isRefused);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return isRefused ? 'new' : 'old';
    };
    server.will((response, seen, socket) =>
      (seen.headers.authorization === 'Bearer new' ? well : unknown)(response, seen, socket),
    );
    const { client } = clientOf({ token });

    await Promise.all([client.request(Workspace), client.request(Workspace), client.request(Workspace)]);

    expect(asked.filter((isRefused) => isRefused)).toHaveLength(1);
    expect(server.seen).toHaveLength(6);
  });

  it('that is refused always is renewed once, and no more', async () => {
    server.will(unknown);

    const failure = await failureOf(clientOf({ token: async () => 'any' }).client.request(Workspace));

    expect(failure).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, attempts: 2 });
  });

  it('that is a text is not asked for again', async () => {
    server.will(unknown);

    expect(await failureOf(clientOf().client.request(Workspace))).toMatchObject({ status: 401, attempts: 1 });
  });

  it('that cannot be renewed ends the request, and nothing else', async () => {
    server.will(unknown);
    const token = (isRefused: boolean) => (isRefused ? Promise.reject(new Error(secret)) : 'old');

    expect(await failureOf(clientOf({ token }).client.request(Workspace))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('that cannot be had is no reason to send anything', async () => {
    server.will(well);
    const token = () => Promise.reject(new Error(secret));

    expect(await failureOf(clientOf({ token }).client.request(Workspace))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(server.seen).toEqual([]);
  });
});

describe('tells nothing of what was sent', () => {
  const quoting = (status: number) =>
    text(
      status,
      JSON.stringify({
        errors: [
          { message: `"${email.toUpperCase()}" and ${secret} are wrong.`, extensions: { code: 'INVALID_INPUT' } },
        ],
      }),
    );

  it.each([
    ['a refusal that quotes it', quoting(200)],
    ['a page that quotes it', text(500, `<html>${email} ${secret}</html>`)],
    ['a reset', reset],
    ['an answer that broke off', brokenOff],
    ['a redirection', text(302, '', { location: `http://elsewhere.test/${email}` })],
  ])('after %s', async (_what, behaviour) => {
    server.will(behaviour);
    const { client, attempts } = clientOf({ maxRetries: 1 });

    const failure = await failureOf(client.request(UpsertCustomer, write));

    const told = [
      String(failure),
      failure.stack,
      JSON.stringify(failure),
      JSON.stringify(attempts),
      String(failure.cause),
    ];
    expect(told.join(' ').toLowerCase()).not.toMatch(/anna|secret/);
    expect(JSON.parse(JSON.stringify(failure))).toMatchObject({ name: 'RapportError', operation: 'UpsertCustomer' });
  });
});

it('takes of a refusal what it knows, and lets nothing else into its error', async () => {
  server.will(refuse(200, 'CONFLICT', { conflictingId: 'customer_1', message: email, input: { email } }));

  const failure = await failureOf(clientOf().client.request(Workspace));

  expect(failure).toMatchObject({ message: 'No.', conflictingId: 'customer_1' });
  expect(JSON.stringify(failure)).not.toContain(email);
});

it('waits as long as it is told, however long that is', async () => {
  server.will(well);

  expect(await clientOf({ timeoutMs: 2 ** 40 }).client.request(Workspace)).toMatchObject({ workspace: {} });
});

it('says under which name the API has noted a request', async () => {
  server.will(refuse(500, 'INTERNAL'));

  const { requestId } = await failureOf(clientOf().client.request(Workspace));

  expect(requestId).toBe(server.seen[0]?.headers['x-request-id']);
});

it('says what the data is read for', async () => {
  server.will(well);
  const { client } = clientOf({ purpose: 'SUPPORT' });
  await client.request(Workspace);
  await client.request(Workspace, {}, { purpose: 'MARKETING' });

  expect(server.seen.map(({ headers }) => headers['x-rapport-purpose'])).toEqual(['SUPPORT', 'MARKETING']);
});

it('survives whoever listens', async () => {
  server.will(well);
  const onAttempt = () => {
    throw new Error('not mine');
  };

  expect(await clientOf({ onAttempt }).client.request(Workspace)).toMatchObject({ workspace: { slug: 'shop' } });
});
