import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { encodeId } from '../../lib/ids.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const set = `mutation ($input: SetOrderPolicyInput!) { setOrderPolicy(input: $input) { outcome orderPolicy { version name } } }`;
const list = '{ orderPolicies { nodes { version name rules } } }';
const key = { externalId: { source: 'shop', value: 'o1' } };
const cancel = { statuses: ['UNFULFILLED'] };
const rulesOf = (CANCEL: object) => ({ name: 'mine', actions: { CANCEL } });

await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
  input: { key, placedAt: '2026-01-05T10:00:00Z', currencyCode: 'PLN', total: '20', paymentStatus: 'PAID' },
});

const cancelOrder = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { policyVersion order { status paymentStatus } } }`;
const allowed = `query ($by: OrderKey!) { order(by: $by) { allowedActions { action isAllowed possibleUntil refusals { code } } } }`;

describe('without a policy', () => {
  it('allows nothing, and says so', async () => {
    const { order } = await shop.data(allowed, { by: key });
    const { extensions } = await shop.error(cancelOrder, { input: { order: key } });

    expect(order.allowedActions).toHaveLength(6);
    for (const each of order.allowedActions)
      expect(each).toMatchObject({ isAllowed: false, refusals: [{ code: 'NO_POLICY' }] });
    expect(extensions).toEqual({ code: 'CONFLICT', field: ['order'], refusal: 'NO_POLICY' });
  });
});

describe('setOrderPolicy', () => {
  it('adds a version for each change, and keeps the earlier ones', async () => {
    const outcomes = [];
    for (const input of [{ shipped: 'retail' }, { shipped: 'retail' }, { rules: rulesOf(cancel), expectedVersion: 1 }])
      outcomes.push((await shop.data(set, { input })).setOrderPolicy);
    const { orderPolicies } = await shop.data(list);

    expect(outcomes).toEqual([
      { outcome: 'CREATED', orderPolicy: { version: 1, name: 'retail' } },
      { outcome: 'NOOP', orderPolicy: { version: 1, name: 'retail' } },
      { outcome: 'UPDATED', orderPolicy: { version: 2, name: 'mine' } },
    ]);
    expect(orderPolicies.nodes.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    expect(orderPolicies.nodes[0].rules.actions.CANCEL).toEqual({ ...cancel, deliveredOnly: false, notAfter: [] });
  });

  it.each([
    ['nothing', {}, 'INVALID_INPUT', ['rules']],
    ['both', { shipped: 'retail', rules: rulesOf(cancel) }, 'INVALID_INPUT', ['rules']],
    ['an unknown name', { shipped: 'toString' }, 'NOT_FOUND', ['shipped']],
    ['no statuses', { rules: rulesOf({ statuses: [] }) }, 'INVALID_INPUT', ['rules', 'actions', 'CANCEL', 'statuses']],
    [
      'a final status',
      { rules: rulesOf({ statuses: ['CANCELED'] }) },
      'INVALID_INPUT',
      ['rules', 'actions', 'CANCEL', 'statuses', 0],
    ],
    [
      'a rule of another action',
      { rules: rulesOf({ ...cancel, sameProductOnly: true }) },
      'INVALID_INPUT',
      ['rules', 'actions', 'CANCEL', 'sameProductOnly'],
    ],
    [
      'an unknown action',
      { rules: { name: 'x', actions: { GIFT_WRAP: cancel } } },
      'INVALID_INPUT',
      ['rules', 'actions', 'GIFT_WRAP'],
    ],
    [
      'half a day',
      { rules: rulesOf({ ...cancel, within: { days: 0.5, since: 'PLACED' } }) },
      'INVALID_INPUT',
      ['rules', 'actions', 'CANCEL', 'within', 'days'],
    ],
    ['another version', { rules: rulesOf(cancel), expectedVersion: 9 }, 'CONFLICT', ['expectedVersion']],
  ])('refuses %s', async (_what, input, code, field) => {
    const before = await shop.data(list);

    const { extensions } = await shop.error(set, { input });

    expect(extensions).toMatchObject({ code, field });
    expect(await shop.data(list)).toEqual(before);
  });
});

describe('an action', () => {
  it('is refused after its time, or if the policy leaves it out', async () => {
    await shop.data(set, { input: { rules: rulesOf({ ...cancel, within: { days: 10, since: 'PLACED' } }) } });

    const { order } = await shop.data(allowed, { by: key });
    const { extensions } = await shop.error(cancelOrder, { input: { order: key } });

    expect(extensions.refusal).toBe('WINDOW_OVER');
    expect(order.allowedActions.slice(0, 2)).toEqual([
      {
        action: 'CANCEL',
        isAllowed: false,
        possibleUntil: '2026-01-15T10:00:00.000Z',
        refusals: [{ code: 'WINDOW_OVER' }],
      },
      {
        action: 'CHANGE_SHIPPING_ADDRESS',
        isAllowed: false,
        possibleUntil: null,
        refusals: [{ code: 'NOT_IN_POLICY' }],
      },
    ]);
  });

  it('is refused if the order has changed since it was read', async () => {
    const { extensions } = await shop.error(cancelOrder, { input: { order: key, expectedVersion: 9 } });

    expect(extensions).toMatchObject({ code: 'CONFLICT', currentVersion: 1 });
  });

  it('cancels a guest’s order whose payments are not recorded', async () => {
    await shop.data(set, { input: { rules: rulesOf(cancel) } });

    const { cancelOrder: canceled } = await shop.data(cancelOrder, { input: { order: key } });

    expect(canceled).toEqual({ policyVersion: 4, order: { status: 'CANCELED', paymentStatus: 'REFUNDED' } });
  });
});

describe('an order with several units in a line', () => {
  const input = { externalId: { source: 'shop', value: 'o2' } };
  const product = { externalId: { source: 'shop', value: 'p' } };
  const items = { statuses: ['UNFULFILLED'], notAfter: [] };

  it('splits the line if only some units change', async () => {
    await shop.data(
      `mutation ($product: ProductKey!) { upsertProduct(input: { key: $product, title: "Mug", variants: [
      { sku: "red", price: "10", currencyCode: "PLN" }, { sku: "blue", price: "12.50", currencyCode: "PLN" } ] }) { outcome } }`,
      { product },
    );
    await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
      input: {
        key: input,
        placedAt: '2026-01-05T10:00:00Z',
        currencyCode: 'PLN',
        discount: '3',
        lines: [{ product, sku: 'red', quantity: 3, unitPrice: '10' }],
      },
    });
    await shop.data(set, { input: { rules: { name: 'items', actions: { CHANGE_ITEMS: items } } } });
    const line = await shop.db.orderLine.findFirstOrThrow({ where: { sku: 'red' } });
    const variant = await shop.db.productVariant.findFirstOrThrow({ where: { sku: 'blue' } });

    const { updateOrderItems } = await shop.data(
      `mutation ($input: UpdateOrderItemsInput!) { updateOrderItems(input: $input) { priceDifference { amount } payments { kind }
        order { total { amount } lines { nodes { id sku quantity unitPrice { amount } } } } } }`,
      {
        input: {
          order: input,
          items: [
            { line: encodeId('OrderLine', line.id), variant: encodeId('ProductVariant', variant.id), quantity: 1 },
          ],
        },
      },
    );

    expect(updateOrderItems).toMatchObject({
      priceDifference: { amount: '2.50' },
      payments: [],
      order: {
        total: { amount: '29.50' },
        lines: {
          nodes: [
            { id: encodeId('OrderLine', line.id), sku: 'red', quantity: 2, unitPrice: { amount: '10.00' } },
            { sku: 'blue', quantity: 1, unitPrice: { amount: '12.50' } },
          ],
        },
      },
    });
  });
});
