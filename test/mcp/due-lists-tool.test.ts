import { encode } from 'gpt-tokenizer';
import { beforeAll, expect, it } from 'vitest';
import { computeRfmBounds } from '../../src/orders/statistics/rfm.ts';
import { useApi } from '../api.ts';
import { keyWithout } from '../narrow-key.ts';
import { type McpClient, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);
const people = Array.from({ length: 30 }, (_, i) => ({ email: `person${i}@example.com` }));
let agent: McpClient;

const write = (name: string, input: object) =>
  shop.data(
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { outcome } }`,
    { input },
  );

beforeAll(async () => {
  const tomorrow = inDays(1);
  const birthday = { month: tomorrow.getUTCMonth() + 1, day: tomorrow.getUTCDate() };
  for (const [i, key] of people.entries()) {
    await write('upsertCustomer', { key, displayName: `Person ${i}`, ...(i % 3 === 0 && { birthday }) });
    // The first ten bought often, and long ago.
    for (let n = 0; n < (i < 10 ? 5 : 1); n++)
      await write('upsertOrder', {
        key: { externalId: { source: 's', value: `${i}-${n}` } },
        customer: key,
        currencyCode: 'PLN',
        total: i < 10 ? '500' : '5',
        placedAt: inDays(i < 10 ? -900 - n - i : -1 - i).toISOString(),
      });
    const call = { customer: key, channel: 'EMAIL', direction: 'INBOUND', body: 'SECRET MESSAGE' };
    await write('upsertInteraction', { ...call, occurredAt: inDays(i < 5 ? -1 : -20).toISOString() });
  }
  const due = { text: 'SECRET PROMISE', madeAt: inDays(-9).toISOString() };
  const [one, other] = people;
  await write('scheduleFollowUp', { ...due, customer: one, kind: 'PROMISE', dueAt: inDays(-2).toISOString() });
  await write('scheduleFollowUp', { ...due, customer: other, kind: 'PROMISE', dueAt: inDays(20).toISOString() });
  await write('scheduleFollowUp', { ...due, customer: other, kind: 'FOLLOW_UP', dueAt: inDays(3).toISOString() });
  await computeRfmBounds(shop.db);
  agent = await mcp.connect(shop.secret);
}, 120_000);

const named = (text: string) => [...text.matchAll(/Person \d+/g)].map(([name]) => name);

it.each<[object, string, string | null, string[]]>([
  [{ list: 'PROMISES' }, 'PROMISE', 'BROKEN', ['Person 0']],
  [{ list: 'PROMISES', days: 31 }, 'PROMISE', 'BROKEN', ['Person 0', 'Person 1']],
  [{ list: 'FOLLOW_UPS' }, 'FOLLOW_UP', 'OPEN', ['Person 1']],
  [{ list: 'UNANSWERED' }, 'REPLY', null, [0, 1, 2, 3, 4].map((i) => `Person ${i}`)],
  [{ list: 'BIRTHDAYS' }, 'BIRTHDAY', null, people.flatMap((_, i) => (i % 3 === 0 ? `Person ${i}` : []))],
  [{ list: 'AT_RISK', currencyCode: 'PLN' }, 'WIN_BACK', null, people.slice(0, 10).map((_, i) => `Person ${i}`)],
])('lists for whom something is due: %j', async (args, kind, status, names) => {
  const { data, text } = await agent.read('suggest_next_actions', { ...args, maxTokens: 8_000 });

  expect(named(text).sort()).toEqual([...names].sort());
  expect(data).toMatchObject({ total: names.length, nextCursor: null });
  expect(data.actions[0]).toMatchObject({ kind, status, since: expect.any(String) });
  for (const { customerId, factIds } of data.actions) {
    expect(text).toContain(`(${customerId})`);
    expect(factIds).toHaveLength(1);
  }
  expect(text).not.toMatch(/SECRET|@example/);
});

it('explains every fact that a list cites', async () => {
  for (const args of [{ list: 'PROMISES' }, { list: 'UNANSWERED' }, { list: 'BIRTHDAYS' }, { list: 'AT_RISK' }]) {
    const { data } = await agent.read('suggest_next_actions', { ...args, currencyCode: 'PLN' });
    const [factId] = data.actions[0].factIds;

    expect((await agent.read('explain_fact', { factId, assurance: 'VERIFIED', proof: 'STAFF' })).data.factId).toBe(
      factId,
    );
  }
});

it('keeps whole rows within the budget, and continues after them', async () => {
  const names = new Set<string>();
  let [after, pages]: [string | undefined, number] = [undefined, 0];
  do {
    const args = { list: 'BIRTHDAYS', maxTokens: 500, ...(after && { after }) };
    const { data, text, result } = await agent.read('suggest_next_actions', args);
    const { content, structuredContent } = result;

    expect(encode(JSON.stringify({ content, structuredContent })).length).toBeLessThanOrEqual(500);
    for (const name of named(text)) names.add(name);
    [after, pages] = [data.nextCursor ?? undefined, pages + 1];
  } while (after !== undefined && pages < 20);

  expect(names.size).toBe(10);
  expect(pages).toBeGreaterThan(2);
});

it('needs the scopes of each list, and serves no connection for one customer', async () => {
  const narrow = await mcp.connect(await keyWithout(shop, 'pii:birthday'));
  const { customerId } = (await agent.read('find_customer', people[0] ?? {})).data.matches[0];
  const bound = await mcp.connect(shop.secret, '2026-07-28', undefined, { 'x-rapport-customer': customerId });

  expect(await narrow.fail('suggest_next_actions', { list: 'BIRTHDAYS' })).toMatch(/^FORBIDDEN: .*pii:birthday/);
  expect(await bound.fail('suggest_next_actions', { list: 'PROMISES' })).toMatch(/^FORBIDDEN: This connection serves/);
  expect(await agent.fail('suggest_next_actions', {})).toMatch(/^INVALID_INPUT: Send either/);
  expect(await agent.fail('suggest_next_actions', { list: 'AT_RISK' })).toMatch(/^INVALID_INPUT: .*currencyCode/);
  expect(await agent.fail('suggest_next_actions', { list: 'BIRTHDAYS', days: 90 })).toMatch(/^INVALID_INPUT: `days`/);
});
