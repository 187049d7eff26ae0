import type { Db } from '../src/db/database.ts';
import { models } from '../src/db/datamodel.ts';
import type { OrderAction } from '../src/db/generated/prisma/enums.ts';
import { tauRetail } from '../src/import/formats/tau-retail.ts';
import { encodeId } from '../src/lib/ids.ts';
import type { Tenant } from './api.ts';
import { runImport } from './run-import.ts';

/** Statuses of the orders in tau-retail, and how they are stored. */
const statuses = {
  pending: { status: 'UNFULFILLED' },
  processed: { status: 'FULFILLED', fulfillments: { some: { status: 'IN_TRANSIT' } } },
  delivered: { status: 'FULFILLED', fulfillments: { some: { status: 'DELIVERED' } } },
  cancelled: { status: 'CANCELED' },
} as const;

export type RetailStatus = keyof typeof statuses;

export const mutations: Record<OrderAction, string> = {
  CANCEL: 'cancelOrder',
  CHANGE_SHIPPING_ADDRESS: 'updateOrderShippingAddress',
  CHANGE_PAYMENT_METHOD: 'updateOrderPaymentMethod',
  CHANGE_ITEMS: 'updateOrderItems',
  REQUEST_RETURN: 'requestReturn',
  REQUEST_EXCHANGE: 'requestExchange',
};

const withAll = {
  lines: { orderBy: { position: 'asc' }, include: { product: { include: { variants: true } } } },
  payments: { include: { paymentMethod: true } },
} as const;

export type RetailOrder = Awaited<ReturnType<typeof readOrder>>;

export function readOrder(db: Db, id: string) {
  const where = { workspaceId_id: { workspaceId: db.workspaceId, id } };
  return db.order.findUniqueOrThrow({ where, include: withAll });
}

export type Retail = Awaited<ReturnType<typeof openRetail>>;

/** The shop of tau-retail under its policy, and its orders one after another. */
export async function openRetail(shop: Tenant) {
  const paths = ['orders.json.gz', 'users.json.gz', 'products.json.gz'].map((file) => `sample/retail/${file}`);
  await runImport(shop.db, tauRetail, paths, { undatedAt: new Date('2026-01-01T09:00:00Z') });
  await shop.data('mutation { setOrderPolicy(input: { shipped: "retail" }) { outcome } }');
  const taken = new Set<string>();

  /** Returns an order of a status that no test has used yet, paid with a method of a kind. */
  async function take(status: RetailStatus, paidWith: string): Promise<RetailOrder> {
    const payments = { some: { method: paidWith } };
    const where = { ...statuses[status], payments, id: { notIn: [...taken] } };
    const { id, customerId } = await shop.db.order.findFirstOrThrow({ where, orderBy: { placedAt: 'asc' } });
    // The next order is that of another customer, whose payment methods no test has changed.
    for (const each of await shop.db.order.findMany({ where: { customerId }, select: { id: true } }))
      taken.add(each.id);
    return readOrder(shop.db, id);
  }

  /** Records a new payment method of the order's customer, and returns its key. */
  async function method(order: RetailOrder, input: object): Promise<{ id: string }> {
    const key = { externalId: { source: 'test', value: `${order.number}-${JSON.stringify(input)}` } };
    const customer = { id: encodeId('Customer', order.customerId ?? '') };
    const { upsertPaymentMethod } = await shop.data(
      `mutation ($input: UpsertPaymentMethodInput!) { upsertPaymentMethod(input: $input) { paymentMethod { id } } }`,
      { input: { key, customer, ...input } },
    );
    return { id: upsertPaymentMethod.paymentMethod.id };
  }

  const giftCard = (order: RetailOrder, balance: string, currencyCode = 'USD') =>
    method(order, { kind: 'GIFT_CARD', balance, currencyCode });
  const paypal = (order: RetailOrder) => method(order, { kind: 'PAYPAL' });

  /** Sends an action on the order, and returns the response. */
  function act(action: OrderAction, order: RetailOrder, input: object) {
    const name = mutations[action];
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { action: ${name}(input: $input) { outcome isDryRun policyVersion returnId
      priceDifference { amount } payments { kind method isExpected minBusinessDays maxBusinessDays paymentMethodId amount { amount } }
      order { status paymentStatus version amountPaid { amount } amountRefunded { amount } total { amount } } } }`;
    return shop.send(document, { input: { order: { id: encodeId('Order', order.id) }, ...input } });
  }

  /** Returns a variant of another product than that of the first line. */
  async function variantOfOther({ lines }: RetailOrder): Promise<string> {
    const productId = { not: lines[0]?.productId ?? '' };
    const { id } = await shop.db.productVariant.findFirstOrThrow({ where: { productId } });
    return encodeId('ProductVariant', id);
  }

  return { take, method, giftCard, paypal, variantOfOther, act };
}

/** Returns a variant of the product of a line that is not the one that was sold. */
export function otherVariant({ lines }: RetailOrder, isAvailable: boolean, at = 0) {
  const line = lines[at];
  const found = line?.product?.variants.find((each) => each.isAvailable === isAvailable && each.id !== line.variantId);
  if (!line || !found) throw new Error('The product has no such variant.');
  return {
    item: { line: encodeId('OrderLine', line.id), variant: encodeId('ProductVariant', found.id) },
    line,
    variant: found,
  };
}

// Requests change these, even if they are refused.
const volatile = ['ApiKey', 'RateLimit'];

/** Returns what identifies the content of all tables, by table: the versions of their rows, which any write replaces. */
export async function contentOf(db: Db): Promise<Record<string, string>> {
  const names = Object.keys(models).filter((name) => !volatile.includes(name));
  const contents = names.map(
    (
      name,
    ) => `SELECT '${name}' AS name, concat(count(*), ' ', sum(hashtext(t.ctid::text || t.xmin::text)::bigint)) AS content
      FROM "${name}" t`,
  );
  const rows = await db.query<{ name: string; content: string }>({ text: contents.join(' UNION ALL '), values: [] });
  return Object.fromEntries(rows.map(({ name, content }) => [name, content]));
}
