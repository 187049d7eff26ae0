import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { encode } from 'gpt-tokenizer';
import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { tauRetail } from '../../src/import/formats/tau-retail.ts';
import { encodeId } from '../../src/lib/ids.ts';
import { languages } from '../../src/mcp/context/wording.ts';
import { unlimited, useApi } from '../api.ts';
import { keyWithout } from '../narrow-key.ts';
import { runImport } from '../run-import.ts';
import { type McpClient, useMcp } from './mcp-client.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('retail');
const mcp = await useMcp(api);
const verified = { assurance: 'VERIFIED', proof: 'LOGIN' };
const tokensOf = ({ content, structuredContent }: object & { content?: unknown; structuredContent?: unknown }) =>
  encode(JSON.stringify({ content, structuredContent })).length;

type User = {
  email: string;
  orders: string[];
  name: { first_name: string; last_name: string };
  address: { zip: string };
};
type Order = {
  order_id: string;
  status: string;
  items: { name: string; price: number; item_id: string }[];
  payment_history: { payment_method_id: string }[];
};

const json = <Row>(file: string): Record<string, Row> =>
  JSON.parse(gunzipSync(readFileSync(`sample/retail/${file}.json.gz`)).toString());
const users = Object.values(json<User>('users'));
const orders = json<Order>('orders');

let client: McpClient;
const ids = new Map<string, string>();
const idOf = ({ email }: User) => ids.get(email.toLowerCase()) ?? '';

beforeAll(async () => {
  const files = ['conversations-40.jsonl.gz', 'orders.json.gz', 'users.json.gz', 'products.json.gz'];
  const undatedAt = new Date('2026-01-01T09:00:00Z');
  await runImport(
    shop.db,
    tauRetail,
    files.map((file) => `sample/retail/${file}`),
    { undatedAt },
  );
  for (const { normalizedValue, customerId } of await shop.db.contactPoint.findMany())
    ids.set(normalizedValue, encodeId('Customer', customerId));
  client = await mcp.connect(shop.secret);
}, 120_000);

const user = users.find(({ orders }) => orders.length > 3) as User;

it('holds every order, item, price and payment method of each of the 500 customers', async () => {
  const sizes: number[] = [];
  for (const each of users) {
    const customerId = idOf(each);
    const { data, text, result } = await client.read('get_customer_context', {
      customerId,
      ...verified,
      responseFormat: 'detailed',
      maxTokens: 8_000,
    });
    sizes.push(tokensOf(result));
    const known = new Map<string, { status: string; items: object[]; payments?: object[] }>(
      (data.orders ?? []).map((order: { number: string }) => [order.number, order]),
    );
    expect([...known.keys()].sort()).toEqual([...each.orders].sort());
    for (const number of each.orders) {
      const order = orders[number] as Order;
      expect(text).toContain(`ORDER ${number} `);
      expect(known.get(number)?.items).toEqual(
        expect.arrayContaining(
          order.items.map(({ name, price, item_id }) =>
            expect.objectContaining({
              title: name,
              sku: item_id,
              unitPrice: { amount: price.toFixed(2), currencyCode: 'USD' },
            }),
          ),
        ),
      );
      for (const { payment_method_id: method } of order.payment_history)
        expect(JSON.stringify(known.get(number)?.payments)).toContain(method.replace(/_\d+$/, ''));
    }
  }
  sizes.sort((one, other) => one - other);
  console.log(`detailed contexts: median ${sizes[250]} tokens, most ${sizes.at(-1)}`);
}, 240_000);

it('finds a customer by name and postal code, and by order number', async () => {
  const name = `${user.name.first_name} ${user.name.last_name}`;
  const customerId = idOf(user);

  const byName = await client.read('find_customer', { name, postalCode: user.address.zip });
  const byOrder = await client.read('find_customer', { orderNumber: user.orders[0] });

  expect(byName.data).toMatchObject({ ambiguous: false, matches: [{ customerId, matchedOn: ['name', 'postalCode'] }] });
  expect(byOrder.data).toMatchObject({ ambiguous: false, matches: [{ customerId }] });
  expect((await client.read('find_customer', { name, postalCode: '00000' })).text).toMatch(/^NOT FOUND/);
});

it('resolves every fact in the text', async () => {
  const { data } = await client.read('get_customer_context', {
    customerId: idOf(user),
    ...verified,
    maxTokens: 8_000,
  });
  const facts = Object.entries<string>(data.facts);

  expect(facts.length).toBeGreaterThan(5);
  for (const [, factId] of facts)
    expect((await client.read('explain_fact', { factId, ...verified })).data.factId).toBe(factId);
});

it('returns a salutation and nothing else to someone who only claims to be the customer', async () => {
  const customerId = idOf(user);

  const { text, data } = await client.read('get_customer_context', { customerId });

  expect(text).toContain(`Hello ${user.name.first_name}`);
  expect(text).toContain('WITHHELD * (IDENTITY)');
  expect(data).toEqual({ facts: {} });
  for (const secret of [user.email, user.address.zip, ...user.orders]) expect(text).not.toContain(secret);
});

it.each(languages)('stays within 200 tokens for a key that sees almost nothing (%s)', async (language) => {
  const { secret } = await createApiKey(shop.db, { name: 'narrow', scopes: ['customers:read'] });
  const narrow = await mcp.connect(secret);
  const customerId = idOf(user);

  const { text, result } = await narrow.read('get_customer_context', {
    customerId,
    ...verified,
    maxTokens: 200,
    language,
  });

  expect(tokensOf(result)).toBeLessThanOrEqual(200);
  expect(text).toContain('(SCOPE)');
});

it('names what the purpose and the scopes of the key hide', async () => {
  const customerId = idOf(user);
  const narrow = await mcp.connect(await keyWithout(shop, 'orders:read'));

  const marketing = await client.read('get_customer_context', { customerId, ...verified, purpose: 'MARKETING' });
  const without = await narrow.read('get_customer_context', { customerId, ...verified });

  expect(marketing.text).toMatch(/^WITHHELD .*\(CONSENT\)/m);
  expect(without.text).toMatch(/^WITHHELD orders, .*value.*\(SCOPE\)$/m);
  expect(without.text).toMatch(/^WITHHELD NEEDS .*orders:read/m);
  expect(JSON.stringify(without)).not.toContain(user.orders[0]);
});
