import { encode } from 'gpt-tokenizer';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApiKey, revokeApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { encodeId } from '../../src/lib/ids.ts';
import { useApi } from '../api.ts';
import { writeCanaries } from '../canaries.ts';
import { writeOneOfEverything } from '../dataset.ts';
import { keyWithout } from '../narrow-key.ts';
import { revisions, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const other = await api.tenant('other');
const mcp = await useMcp(api);
const verified = { assurance: 'VERIFIED', proof: 'LOGIN' };

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
});

describe.each(revisions)('revision %s', (revision) => {
  it('lists the tools in order, with schemas and hints', async () => {
    const { client } = await mcp.connect(shop.secret, revision);

    const { tools } = await client.listTools();

    const names = tools.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('find_customer');
    for (const { description = '', annotations, outputSchema, inputSchema } of tools) {
      expect(description.split(' ').length).toBeLessThanOrEqual(80);
      expect(annotations).toMatchObject({ openWorldHint: false, idempotentHint: true });
      expect([inputSchema.type, outputSchema?.type]).toEqual(['object', 'object']);
    }
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect(encode(JSON.stringify({ tools })).length).toBeLessThan(6_000);
  });

  it('finds a customer with masked contacts, and reads their orders and messages', async () => {
    const { read } = await mcp.connect(shop.secret, revision);

    const { data: found, text } = await read('find_customer', { email: 'marker-of-a@example.com' });
    const { customerId } = found.matches[0];
    const { data: listed } = await read('list_orders', { customerId, ...verified, responseFormat: 'detailed' });
    const { orderId } = listed.orders[0];
    const { data: read1, text: order } = await read('get_order', { customerId, orderId, ...verified });
    const { data: messages } = await read('search_interactions', { customerId, ...verified });
    const { data: explained } = await read('explain_fact', { factId: orderId, ...verified });
    const { data: salutation } = await read('compose_salutation', { customerId, locale: 'uk' });
    const { data: products } = await read('find_products', { query: 'MARKER', responseFormat: 'detailed' });

    expect(found).toMatchObject({ ambiguous: false, matches: [{ maskedEmail: 'm***a@example.com' }] });
    expect(text).not.toContain('marker-of-a@');
    expect(listed).toMatchObject({ total: 1, nextCursor: null, orders: [{ number: 'MARKER-OF-A' }] });
    expect(read1).toMatchObject({ order: { orderId }, payments: [{ method: 'MARKER-OF-A' }], omittedItems: 0 });
    expect(order).toContain('PAID PAYMENT MARKER-OF-A 2.00 PLN');
    expect(messages.interactions[0].excerpt).toMatchObject({ value: expect.stringContaining('MARKER') });
    expect(explained).toMatchObject({ factId: orderId, kind: 'STORED' });
    expect(salutation).toMatchObject({ salutation: { value: 'Добрий день' }, source: 'FALLBACK', confidence: 0 });
    expect(products.products[0].variants).toMatchObject([{ sku: 'MARKER-OF-A', price: { amount: '1.00' } }]);
  });

  it('says what to do instead of failing silently', async () => {
    const { fail, client } = await mcp.connect(shop.secret, revision);

    expect(await fail('find_customer', {})).toMatch(/^INVALID_INPUT: Send exactly one of: `email`/);
    expect(await fail('find_customer', { email: 'a@example.com', planet: 1 })).toMatch(
      /Send only these arguments: email/,
    );
    expect(await fail('find_products', { maxTokens: 9_000 })).toMatch(/^INVALID_INPUT: `maxTokens`: .*8000/);
    expect(await fail('list_orders', { customerId: 'x' })).toMatch(/^FORBIDDEN: .*Verify the customer first/);
    expect(await fail('list_orders', { customerId: 'x', assurance: 'VERIFIED' })).toMatch(/`proof`/);
    expect(await fail('list_orders', { customerId: 'x', ...verified })).toMatch(/^INVALID_INPUT: Not a Customer ID/);
    await expect(client.callTool({ name: 'drop_tables', arguments: {} })).rejects.toThrow('No tool has this name');
  });

  it('shows tools by the scopes of the key, and no data without them', async () => {
    const { client, fail } = await mcp.connect(await keyWithout(shop, 'orders:read'), revision);

    const { tools } = await client.listTools();

    expect(tools.map(({ name }) => name)).not.toContain('list_orders');
    expect(await fail('find_customer', { orderNumber: 'MARKER-OF-A' })).toMatch(/^FORBIDDEN: .*Query\.orders/);
    expect(await fail('find_products', { after: 'x' })).toMatch(/^INVALID_INPUT/);
  });

  it('answers for another tenant as for nobody', async () => {
    const own = await mcp.connect(shop.secret, revision);
    const foreign = await mcp.connect(other.secret, revision);
    const { data } = await own.read('find_customer', { email: 'marker-of-a@example.com' });
    const { customerId } = data.matches[0];
    const { data: listed } = await own.read('list_orders', { customerId, ...verified });
    const order = { customerId, orderId: listed.orders[0].orderId, ...verified };

    expect((await foreign.read('find_customer', { email: 'marker-of-a@example.com' })).data.matches).toEqual([]);
    expect(await foreign.fail('list_orders', { customerId, ...verified })).toMatch(/^NOT_FOUND/);
    expect(await foreign.fail('get_order', order)).toMatch(/^NOT_FOUND/);
    expect(await own.fail('get_order', { ...order, customerId: 'customer_01h455vb4pex5vsknk084sn02q' })).toMatch(
      /^NOT_FOUND/,
    );
  });
});

describe('over HTTP', () => {
  const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  const send = (headers: Record<string, string>, path = '/mcp', init: RequestInit = { method: 'POST', body: ping }) =>
    fetch(new URL(path, mcp.url), {
      ...init,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    });
  const authorization = `Bearer ${shop.secret}`;

  it('asks for a key, and says where its metadata is', async () => {
    const [without, wrong] = [await send({}), await send({ authorization: 'Bearer rapport_wrong' })];
    const metadata = `${mcp.url.origin}/.well-known/oauth-protected-resource/mcp`;

    expect([without.status, wrong.status]).toEqual([401, 401]);
    expect(without.headers.get('www-authenticate')).toBe(`Bearer resource_metadata="${metadata}"`);
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const described = await fetch(metadata);
    expect(described.status).toBe(200);
    expect(await described.json()).toEqual({
      resource: mcp.url.href,
      resource_name: 'Rapport',
      bearer_methods_supported: ['header'],
      scopes_supported: allScopes,
    });
  });

  it('uses the public address of the host that the client reached', async () => {
    const path = 'https://crm.example/.well-known/oauth-protected-resource';
    const answer = await mcp.server.fetch(new Request('http://crm.example:8080/.well-known/oauth-protected-resource'));

    expect(await answer.json()).toMatchObject({ resource: 'https://crm.example/mcp' });
    expect((await mcp.server.fetch(new Request(path, { method: 'POST' }))).status).toBe(405);
  });

  it('refuses other hosts and origins', async () => {
    const rebound = new Request('http://evil.example/mcp', { method: 'POST', body: ping, headers: { authorization } });

    expect((await mcp.server.fetch(rebound)).status).toBe(403);
    expect((await send({ authorization, origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ authorization, origin: 'https://app.example' })).status).toBe(200);
    expect((await send({ authorization, origin: mcp.url.origin })).status).toBe(200);
    expect((await send({ authorization })).status).toBe(200);
  });

  it('refuses a revoked key at once', async () => {
    const { id, secret } = await createApiKey(shop.db, { name: 'short-lived', scopes: ['customers:read'] });
    const { client, fail } = await mcp.connect(secret);
    await client.listTools();
    await revokeApiKey(shop.db, { id: encodeId('ApiKey', id) });

    expect(await fail('find_customer', { email: 'a@example.com' })).toMatch(/^UNAUTHENTICATED/);
    expect((await send({ authorization: `Bearer ${secret}` })).status).toBe(401);
  });

  it('writes reads of personal data to the audit log, like any other request', async () => {
    const { read } = await mcp.connect(shop.secret);
    await read('find_customer', { email: 'marker-of-a@example.com', responseFormat: 'concise' });
    await mcp.server.flush();

    const { auditEvents } = await shop.data('{ auditEvents(first: 5) { nodes { operation } } }');

    expect(JSON.stringify(auditEvents)).toContain('McpFindCustomer');
  });
});
