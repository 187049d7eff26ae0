import { expect, it } from 'vitest';
import { createApiKey, revokeApiKey } from '../../src/access/api-keys.ts';
import { encodeId } from '../../src/lib/ids.ts';
import { useApi } from '../api.ts';
import { useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);
const owner = (sql: string) => api.database.asOwner((pool) => pool.query(sql));
// No client has seen these lists before, so none answers from its cache.
const requests = [
  ['tools/list', (client) => client.listTools()],
  ['resources/templates/list', (client) => client.listResourceTemplates()],
  ['prompts/list', (client) => client.listPrompts()],
  ['prompts/get', (client) => client.getPrompt({ name: 'reply_to_customer', arguments: {} })],
] satisfies [string, (client: Awaited<ReturnType<typeof mcp.connect>>['client']) => Promise<unknown>][];

it.each(requests)('logs a fault of %s, and shows nothing of it', async (_, send) => {
  const { client } = await mcp.connect(shop.secret);
  mcp.faults.length = 0;

  await owner('ALTER FUNCTION rapport_api_key(text) RENAME TO rapport_gone');
  const error = await send(client).then(
    () => null,
    (fault: Error) => fault,
  );
  await owner('ALTER FUNCTION rapport_gone(text) RENAME TO rapport_api_key');

  expect(error?.message).toContain('Internal error. See the server log.');
  expect(error?.message).not.toContain('rapport_');
  expect(mcp.faults).toMatchObject([{ requestId: expect.any(String), fault: { code: '42883' } }]);
});

it.each(requests)('passes an error of %s on to the client', async (_, send) => {
  const { id, secret } = await createApiKey(shop.db, { name: 'short-lived', scopes: ['customers:read'] });
  const { client, fail } = await mcp.connect(secret);
  // From here on, the server has the key in its cache.
  await fail('find_customer', {});
  await revokeApiKey(shop.db, { id: encodeId('ApiKey', id) });

  await expect(send(client)).rejects.toThrow('UNAUTHENTICATED: This key is unknown, expired or revoked.');
});

it('logs a fault while it checks the key, and shows nothing of it', async () => {
  const { secret } = await createApiKey(shop.db, { name: 'new', scopes: ['customers:read'] });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}`, 'x-request-id': 'mcp-7' };
  mcp.faults.length = 0;

  await owner('ALTER FUNCTION rapport_api_key(text) RENAME TO rapport_gone');
  const answer = await fetch(mcp.url, { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' });
  await owner('ALTER FUNCTION rapport_gone(text) RENAME TO rapport_api_key');

  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({
    jsonrpc: '2.0',
    error: { code: -32_603, message: 'Internal error. See the server log.' },
    id: null,
  });
  expect(mcp.faults).toMatchObject([{ requestId: 'mcp-7', fault: { code: '42883' } }]);
});
