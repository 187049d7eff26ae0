import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { encodeId } from '../../src/lib/ids.ts';
import { tools } from '../../src/mcp/tools.ts';
import { useApi } from '../api.ts';
import { writeOneOfEverything } from '../dataset.ts';
import { useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);
const verified = { assurance: 'VERIFIED', proof: 'LOGIN' };
let argumentsOf: Record<string, object>;

beforeAll(async () => {
  await writeOneOfEverything(shop);
  const { id: order, customerId: owner } = await shop.db.order.findFirstOrThrow({
    where: { customerId: { not: null } },
  });
  const line = await shop.db.orderLine.findFirstOrThrow({ where: { orderId: order } });
  const variant = await shop.db.productVariant.findFirstOrThrow();
  const { upsertPaymentMethod: written } = await shop.data(
    'mutation ($input: UpsertPaymentMethodInput!) { upsertPaymentMethod(input: $input) { paymentMethod { id } } }',
    {
      input: {
        key: { externalId: { source: 'shop', value: 'paypal' } },
        customer: { id: encodeId('Customer', owner ?? '') },
        kind: 'PAYPAL',
      },
    },
  );
  const spoken = await shop.db.interaction.findFirstOrThrow({ where: { customerId: owner } });
  const customerId = encodeId('Customer', owner ?? '');
  const ofCustomer = { customerId, ...verified };
  const ofOrder = { ...ofCustomer, orderId: encodeId('Order', order) };
  const lineId = encodeId('OrderLine', line.id);
  argumentsOf = {
    cancel_order: { ...ofOrder, reason: 'no longer needed' },
    compose_salutation: { customerId },
    explain_fact: { factId: customerId, ...verified },
    find_customer: { email: 'marker-of-a@example.com' },
    find_products: {},
    get_customer_context: ofCustomer,
    get_order: ofOrder,
    hand_off: { customerId, reason: 'x', summary: 'x', messageToCustomer: 'x' },
    list_orders: ofCustomer,
    record_interaction: { customerId, channel: 'EMAIL', direction: 'INBOUND', body: 'x' },
    remember_preference: { ...ofCustomer, key: 'place', value: 'x', evidenceId: encodeId('Interaction', spoken.id) },
    request_exchange: { ...ofOrder, items: [{ lineId, variantId: encodeId('ProductVariant', variant.id) }] },
    request_return: { ...ofOrder, items: [{ lineId }] },
    schedule_follow_up: { customerId, kind: 'PROMISE', text: 'x', dueAt: '2062-01-10T12:00:00Z' },
    search_interactions: ofCustomer,
    suggest_next_actions: ofCustomer,
    update_items: { ...ofOrder, items: [{ lineId, variantId: encodeId('ProductVariant', variant.id) }] },
    update_payment_method: { ...ofOrder, paymentMethodId: written.paymentMethod.id },
    update_shipping_address: { ...ofOrder, shippingAddress: { lines: ['1 New Road'] } },
  };
});

it.each(tools)('lets a key with exactly the scopes of $name call it', async ({ name, scopes, effect }) => {
  const { secret } = await createApiKey(shop.db, { name, scopes: [...scopes] });
  const { call } = await mcp.connect(secret);
  const args = { ...argumentsOf[name], ...(effect !== 'READ' && { idempotencyKey: name }) };

  const first = await call(name, args);
  const { confirmation } = (first.structuredContent ?? {}) as { confirmation?: { code: string } | null };
  const done = confirmation ? await call(name, { ...args, confirmation: confirmation.code }) : first;

  expect(argumentsOf).toHaveProperty(name);
  // Actions on orders end at the policy, which they only reach with all scopes.
  if (effect === 'CHANGE' && done.isError)
    expect(done.structuredContent).toMatchObject({ error: { code: 'CONFLICT', refusals: expect.any(Array) } });
  else expect(done.isError, JSON.stringify(done.content)).toBeFalsy();
});

const agents = readFileSync('docs/agents.md', 'utf8');
const toolsets = [...agents.matchAll(/^\| .*\b(?:answers|acts|keeps|does)\b.*?\|(.*)\|\s*(\d+)\s*\|$/gm)].map(
  ([, scopes = '', count]) => ({
    scopes: [...scopes.matchAll(/`([\w-]+:\w+)`/g)].map(([, scope]) => scope ?? ''),
    count,
  }),
);

it('lists as many tools for each job as the docs say, and few for one that only reads', async () => {
  const [reads, acts, records, all] = toolsets.map(({ scopes }) => scopes);
  const keys = [
    reads,
    [...(reads ?? []), ...(acts ?? [])],
    [...(reads ?? []), ...(records ?? [])],
    toolsets.flatMap((each) => each.scopes),
  ];
  const listed: string[] = [];
  for (const scopes of keys) {
    const { secret } = await createApiKey(shop.db, { name: 'job', scopes: [...new Set(scopes)] });
    const { client } = await mcp.connect(secret);
    listed.push(String((await client.listTools()).tools.length));
  }

  expect(all).toEqual([]);
  expect(listed).toEqual(toolsets.map(({ count }) => count));
  expect(listed).toEqual(['9', '15', '13', String(tools.length)]);
});
