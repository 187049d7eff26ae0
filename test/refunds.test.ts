import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { RateLimiter } from '../src/access/rate-limit.ts';
import { allScopes } from '../src/access/scopes.ts';
import { defaultLimits } from '../src/lib/limits.ts';
import { useApi } from './api.ts';
import { startEachTestWithinOneMinute } from './database-minute.ts';
import { known, useKnownCustomer } from './known-customer.ts';
import { randomGenerator } from './random.ts';

const perMinute = 100;
const minute = 60_000;
const { api, shop } = await useKnownCustomer();
const { workspaceId } = shop.db;

let holder = '';
let holders = 0;
startEachTestWithinOneMinute();
beforeEach(() => {
  holder = `holder ${holders++}`;
});
afterEach(() => {
  vi.useRealTimers();
});

const newLimiter = () => new RateLimiter(api.database, perMinute);
const refusal = expect.objectContaining({ code: 'RATE_LIMITED' });

it('returns the points that a request did not need, for the next requests of the minute', async () => {
  const limiter = newLimiter();
  const spent = await limiter.spend(workspaceId, holder, 90);

  expect(spent.remaining).toBe(10);
  expect(limiter.refund(workspaceId, holder, 89, spent)).toEqual({ remaining: 99, resetAt: spent.resetAt });
  expect((await limiter.spend(workspaceId, holder, 99)).remaining).toBe(0);
  await expect(limiter.spend(workspaceId, holder, 1)).rejects.toEqual(refusal);
});

it('lets another process spend what was returned, within a second or two', async () => {
  const [one, other] = [newLimiter(), newLimiter()];
  const spent = await one.spend(workspaceId, holder, 95);
  await expect(other.spend(workspaceId, holder, 50)).rejects.toEqual(refusal);

  one.refund(workspaceId, holder, 94, spent);
  const left = await vi.waitFor(() => other.spend(workspaceId, holder, 50), { timeout: 5_000, interval: 100 });

  expect(left.remaining).toBeLessThanOrEqual(perMinute - 51);
});

it('does not return points to a later minute', async () => {
  const limiter = newLimiter();
  vi.useFakeTimers({ toFake: ['performance'] });
  const early = await limiter.spend(workspaceId, holder, 40);
  await startNextMinute(early.resetAt, 0);
  vi.advanceTimersByTime(minute);
  const late = await limiter.spend(workspaceId, holder, 1);

  expect(late).toEqual({ remaining: 99, resetAt: new Date(early.resetAt.getTime() + minute) });
  expect(limiter.refund(workspaceId, holder, 39, early)).toEqual(early);
  expect((await limiter.spend(workspaceId, holder, 99)).remaining).toBe(0);
  await expect(limiter.spend(workspaceId, holder, 1)).rejects.toEqual(refusal);
});

it('does not keep points for a later minute', async () => {
  const limiter = newLimiter();
  const early = await limiter.spend(workspaceId, holder, 1);
  await startNextMinute(early.resetAt, 0);

  // One point of the first minute is still reserved.
  expect((await limiter.spend(workspaceId, holder, 99)).remaining).toBe(1);
  await limiter.spend(workspaceId, holder, 1);
  await expect(limiter.spend(workspaceId, holder, 1)).rejects.toEqual(refusal);
});

it('counts no more than the limit if it refuses a request', async () => {
  await newLimiter().spend(workspaceId, holder, 80);
  await expect(newLimiter().spend(workspaceId, holder, 90)).rejects.toEqual(refusal);

  await vi.waitFor(async () => expect(await pointsOf()).toBe(BigInt(perMinute)));
});

it('does not take points off the count of a minute that another process has begun', async () => {
  const limiter = newLimiter();
  const spent = await limiter.spend(workspaceId, holder, 90);
  await startNextMinute(spent.resetAt, 50);
  api.statements.length = 0;

  limiter.refund(workspaceId, holder, 89, spent);
  await vi.waitFor(() => expect(api.statements.some(({ sql }) => sql.includes('"RateLimit"'))).toBe(true));

  expect(await pointsOf()).toBe(50n);
});

it('never lets processes together spend more than the limit, whatever they return', async () => {
  const draw = randomGenerator(42);
  const limiters = [newLimiter(), newLimiter(), newLimiter()];
  let charged = 0;
  let refused = 0;
  for (let i = 0; i < 60; i++) {
    const limiter = draw.one(limiters);
    const points = 1 + draw.below(40);
    const spent = await limiter.spend(workspaceId, holder, points).catch(() => null);
    if (!spent) {
      refused += 1;
      continue;
    }
    const unused = draw.below(points);
    limiter.refund(workspaceId, holder, unused, spent);
    charged += points - unused;
  }

  expect(refused).toBeGreaterThan(0);
  expect(charged).toBeGreaterThan(perMinute / 2);
  expect(charged).toBeLessThanOrEqual(perMinute);
});

it('needs no statement for a refund of less than a fiftieth', async () => {
  const limiter = new RateLimiter(api.database, 1_000_000);
  await limiter.spend(workspaceId, holder, 1);
  api.statements.length = 0;

  for (let i = 0; i < 100; i++)
    limiter.refund(workspaceId, holder, 9_999, await limiter.spend(workspaceId, holder, 10_000));
  await sleep(50);

  expect(api.statements.filter(({ sql }) => sql.includes('"RateLimit"'))).toEqual([]);
});

it('refunds a customer token and its key separately', async () => {
  const limited = await useApi({ limits: { ...defaultLimits, costPerMinute: 1_000 } }, api);
  const { secret } = await createApiKey(shop.db, { name: 'issuer', scopes: allScopes });
  const costOf = async (key: string, query: string) =>
    ((await limited.sendAs(key, query)) as { extensions?: { cost: object } }).extensions?.cost;
  const { data } = await limited.sendAs(
    secret,
    'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }',
    { input: { customer: known } },
  );

  expect(await costOf(data.createCustomerToken.token, '{ customers { nodes { id } } }')).toMatchObject({
    requested: 20,
    actual: 1,
    remaining: 999,
  });
  expect(await costOf(secret, '{ viewer { keyName } }')).toMatchObject({ requested: 1, actual: 1, remaining: 998 });
});

it('charges a mutation for itself and what it returns, with variables as with literals', async () => {
  const { secret } = await createApiKey(shop.db, { name: 'writer', scopes: allScopes });
  const costOf = async (query: string, variables?: object) => {
    const { errors, extensions } = (await api.sendAs(secret, query, variables)) as {
      errors?: unknown;
      extensions?: { cost: object };
    };
    expect(errors).toBeUndefined();
    return extensions?.cost;
  };
  const selection = '{ interaction { id customer { displayName } } }';
  const said = { channel: 'PHONE', direction: 'INBOUND', occurredAt: '2026-01-01T00:00:00Z' };
  const withVariables = `mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) ${selection} }`;
  const withLiterals = `mutation { upsertInteraction(input: {
    customer: { email: "${known.email}" }, channel: PHONE, direction: INBOUND, occurredAt: "${said.occurredAt}" }) ${selection} }`;

  // The mutation, the interaction and the customer.
  const expected = expect.objectContaining({ requested: 3, actual: 3 });
  expect(await costOf(withVariables, { input: { customer: known, ...said } })).toEqual(expected);
  expect(await costOf(withLiterals)).toEqual(expected);
});

async function startNextMinute(startedAt: Date, points: number): Promise<void> {
  await shop.db.rateLimit.updateMany({ where: { holder }, data: { startedAt, points } });
}

async function pointsOf(): Promise<bigint | undefined> {
  const [row] = await shop.db.rateLimit.findMany({ where: { holder } });
  return row?.points;
}
