import { beforeAll, expect, it } from 'vitest';
import { encodeId } from '../../src/lib/ids.ts';
import { useApi } from '../api.ts';
import { keyWithout } from '../narrow-key.ts';
import { openRetail, otherVariant, type Retail, type RetailOrder, readOrder } from '../order-actions.ts';
import { confirmed } from './confirmed.ts';
import { type McpClient, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('retail');
const mcp = await useMcp(api);
const verified = { assurance: 'VERIFIED', proof: 'LOGIN' };

let retail: Retail;
let agent: McpClient;

beforeAll(async () => {
  retail = await openRetail(shop);
  agent = await mcp.connect(shop.secret);
}, 60_000);

const idsOf = ({ id, customerId }: RetailOrder) => ({
  customerId: encodeId('Customer', customerId ?? ''),
  orderId: encodeId('Order', id),
});

/** IDs that the text of a reply names, as a model without the data of the reply reads them. */
const idsIn = (text: string, line: RegExp) => {
  const [, ids] = line.exec(text) ?? [];
  return ids;
};

it('moves the payment to another method that get_order names', async () => {
  const order = await retail.take('pending', 'credit_card');
  await retail.giftCard(order, '5000');
  const { text, data } = await agent.read('get_order', { ...idsOf(order), ...verified, maxTokens: 4_000 });
  const paymentMethodId = idsIn(text, /^METHOD GIFT_CARD balance 5000\.00 USD \((\S+)\)$/m);

  const { preview, done } = await confirmed(shop.db, agent, 'update_payment_method', {
    ...idsOf(order),
    ...verified,
    paymentMethodId,
    idempotencyKey: 'method',
  });

  expect(data.allowedActions.find(({ action }: { action: string }) => action === 'CHANGE_PAYMENT_METHOD')).toEqual({
    action: 'CHANGE_PAYMENT_METHOD',
    paymentMethodIds: expect.arrayContaining([paymentMethodId]),
  });
  expect(preview.text).toMatch(
    /CHANGE_PAYMENT_METHOD of order #W\d+\nPAYMENT (\d+\.\d\d USD) by gift_card.*\nREFUND \1 to credit_card, within 5 to 7 business days/,
  );
  expect(done.data.payments).toEqual(preview.data.payments);
  const refused = await agent.fail('update_payment_method', {
    ...idsOf(order),
    ...verified,
    paymentMethodId,
    idempotencyKey: 'again',
  });
  expect(refused).toMatch(/^CONFLICT: ALREADY_CHANGED: /);
});

it('replaces items by variants that get_order names, for the price difference', async () => {
  const order = await retail.take('pending', 'paypal');
  const { line } = otherVariant(order, true);
  const args = { ...idsOf(order), ...verified };
  const { text, data } = await agent.read('get_order', { ...args, responseFormat: 'detailed', maxTokens: 8_000 });
  const [lineId, title] = [encodeId('OrderLine', line.id), line.title];
  const wanted = data.variants.find(
    (each: { title: string; variantId: string }) =>
      each.title === title && each.variantId !== encodeId('ProductVariant', line.variantId ?? ''),
  );
  const { id: paymentMethodId } = await retail.paypal(order);

  const { preview, done } = await confirmed(shop.db, agent, 'update_items', {
    ...args,
    items: [{ lineId, variantId: wanted.variantId }],
    paymentMethodId,
    idempotencyKey: 'items',
  });

  const difference = (Number(wanted.price.amount) - Number(line.unitPrice)) * line.quantity;
  expect(text).toContain(`(${lineId})`);
  expect(text).toContain(`${wanted.price.amount} USD (${wanted.variantId})`);
  expect(data.order.items[0]).toMatchObject({ lineId, options: expect.any(Object) });
  expect(preview.text).toContain(
    `REPLACE ${title} ${line.sku} ${Number(line.unitPrice).toFixed(2)} USD BY ${wanted.sku} `,
  );
  expect(preview.text).toContain(`PRICE DIFFERENCE ${difference.toFixed(2)} USD`);
  expect(preview.data.payments).toMatchObject([
    { kind: difference > 0 ? 'PAYMENT' : 'REFUND', amount: { amount: Math.abs(difference).toFixed(2) } },
  ]);
  expect(done.data.priceDifference).toEqual(preview.data.priceDifference);
  const after = await readOrder(shop.db, order.id);
  expect(encodeId('ProductVariant', after.lines[0]?.variantId ?? '')).toBe(wanted.variantId);
  const cancel = { ...args, reason: 'no longer needed', idempotencyKey: 'late' };
  expect(await agent.fail('cancel_order', cancel)).toMatch(/^CONFLICT: ALREADY_CHANGED: /);
});

it('says which method the price difference needs, and why a variant will not do', async () => {
  const order = await retail.take('pending', 'paypal');
  const args = { ...idsOf(order), ...verified, idempotencyKey: 'refused' };
  const { item, line, variant } = otherVariant(order, true);
  const items = [{ lineId: item.line, variantId: item.variant }];
  const other = [{ lineId: item.line, variantId: await retail.variantOfOther(order) }];

  expect(variant.priceAmount).not.toEqual(line.unitPrice);
  expect(await agent.fail('update_items', { ...args, items })).toMatch(
    /^CONFLICT: METHOD_REQUIRED: .* Allowed: CANCEL/,
  );
  expect(await agent.fail('update_items', { ...args, items: other })).toMatch(/^CONFLICT: OTHER_PRODUCT: /);
});

it('lists variants only in detail, if items can be replaced and the key sees products', async () => {
  const [pending, canceled] = [await retail.take('pending', 'paypal'), await retail.take('cancelled', 'paypal')];
  const detailed = { ...verified, responseFormat: 'detailed', maxTokens: 8_000 };
  const narrow = await mcp.connect(await keyWithout(shop, 'products:read'));

  const [shown, concise, none, hidden] = await Promise.all([
    agent.read('get_order', { ...idsOf(pending), ...detailed }),
    agent.read('get_order', { ...idsOf(pending), ...verified, maxTokens: 8_000 }),
    agent.read('get_order', { ...idsOf(canceled), ...detailed }),
    narrow.read('get_order', { ...idsOf(pending), ...detailed }),
  ]);
  const { tools } = await narrow.client.listTools();

  const products = new Set(pending.lines.map(({ productId }) => productId));
  const onOffer = await shop.db.productVariant.findMany({
    where: { productId: { in: [...products].flatMap((id) => id ?? []) }, isAvailable: true },
  });
  expect(shown.data.variants.map((each: { variantId: string }) => each.variantId).sort()).toEqual(
    onOffer.map(({ id }) => encodeId('ProductVariant', id)).sort(),
  );
  expect([concise, none, hidden].map(({ data }) => data.variants)).toEqual([undefined, undefined, undefined]);
  expect([shown, concise, none, hidden].map(({ text }) => text.includes('WITHHELD variants'))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(hidden.data.order.items).toHaveLength(pending.lines.length);
  expect(tools.map(({ name }) => name)).not.toContain('update_items');
});
