import { encode } from 'gpt-tokenizer';
import { beforeAll, expect, it, vi } from 'vitest';
import { definitionOf } from '../../src/mcp/tool-definition.ts';
import { scheduleFollowUp } from '../../src/mcp/tools/writes/schedule-follow-up.ts';
import { useApi } from '../api.ts';
import { confirmed } from './confirmed.ts';
import { type McpClient, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);
const customer = { email: 'ada@example.com' };
const verified = { assurance: 'VERIFIED', proof: 'LOGIN', purpose: 'SUPPORT' };
let customerId: string;
let agent: McpClient;

beforeAll(async () => {
  agent = await mcp.connect(shop.secret);
  await shop.data(
    `mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key, displayName: "Ada", timezone: "Europe/Warsaw",
      quietHours: { from: "21:00", until: "08:00" } }) { outcome } }`,
    { key: customer },
  );
  ({ customerId } = (await agent.read('find_customer', customer)).data.matches[0]);
});

const dueAt = '2062-01-10T12:00:00Z';

it('records a promise once it is confirmed, and names it in the context text', async () => {
  const args = { customerId, kind: 'PROMISE', text: 'A new strap by Friday', dueAt, idempotencyKey: 'promise-1' };
  const { preview, done, code } = await confirmed(shop.db, agent, 'schedule_follow_up', args);
  const repeated = await agent.read('schedule_follow_up', { ...args, confirmation: code });
  const { text } = await agent.read('get_customer_context', { customerId, ...verified });

  expect(preview.data.followUpId).toBeNull();
  expect(done.data).toMatchObject({ outcome: 'CREATED', followUpId: expect.stringMatching(/^followup_/) });
  expect(repeated.data).toEqual(done.data);
  expect(await shop.db.followUp.findMany()).toMatchObject([{ kind: 'PROMISE', madeByKind: 'BOT' }]);
  expect(text).toContain('\nPROMISE OPEN due 2062-01-10 12:00');
  expect(text).toMatch(/\nFOLLOW-UP promise OPEN due 2062-01-10 12:00Z, .*A new strap by Friday/);
});

it('says the next allowed time in quiet hours, and what to do without consent', async () => {
  const args = { customerId, text: 'Call back', idempotencyKey: 'quiet' };

  expect(await agent.fail('schedule_follow_up', { ...args, dueAt: '2062-01-10T21:30:00Z' })).toMatch(
    /^CONFLICT: .*quiet hours.*2062-01-11T07:00:00\.000Z/,
  );
  expect(await agent.fail('schedule_follow_up', { ...args, dueAt, purpose: 'MARKETING' })).toMatch(
    /^CONFLICT: .*ask for consent/,
  );
  expect(await agent.fail('schedule_follow_up', { ...args, dueAt: '2020-01-01T00:00:00Z' })).toMatch(/^INVALID_INPUT/);
});

it('says why contact is refused, and when it is allowed, as data', async () => {
  const args = { customerId, text: 'Call back', dueAt: '2062-01-10T21:30:00Z', idempotencyKey: 'quiet data' };

  const { structuredContent } = await agent.call('schedule_follow_up', args);

  expect(structuredContent).toMatchObject({
    error: { code: 'CONFLICT', refusal: 'QUIET_HOURS', nextAllowedAt: '2062-01-11T07:00:00.000Z' },
  });
});

it('asks for consent for the purpose of the request', async () => {
  const marketing = await mcp.connect(shop.secret, undefined, undefined, { 'x-rapport-purpose': 'MARKETING' });
  const args = { customerId, text: 'Tell about the sale', dueAt, idempotencyKey: 'sale' };

  expect(await marketing.fail('schedule_follow_up', args)).toMatch(/^CONFLICT: .*ask for consent/);
  expect((await marketing.read('schedule_follow_up', { ...args, purpose: 'SUPPORT' })).data.isDone).toBe(false);
});

it('refuses a due time that has passed since the preview', async () => {
  const [inFiveMinutes, inTenMinutes] = [Date.now() + 5 * 60_000, Date.now() + 10 * 60_000];
  const text = 'A call in five minutes';
  const args = {
    customerId,
    kind: 'PROMISE',
    text,
    dueAt: new Date(inFiveMinutes).toISOString(),
    idempotencyKey: 'late',
  };
  const { data } = await agent.read('schedule_follow_up', args);

  vi.useFakeTimers({ toFake: ['Date'], now: inTenMinutes });
  const refusal = await agent
    .fail('schedule_follow_up', { ...args, confirmation: data.confirmation.code })
    .finally(() => vi.useRealTimers());

  expect(refusal).toBe('INVALID_INPUT: `dueAt` must be in the future.');
  expect(await shop.db.followUp.count({ where: { text } })).toBe(0);
});

it('takes few tokens in tools/list', () => {
  expect(encode(JSON.stringify(definitionOf(scheduleFollowUp))).length).toBeLessThan(400);
});
