import { type CustomerKeyInput, resolveCustomers } from '../customers/keys.ts';
import { deleteRows, inOrder, insertRows, updateRows } from '../db/bulk.ts';
import type { Db, Tx } from '../db/database.ts';
import { findEntities, identifyByKey, resolveEntities } from '../db/entity-keys.ts';
import { lockRows } from '../db/transact.ts';
import { inSteps, type Writer, writeOne } from '../db/writer.ts';
import { DomainError } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { attempt, refused, type Written } from '../lib/written.ts';
import { type OrderInput, orderInput } from './input.ts';
import { type OrderPlan, type OrderReferences, planOrder, type StoredOrder, withDetails } from './plan.ts';
import { addPurchases, type Purchase, refreshOrders, refreshPurchases, refreshStatistics } from './statistics.ts';

/** Creates or updates the order that the key means, and says which. */
export function upsertOrder(db: Db, input: unknown): Promise<Written> {
  return writeOne(db, orderWriter, input);
}

export const orderWriter: Writer<OrderInput> = {
  parse: (input) => parseInput(orderInput, input),
  write: inSteps({
    identify: (tx, items: OrderInput[]) => identifyByKey(tx, 'Order', items),
    weigh: ({ input }) => 1 + (input.lines?.length ?? 0),
    async read(tx, subjects) {
      const references = await resolveReferences(
        tx,
        subjects.map(({ input }) => input),
      );
      const customerIds = references.flatMap((each) => (refused(each) ? [] : (each.customerId ?? [])));
      const stored = await readOrders(
        tx,
        subjects.flatMap(({ id }) => id ?? []),
        customerIds,
      );
      return { references, stored };
    },
    plan({ input, id }, { references, stored }, i): OrderPlan {
      const resolved = references[i];
      if (!resolved || refused(resolved)) throw resolved ?? new Error('Nothing was resolved.');
      return planOrder(input, resolved, stored.get(id ?? '') ?? null);
    },
    write: writePlans,
  }),
};

async function resolveReferences(tx: Tx, items: OrderInput[]): Promise<(OrderReferences | DomainError)[]> {
  const customers = await resolveCustomers(
    tx,
    items.map((item): CustomerKeyInput | null => item.customer ?? null),
    'customer',
  );
  const locations = await resolveEntities(
    tx,
    'Location',
    items.map(({ location }) => location),
    'location',
  );
  const lines = items.flatMap((item) => item.lines ?? []);
  const productIds = await findEntities(
    tx,
    'Product',
    lines.map(({ product }) => product),
  );
  const titles = await titlesOf(
    tx,
    lines.flatMap(({ title }, i) => (title ? [] : (productIds[i] ?? []))),
  );
  const variants = await variantsOf(
    tx,
    lines.flatMap(({ sku }, i) => (sku && productIds[i] ? [{ sku, productId: productIds[i] }] : [])),
  );

  let next = 0;
  return items.map((item, i) => {
    const at = next;
    next += item.lines?.length ?? 0;
    const [customerId, locationId] = [customers[i], locations[i]];
    if (refused(customerId)) return customerId;
    if (refused(locationId)) return locationId;
    return attempt(() => ({
      // Nothing given leaves what is stored; null takes it away.
      customerId: item.customer === undefined ? undefined : customerId,
      locationId: item.location === undefined ? undefined : locationId,
      lines: (item.lines ?? []).map(({ product, sku, title }, n) => {
        const productId = productIds[at + n] ?? null;
        if (product && !productId)
          throw new DomainError('NOT_FOUND', 'No such product.', { field: ['lines', n, 'product'] });
        const variantId = variants.get(`${productId}\n${sku}`) ?? null;
        return { productId, variantId, title: title ?? titles.get(productId ?? '') ?? '' };
      }),
    }));
  });
}

async function titlesOf(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.product.findMany({
    where: { workspaceId: tx.workspaceId, id: { in: ids } },
    select: { id: true, title: true },
  });
  return new Map(rows.map(({ id, title }) => [id, title]));
}

async function variantsOf(tx: Tx, wanted: { productId: string; sku: string }[]): Promise<Map<string, string>> {
  if (wanted.length === 0) return new Map();
  const products = [...new Set(wanted.map(({ productId }) => productId))];
  const skus = [...new Set(wanted.map(({ sku }) => sku))];
  const rows = await tx.$queryRaw<{ id: string; productId: string; sku: string }[]>`
    SELECT "id"::text, "productId"::text, "sku" FROM "ProductVariant"
    WHERE "workspaceId" = ${tx.workspaceId}::uuid AND "productId" = ANY (${products}::uuid[]) AND "sku" = ANY (${skus}::text[])`;
  return new Map(rows.map(({ id, productId, sku }) => [`${productId}\n${sku}`, id]));
}

// Locks the customers, old and new, and then the orders, before anything of theirs is read.
async function readOrders(tx: Tx, ids: string[], customerIds: string[]): Promise<Map<string, StoredOrder>> {
  const { workspaceId } = tx;
  const where = { workspaceId, id: { in: ids } };
  const owners = ids.length > 0 ? await tx.order.findMany({ where, select: { customerId: true } }) : [];
  await lockRows(tx, 'Customer', [...customerIds, ...owners.flatMap(({ customerId }) => customerId ?? [])]);
  await lockRows(tx, 'Order', ids);
  const rows = ids.length > 0 ? await tx.order.findMany({ where, include: withDetails }) : [];
  return new Map(rows.map((row) => [row.id, row]));
}

function writePlans(plans: OrderPlan[]) {
  const now = new Date();
  const created = plans.filter(({ outcome }) => outcome === 'CREATED');
  const updated = plans.filter(({ outcome }) => outcome === 'UPDATED');
  const changed = updated.flatMap(({ lines }) => lines.changed);
  const idsOf = (some: OrderPlan[]) => some.map(({ id }) => id);
  const recounted = [...updated, ...created.filter(({ payments }) => payments)];
  const pairs = updated.flatMap(({ customerIds, productIds }) =>
    customerIds.flatMap((customerId) => productIds.map((productId) => ({ customerId, productId }))),
  );
  return inOrder(
    insertRows(
      'Order',
      created.map(({ row }) => ({ ...row, ...statedAmounts(row), createdAt: now, updatedAt: now })),
    ),
    updateRows(
      'Order',
      updated.map(({ row }) => ({ ...row, updatedAt: now })),
    ),
    deleteRows(
      'OrderLine',
      'id',
      updated.flatMap(({ lines }) => lines.removed),
    ),
    insertRows(
      'OrderLine',
      plans.flatMap(({ lines }) => lines.added),
    ),
    // Whole lines, and those of which only the customer is another.
    updateRows(
      'OrderLine',
      changed.filter((line) => 'orderId' in line),
    ),
    updateRows(
      'OrderLine',
      changed.filter((line) => !('orderId' in line)),
    ),
    deleteRows('Payment', 'orderId', idsOf(updated.filter(({ payments }) => payments))),
    insertRows(
      'Payment',
      plans.flatMap(({ payments }) => payments ?? []),
    ),
    deleteRows('Fulfillment', 'orderId', idsOf(updated.filter(({ fulfillments }) => fulfillments))),
    insertRows(
      'Fulfillment',
      plans.flatMap(({ fulfillments }) => fulfillments ?? []),
    ),
    (tx) => refreshOrders(tx, idsOf(recounted)),
    (tx) => refreshStatistics(tx, [...new Set(plans.flatMap(({ customerIds }) => customerIds))]),
    addPurchases(created.flatMap(purchasesOf)),
    (tx) => refreshPurchases(tx, pairs),
  );
}

function purchasesOf({ row: { id: orderId, customerId, placedAt, status }, lines }: OrderPlan): Purchase[] {
  if (customerId === null || ['DRAFT', 'CANCELED', 'EXPIRED'].includes(status)) return [];
  return lines.added.flatMap(({ productId, quantity }) =>
    productId ? [{ customerId, productId, orderId, quantity, placedAt }] : [],
  );
}

// A new order without payments or returns: what its stated payment status says.
function statedAmounts({ paymentStatus, total }: OrderPlan['row']) {
  const isPaid = ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(paymentStatus);
  return {
    amountPaid: isPaid ? total : 0,
    amountRefunded: paymentStatus === 'REFUNDED' ? total : 0,
    amountReturned: 0,
  };
}
