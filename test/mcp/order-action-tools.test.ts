import { encode } from 'gpt-tokenizer';
import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { encodeId } from '../../src/lib/ids.ts';
import { useApi } from '../api.ts';
import { openRetail, otherVariant, type Retail, type RetailOrder } from '../order-actions.ts';
import { confirmed, writtenContentOf } from './confirmed.ts';
import { type McpClient, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('retail');
const other = await api.tenant('other');
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

const stateOf = async (order: RetailOrder) => {
  const { order: found } = await shop.data(
    `query ($by: OrderKey!) { order(by: $by) { status shippingAddress returns { nodes { id kind } }
      changes { nodes { action } } } }`,
    { by: { id: encodeId('Order', order.id) } },
  );
  return found;
};

it('cancels an order once, after a preview that a code confirms', async () => {
  const order = await retail.take('pending', 'gift_card');
  const args = { ...idsOf(order), ...verified, reason: 'no longer needed', idempotencyKey: 'cancel-1' };

  const { preview, done, code } = await confirmed(shop.db, agent, 'cancel_order', args);
  const before = await writtenContentOf(shop.db);
  const repeated = await agent.read('cancel_order', { ...args, confirmation: code });

  expect(preview.text).toMatch(
    /^PREVIEW\. Nothing has changed yet\.\nCANCEL of order #W\d+\nREFUND \d+\.\d\d USD to gift_card, at once$/m,
  );
  expect(preview.text).toContain('Show the preview to a person');
  expect(done.text).toMatch(/^DONE\nCANCEL/);
  expect(done.data.payments).toEqual(preview.data.payments);
  expect(repeated.data).toEqual(done.data);
  expect(await writtenContentOf(shop.db)).toEqual(before);
  expect(await stateOf(order)).toMatchObject({ status: 'CANCELED', changes: { nodes: [{ action: 'CANCEL' }] } });
});

it('records how the customer proved who they are, with reads and writes', async () => {
  const order = await retail.take('pending', 'paypal');
  const args = { ...idsOf(order), assurance: 'VERIFIED', proof: 'EMAIL_CODE', reason: 'no longer needed' };

  await confirmed(shop.db, agent, 'cancel_order', { ...args, idempotencyKey: 'proven-1' });
  await api.flush();

  const where = { customerId: order.customerId, identityProof: 'EMAIL_CODE' } as const;
  const events = await shop.db.auditEvent.findMany({ where });
  expect(new Set(events.map(({ operation }) => operation))).toContain('cancelOrder');
});

it('accepts a code only with the arguments, tool and key that it was issued for', async () => {
  const order = await retail.take('pending', 'paypal');
  const args = { ...idsOf(order), ...verified, reason: 'no longer needed', idempotencyKey: 'cancel-2' };
  const { data } = await agent.read('cancel_order', args);
  const { code } = data.confirmation;
  const { secret } = await createApiKey(shop.db, {
    name: 'another agent',
    scopes: ['customers:read', 'orders:read', 'orders:write'],
  });
  const another = await mcp.connect(secret);
  const wrong = /^INVALID_INPUT: This code does not confirm this call/;
  const before = await writtenContentOf(shop.db);

  for (const changed of [{ reason: 'ordered by mistake' }, { idempotencyKey: 'cancel-3' }, { proof: 'STAFF' }])
    expect(await agent.fail('cancel_order', { ...args, ...changed, confirmation: code })).toMatch(wrong);
  for (const forged of [
    'yes',
    `${code}x`,
    code.replace(/^./, 'z'),
    code.replace(/.$/, (last: string) => (last === 'A' ? 'E' : 'A')),
  ])
    expect(await agent.fail('cancel_order', { ...args, confirmation: forged })).toMatch(wrong);
  expect(await another.fail('cancel_order', { ...args, confirmation: code })).toMatch(wrong);
  expect((await agent.read('cancel_order', { ...args, confirmation: code, dryRun: true })).data.isDone).toBe(false);
  expect(await writtenContentOf(shop.db)).toEqual(before);
});

it('refuses to act on an order that changed after the preview', async () => {
  const order = await retail.take('pending', 'credit_card');
  const args = { ...idsOf(order), ...verified, reason: 'no longer needed', idempotencyKey: 'cancel-4' };
  const { data } = await agent.read('cancel_order', args);
  const { errors } = await retail.act('CHANGE_SHIPPING_ADDRESS', order, {
    shippingAddress: { lines: ['1 New Road'] },
  });

  const refusal = await agent.fail('cancel_order', { ...args, confirmation: data.confirmation.code });

  expect(errors).toBeUndefined();
  expect(refusal).toBe('CONFLICT: The order has changed. Call without `confirmation` for a new preview.');
  expect((await stateOf(order)).status).toBe('UNFULFILLED');
});

it('says why an action is refused, and which are allowed instead', async () => {
  const order = await retail.take('delivered', 'paypal');
  const args = { ...idsOf(order), ...verified, idempotencyKey: 'refused' };

  const { content, structuredContent } = await agent.call('cancel_order', { ...args, reason: 'no longer needed' });
  const pending = await retail.take('pending', 'paypal');
  const reason = await agent.fail('cancel_order', { ...args, ...idsOf(pending), reason: 'found it cheaper' });

  expect(content).toMatchObject([{ text: expect.stringMatching(/^CONFLICT: STATUS: The order is FULFILLED\./) }]);
  expect(structuredContent).toMatchObject({
    error: { code: 'CONFLICT', refusals: ['STATUS'], allowedActions: ['REQUEST_RETURN', 'REQUEST_EXCHANGE'] },
  });
  expect(reason).toMatch(/^CONFLICT: REASON_NOT_ALLOWED: .*"no longer needed".* Allowed: CANCEL/);
});

it('changes the address of an order', async () => {
  const order = await retail.take('pending', 'paypal');
  const shippingAddress = { lines: ['Rynek 1'], city: 'Kraków', postalCode: '31-042', countryCode: 'PL' };

  const { preview } = await confirmed(shop.db, agent, 'update_shipping_address', {
    ...idsOf(order),
    ...verified,
    shippingAddress,
    idempotencyKey: 'address',
  });

  expect(preview.text).toMatch(/SHIP TO <<\d{6} Rynek 1, 31-042, Kraków, PL \d{6}>>/);
  expect((await stateOf(order)).shippingAddress).toMatchObject({ lines: ['Rynek 1'], city: 'Kraków' });
});

it('requests returns and exchanges with what get_order and find_products say', async () => {
  const [first, second] = [await retail.take('delivered', 'gift_card'), await retail.take('delivered', 'paypal')];
  const { data: read, text } = await agent.read('get_order', { ...idsOf(first), ...verified, maxTokens: 4_000 });
  const { lineId } = read.order.items[0];
  const [{ paymentMethodId }] = read.paymentMethods;
  const { item } = otherVariant(second, true);

  const returned = await confirmed(shop.db, agent, 'request_return', {
    ...idsOf(first),
    ...verified,
    items: [{ lineId }],
    paymentMethodId,
    idempotencyKey: 'return',
  });
  const exchanged = await confirmed(shop.db, agent, 'request_exchange', {
    ...idsOf(second),
    ...verified,
    items: [{ lineId: item.line, variantId: item.variant }],
    paymentMethodId: (await retail.paypal(second)).id,
    idempotencyKey: 'exchange',
  });

  expect(text).toMatch(/^ALLOWED REQUEST_RETURN, REQUEST_EXCHANGE$/m);
  expect(text).toMatch(/^REFUSED CANCEL \(STATUS\), /m);
  expect(read.allowedActions).toContainEqual({ action: 'REQUEST_RETURN', paymentMethodIds: [paymentMethodId] });
  expect(read.refusedActions).toContainEqual({ action: 'CANCEL', refusals: ['STATUS'] });
  expect(text).toMatch(/^METHOD GIFT_CARD balance /m);
  expect(returned.done.data.returnId).toMatch(/^return_/);
  expect(returned.preview.data).toMatchObject({ returnId: null, payments: [{ kind: 'REFUND', isExpected: true }] });
  expect(exchanged.done.data.returnId).toMatch(/^return_/);
  expect((await stateOf(second)).returns.nodes).toMatchObject([{ kind: 'EXCHANGE' }]);
});

it('acts only for verified customers, and only on their own orders', async () => {
  const [order, foreign] = [await retail.take('pending', 'paypal'), await retail.take('pending', 'paypal')];
  const args = { ...idsOf(order), reason: 'no longer needed', idempotencyKey: 'whose' };
  const tenant = await mcp.connect(other.secret);

  expect(await agent.fail('cancel_order', args)).toMatch(/^FORBIDDEN: .*Verify the customer first/);
  expect(await agent.fail('cancel_order', { ...args, ...verified, orderId: idsOf(foreign).orderId })).toMatch(
    /^NOT_FOUND: This customer has no such order/,
  );
  expect(await tenant.fail('cancel_order', { ...args, ...verified })).toMatch(/^NOT_FOUND/);
  expect(await agent.fail('cancel_order', { ...args, ...verified, idempotencyKey: undefined })).toMatch(
    /^INVALID_INPUT: `idempotencyKey`/,
  );
});

it('shows an order and its actions within the budget, and more with a larger one', async () => {
  const orders = await shop.db.order.findMany({ take: 40 });
  for (const order of orders) {
    let shorter = new Set<string>();
    for (const maxTokens of [200, 400, 1_000, 2_000]) {
      const args = { customerId: encodeId('Customer', order.customerId ?? ''), orderId: encodeId('Order', order.id) };
      const { text, data, result } = await agent.read('get_order', { ...args, ...verified, maxTokens });
      const { content, structuredContent } = result;
      const lines = new Set(text.split('\n').filter((line) => !line.startsWith('OMITTED')));

      expect(encode(JSON.stringify({ content, structuredContent })).length).toBeLessThanOrEqual(maxTokens);
      expect([...shorter].filter((line) => !lines.has(line))).toEqual([]);
      expect(data.allowedActions === undefined).toBe(!/^ALLOWED/m.test(text));
      shorter = lines;
    }
    expect(shorter.size).toBeGreaterThan(6);
  }
});
