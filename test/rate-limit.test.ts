import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { RateLimiter } from '../src/access/rate-limit.ts';
import { defaultLimits } from '../src/lib/limits.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';
import { startEachTestWithinOneMinute } from './database-minute.ts';

const limits = { ...defaultLimits, costPerMinute: 100 };
const api = await useApi({ limits });
const other = createServer({ database: api.database, logger: silent, limits });
const shop = await api.tenant('shop');

// Costs one point.
const query = '{ workspace { slug } }';

async function newKey(): Promise<string> {
  return (await createApiKey(shop.db, { name: 'spender' })).secret;
}

function ask(fetch: typeof api.fetch, secret: string, text = query): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const body = JSON.stringify({ query: text });
  return fetch(new Request('http://rapport.test/graphql', { method: 'POST', headers, body }));
}

startEachTestWithinOneMinute();

it('reports the cost of a request, the remaining points and the time of the reset', async () => {
  const secret = await newKey();

  const first = (await (await ask(api.fetch, secret)).json()).extensions.cost;
  const second = (await (await ask(api.fetch, secret)).json()).extensions.cost;

  expect(first).toEqual({ requested: 1, actual: 1, limit: 10_000, remaining: 99, resetAt: expect.any(String) });
  expect(second.remaining).toBe(98);
  expect(Date.parse(first.resetAt) - Date.now()).toBeGreaterThan(0);
  expect(Date.parse(first.resetAt) - Date.now()).toBeLessThanOrEqual(60_000);
});

it('reports the cost of a failed operation, and of one that is rejected', async () => {
  const secret = await newKey();

  const failed = await (await ask(api.fetch, secret, '{ node(id: "x") { id } }')).json();
  const refused = await (await ask(api.fetch, secret, '{ customers(first: 100) { nodes { id } } }')).json();

  expect(failed).toMatchObject({
    errors: [{ extensions: { code: 'INVALID_INPUT' } }],
    extensions: { cost: { requested: 1, actual: 1, limit: 10_000, remaining: 99, resetAt: expect.any(String) } },
  });
  expect(refused).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    extensions: { cost: { requested: 100, limit: 10_000 } },
  });
  expect(refused.extensions.cost).not.toHaveProperty('actual');
});

it('rejects requests over the limit with 429 across all processes, and reports when to retry', async () => {
  const secret = await newKey();

  const answers = await Promise.all(
    Array.from({ length: 130 }, (_, i) => ask(i % 2 ? api.fetch : other.fetch, secret)),
  );

  const refused = answers.filter(({ status }) => status === 429);
  const [first] = refused;
  if (!first) throw new Error('No request was rejected.');
  const [{ extensions, message }] = (await first.json()).errors;
  expect(answers.length - refused.length).toBeLessThanOrEqual(100);
  // Points that one process has leased and not returned are missing in the other.
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(98);
  expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
  const seconds = Math.ceil(extensions.retryAfterMs / 1_000);
  expect(message).toBe(`Rate limit exceeded: 100 points per minute. Retry in ${seconds} s.`);
  expect(Number(first.headers.get('retry-after'))).toBe(Math.ceil(extensions.retryAfterMs / 1_000));
});

it('counts each key separately', async () => {
  const [greedy, modest] = [await newKey(), await newKey()];
  await Promise.all(Array.from({ length: 110 }, () => ask(api.fetch, greedy)));

  expect((await ask(api.fetch, greedy)).status).toBe(429);
  expect((await ask(api.fetch, modest)).status).toBe(200);
});

it('resets with the next minute', async () => {
  const secret = await newKey();
  await Promise.all(Array.from({ length: 110 }, () => ask(api.fetch, secret)));
  const anew = createServer({ database: api.database, logger: silent, limits });
  await shop.db.rateLimit.updateMany({ data: { startedAt: new Date(Date.now() - 60_000) } });

  expect((await ask(anew.fetch, secret)).status).toBe(200);
});

it('lets a request that costs more than a fiftieth of the limit take all its points, or none', async () => {
  const limiter = new RateLimiter(api.database, 100);
  const spend = async (points: number) => (await limiter.spend(shop.db.workspaceId, 'large', points)).remaining;

  expect(await spend(70)).toBe(30);
  await expect(spend(70)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(await spend(30)).toBe(0);
});

it('charges a large request only for what it returns', async () => {
  const secret = await newKey();
  const page = '{ customers(first: 70) { nodes { displayName } } }';

  const answers = [await ask(api.fetch, secret, page), await ask(api.fetch, secret, page)];

  for (const [i, answer] of answers.entries())
    expect((await answer.json()).extensions.cost).toMatchObject({ requested: 70, actual: 1, remaining: 99 - i });
});

describe('a step of the clock', () => {
  const minute = 60_000;
  afterEach(() => {
    vi.useRealTimers();
  });

  async function refusedFor(fetch: typeof api.fetch, secret: string): Promise<number> {
    const answer = await ask(fetch, secret);
    expect(answer.status).toBe(429);
    return (await answer.json()).errors[0].extensions.retryAfterMs;
  }

  it.each([
    ['forward', 90_000],
    ['back', -60 * minute],
    ['back by years', -5 * 365 * 24 * 60 * minute],
  ])('of the process %s neither grants a minute twice nor blocks a key', async (_way, step) => {
    const secret = await newKey();
    await Promise.all(Array.from({ length: 110 }, () => ask(api.fetch, secret)));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + step });

    expect(await refusedFor(api.fetch, secret)).toBeLessThanOrEqual(minute);
  });

  it.each([
    ['a second', minute, 2 * minute],
    ['an hour', 60 * minute, minute],
  ])('of the database back by %s does not restore spent points', async (_what, ahead, longest) => {
    const secret = await newKey();
    await Promise.all(Array.from({ length: 110 }, () => ask(api.fetch, secret)));
    const anew = createServer({ database: api.database, logger: silent, limits });
    const startedAt = new Date(Math.floor(Date.now() / minute) * minute + ahead);
    const [key] = await shop.db.apiKey.findMany({ orderBy: { createdAt: 'desc' }, take: 1 });
    await shop.db.rateLimit.updateMany({ where: { holder: key?.id ?? '' }, data: { startedAt } });

    expect(await refusedFor(anew.fetch, secret)).toBeLessThanOrEqual(longest);
  });

  it('takes the time of the reset from the database clock', async () => {
    const secret = await newKey();
    const { resetAt } = (await (await ask(api.fetch, secret)).json()).extensions.cost;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 1_000 });

    expect(Date.parse(resetAt) % minute).toBe(0);
    expect((await (await ask(api.fetch, secret)).json()).extensions.cost.resetAt).toBe(resetAt);
  });
});

it('keeps the most recent leases, up to the limit', async () => {
  const limiter = new RateLimiter(api.database, 100, 2);
  const spend = async (holder: string) => (await limiter.spend(shop.db.workspaceId, holder, 1)).remaining;

  // Each key leases two points at a time. A key that loses a lease with a point in it loses that point.
  expect([await spend('a'), await spend('b'), await spend('a'), await spend('c')]).toEqual([99, 99, 98, 99]);
  expect(await spend('b')).toBe(97);
  expect([await spend('a'), await spend('c')]).toEqual([97, 97]);
});
