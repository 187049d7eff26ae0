import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { encodeId } from '../../src/lib/ids.ts';
import { useApi } from '../api.ts';
import { openRetail, type Retail } from '../order-actions.ts';
import { writtenContentOf } from './confirmed.ts';
import { useMcp } from './mcp-client.ts';
import { messagesIn } from './wire-schema.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages of JSON-RPC, whose shape depends on the method
type Message = any;

const api = await useApi();
const shop = await api.tenant('retail');
const stranger = await api.tenant('stranger');
const mcp = await useMcp(api);
// Another process of the server.
const other = await useMcp(api);

let retail: Retail;
beforeAll(async () => {
  retail = await openRetail(shop);
}, 60_000);

type Sent = { secret?: string; session?: string | null; url?: URL; method?: string };

function send(message: object | null, { secret = shop.secret, session, url = mcp.url, method = 'POST' }: Sent = {}) {
  const headers = {
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-11-25',
    ...(session && { 'mcp-session-id': session }),
  };
  return fetch(url, { method, headers, ...(message && { body: JSON.stringify({ jsonrpc: '2.0', ...message }) }) });
}

/** Opens a session of a client with these capabilities. Returns its ID, or null if it gets none. */
async function open(capabilities: object = { elicitation: {} }): Promise<string | null> {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'test', version: '1' } };
  const response = await send({ id: 1, method: 'initialize', params });
  expect(messagesIn(await response.text())).toMatchObject([{ result: { protocolVersion: '2025-11-25' } }]);
  return response.headers.get('mcp-session-id');
}

/** Calls a write, and reads until it asks. `next` reads the messages after the question, undefined at the end. */
async function ask(session: string | null, idempotencyKey: string, url = mcp.url) {
  const { id, customerId } = await retail.take('pending', 'paypal');
  const ids = { customerId: encodeId('Customer', customerId ?? ''), orderId: encodeId('Order', id) };
  const args = { ...ids, assurance: 'VERIFIED', proof: 'LOGIN', reason: 'no longer needed', idempotencyKey };
  const params = { name: 'cancel_order', arguments: args };
  const response = await send({ id: 7, method: 'tools/call', params }, { session, url });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const messages: Message[] = [];
  const next = async (): Promise<Message> => {
    while (messages.length === 0) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return undefined;
      messages.push(...messagesIn(value ?? ''));
    }
    return messages.shift();
  };
  const question = await next();
  expect(question).toMatchObject({
    method: 'elicitation/create',
    params: { message: expect.stringMatching(/^Cancel/) },
  });
  return { question, next, leave: () => reader?.cancel() };
}

const accept = { result: { action: 'accept', content: { agree: true } } };
const notAnswered = 'FORBIDDEN: The person has not answered. Nothing has changed.';

it('opens a session only for clients that can ask their user', async () => {
  expect(await open({})).toBeNull();
  expect(await open({ sampling: {}, roots: {} })).toBeNull();
  expect(await open()).toMatch(/^[\w.-]+$/);
});

it('writes once the user agrees, and answers other requests in the meantime', async () => {
  const session = await open();
  const { question, next } = await ask(session, 'agreed');

  const listed = messagesIn(await (await send({ id: 8, method: 'tools/list' }, { session })).text());
  expect(listed).toMatchObject([{ id: 8, result: { tools: expect.any(Array) } }]);
  await writtenContentOf(shop.db);
  expect((await send({ id: question.id, ...accept }, { session })).status).toBe(202);
  expect(await next()).toMatchObject({ id: 7, result: { structuredContent: { isDone: true, outcome: 'UPDATED' } } });
  expect(await next()).toBeUndefined();
  expect((await send({ id: question.id, ...accept }, { session })).status).toBe(400);
});

it('keeps the questions of two calls apart', async () => {
  const session = await open();
  const [first, second] = [await ask(session, 'first'), await ask(session, 'second')];

  await send({ id: second.question.id, result: { action: 'decline' } }, { session });
  await send({ id: first.question.id, ...accept }, { session });

  expect(await first.next()).toMatchObject({ result: { structuredContent: { isDone: true } } });
  expect(await second.next()).toMatchObject({ result: { isError: true } });
});

it('takes an answer only from the key and the session that were asked', async () => {
  const session = await open();
  const { question, leave } = await ask(session, 'guarded');
  const before = await writtenContentOf(shop.db);
  const answer = { id: question.id, ...accept };

  expect((await send(answer, { session, secret: stranger.secret })).status).toBe(404);
  expect((await send(answer, { session: await open() })).status).toBe(400);
  expect((await send({ ...answer, id: 0 }, { session })).status).toBe(400);
  expect((await send({ ...answer, id: crypto.randomUUID() }, { session })).status).toBe(400);
  expect((await send(answer)).status).toBe(202);
  expect(await writtenContentOf(shop.db)).toEqual(before);
  await leave();
});

it('serves a session in any process, but takes the answer only in the one that asked', async () => {
  const session = await open();
  const { question, next } = await ask(session, 'elsewhere', other.url);

  const refused = await send({ id: question.id, ...accept }, { session });
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { message: /^No call waits/ } }]);
  expect((await send({ id: question.id, ...accept }, { session, url: other.url })).status).toBe(202);
  expect(await next()).toMatchObject({ result: { structuredContent: { isDone: true } } });
});

it.each([
  ['of another key', async () => ({ session: await open(), secret: stranger.secret })],
  ['that was never issued', async () => ({ session: 'unknown' })],
])('answers 404 in a session %s', async (_, sent) => {
  for (const method of ['tools/list', 'initialize']) {
    const response = await send({ id: 1, method }, await sent());
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: -32_001 } }]);
  }
  expect((await send(null, { ...(await sent()), method: 'DELETE' })).status).toBe(404);
});

it('ends a session, and the calls that wait in it', async () => {
  const session = await open();
  const { question, next } = await ask(session, 'ended');
  const before = await writtenContentOf(shop.db);

  expect((await send(null, { session, method: 'DELETE' })).status).toBe(204);

  expect(await next()).toMatchObject({ method: 'notifications/cancelled', params: { requestId: question.id } });
  expect(await next()).toMatchObject({ id: 7, result: { isError: true, content: [{ text: notAnswered }] } });
  expect((await send({ id: 2, method: 'ping' }, { session })).status).toBe(404);
  expect(await writtenContentOf(shop.db)).toEqual(before);
});

it('withdraws the question of a call that the client cancels', async () => {
  const session = await open();
  const { question, next } = await ask(session, 'cancelled');
  const before = await writtenContentOf(shop.db);

  await send({ method: 'notifications/cancelled', params: { requestId: 7 } }, { session });

  expect(await next()).toMatchObject({ method: 'notifications/cancelled', params: { requestId: question.id } });
  expect(await next()).toBeUndefined();
  expect((await send({ id: question.id, ...accept }, { session })).status).toBe(400);
  expect(await writtenContentOf(shop.db)).toEqual(before);
});

it('drops the question of a client that disconnects', async () => {
  const session = await open();
  const { question, leave } = await ask(session, 'disconnected');
  const before = await writtenContentOf(shop.db);

  await leave();
  // An answer would settle an open question, so the test can only try once.
  await setTimeout(1_000);

  expect((await send({ id: question.id, ...accept }, { session })).status).toBe(400);
  expect(await writtenContentOf(shop.db)).toEqual(before);
});

it('ends the calls that wait when the server stops', async () => {
  const { next } = await ask(await open(), 'stopped', other.url);

  other.server.stopWaiting();

  expect(await next()).toMatchObject({ method: 'notifications/cancelled' });
  expect(await next()).toMatchObject({ result: { isError: true, content: [{ text: notAnswered }] } });
  expect(await next()).toBeUndefined();
});
