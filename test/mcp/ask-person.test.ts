import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { beforeAll, expect, it } from 'vitest';
import { encodeId } from '../../src/lib/ids.ts';
import { createMcpServer } from '../../src/mcp/mcp-server.ts';
import { useApi } from '../api.ts';
import { openRetail, type Retail } from '../order-actions.ts';
import { writtenContentOf } from './confirmed.ts';
import { revisions, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('retail');
const mcp = await useMcp(api);

let retail: Retail;
beforeAll(async () => {
  retail = await openRetail(shop);
}, 60_000);

async function cancellation(idempotencyKey: string) {
  const { id, customerId } = await retail.take('pending', 'paypal');
  const ids = { customerId: encodeId('Customer', customerId ?? ''), orderId: encodeId('Order', id) };
  return { ...ids, assurance: 'VERIFIED', proof: 'LOGIN', reason: 'no longer needed', idempotencyKey };
}

it.each(revisions)('lets the client ask its user, and shows the model no code, in revision %s', async (revision) => {
  const questions: string[] = [];
  const { read } = await mcp.connect(shop.secret, revision, (question) => questions.push(question) > 0);

  const { data, result } = await read('cancel_order', await cancellation(`agreed ${revision}`));

  expect(questions).toEqual([expect.stringMatching(/^Cancel an order\?\nPREVIEW.*\nCANCEL of order #W\d+\nREFUND /)]);
  expect(data).toMatchObject({ isDone: true, outcome: 'UPDATED', confirmation: null });
  expect(JSON.stringify(result)).not.toContain('Show the preview');
});

it.each(revisions)('changes nothing if the user does not agree, in revision %s', async (revision) => {
  const { fail } = await mcp.connect(shop.secret, revision, () => false);
  const args = await cancellation(`declined ${revision}`);
  const before = await writtenContentOf(shop.db);

  expect(await fail('cancel_order', args)).toBe('FORBIDDEN: The person did not agree. Nothing has changed.');
  expect(await writtenContentOf(shop.db)).toEqual(before);
});

it.each(revisions)('takes no code from a model whose client can ask, in revision %s', async (revision) => {
  const byCode = await mcp.connect(shop.secret);
  const { read, fail } = await mcp.connect(shop.secret, revision, () => false);
  const args = await cancellation(`code ${revision}`);
  const { code } = (await byCode.read('cancel_order', args)).data.confirmation;
  const before = await writtenContentOf(shop.db);

  expect(await fail('cancel_order', { ...args, confirmation: code })).toMatch(/^FORBIDDEN: The person did not agree/);
  const tried = await read('cancel_order', { ...args, dryRun: true });
  expect(tried.data).toMatchObject({ isDone: false, confirmation: null });
  expect(tried.text).toMatch(/^PREVIEW/);
  expect(await writtenContentOf(shop.db)).toEqual(before);
});

it('gives a code to clients that cannot ask', async () => {
  const { read, client } = await mcp.connect(shop.secret, '2025-11-25');

  expect(client.transport?.sessionId).toBeUndefined();
  expect((await read('cancel_order', await cancellation('legacy'))).data).toMatchObject({
    isDone: false,
    confirmation: { code: expect.any(String) },
  });
});

it('asks over a connection of the revision 2025-11-25 that stays open, such as standard input and output', async () => {
  const session = await mcp.server.mcpSession(new Headers({ authorization: `Bearer ${shop.secret}` }));
  if ('problem' in session) throw new Error(session.problem);
  const capabilities = { elicitation: {} };
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' }, capabilities });
  const questions: string[] = [];
  client.setRequestHandler('elicitation/create', async ({ params: { message } }) => {
    questions.push(message);
    return { action: 'accept', content: { agree: true } };
  });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await createMcpServer(session, (fault) => Promise.reject(fault)).connect(there);
  await client.connect(here);

  const result = await client.callTool({ name: 'cancel_order', arguments: await cancellation('open') });

  expect(questions).toHaveLength(1);
  expect(result.structuredContent).toMatchObject({ isDone: true, outcome: 'UPDATED' });
  await client.close();
});
