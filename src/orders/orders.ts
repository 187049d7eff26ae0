import { isCounted } from '../db/counted-orders.ts';
import type { Db, Tx } from '../db/database.ts';
import { type Identified, identifyByKey } from '../db/entity-keys.ts';
import type { Statement } from '../db/statements.ts';
import type { Bulk } from '../db/write/bulk.ts';
import { type BulkWriter, bulkUpsert, writeOne } from '../db/write/bulk-upsert.ts';
import { lockRows } from '../db/write/transact.ts';
import { keep } from '../lib/changes.ts';
import { DomainError } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { zero } from '../lib/money.ts';
import { refused, type UpsertResult } from '../lib/upsert-result.ts';
import { checkMove, lockBuyers, withoutPersonal } from './erased-buyer.ts';
import { type OrderInput, orderInput } from './input.ts';
import { checkLineNames, checkParts, keysOfParts, ownersOfParts } from './parts.ts';
import { withoutOthersMethods } from './payment-methods/others-methods.ts';
import { paymentStatusOf, statedAmounts } from './payments/payment-status.ts';
import { type OrderPlan, planOrder } from './plan.ts';
import { type OrderReferences, resolveReferences } from './references.ts';
import { refreshOrders } from './refresh-orders.ts';
import { addPurchases, type Purchase, refreshPurchases } from './statistics/purchases.ts';
import { addToStatistics, refreshStatistics } from './statistics/statistics.ts';
import { type StoredOrder, withDetails } from './stored-order.ts';

/** Creates or updates the order identified by the key, and returns which of the two happened. */
export function upsertOrder(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, orderWriter, input);
}

type Subject = Identified<OrderInput> & { refersTo: OrderReferences; owners: Map<string, string> };

export const orderWriter: BulkWriter<OrderInput> = {
  parse(input) {
    const order = parseInput(orderInput, input);
    keysOfParts(order);
    checkLineNames(order);
    return order;
  },
  ...bulkUpsert({
    weigh: ({ lines }) => 1 + (lines?.length ?? 0),
    async identify(tx, items: OrderInput[]): Promise<(Subject | DomainError)[]> {
      const [identified, references, owners] = await Promise.all([
        identifyByKey(tx, 'Order', items),
        resolveReferences(tx, items),
        ownersOfParts(tx, items),
      ]);
      return identified.map((each, i) => {
        const refersTo = references[i] ?? new DomainError('INTERNAL', 'The references of an order were not resolved.');
        if (refused(refersTo)) return refersTo;
        // An earlier order of the batch may give up one of these payments or shipments. Orders that share one are
        // therefore written one after another.
        const parts = keysOfParts(each.input).flatMap((key) => [key, owners.get(key) ?? key]);
        return { ...each, keys: [...each.keys, ...parts], refersTo, owners };
      });
    },
    read: (tx, subjects) =>
      readOrders(
        tx,
        subjects.flatMap(({ id }) => id ?? []),
        subjects.flatMap(({ refersTo: { customerId } }) => customerId ?? []),
      ),
    plan(subject, { stored, erased }) {
      const { id, owners } = subject;
      const before = stored.get(id ?? '') ?? null;
      const buyer = keep(subject.refersTo.customerId, before?.customerId);
      if (before) checkMove(before.customerId, buyer, erased, 'customer');
      const { input, refersTo } = buyer && erased.has(buyer) ? withoutPersonal(subject) : subject;
      const plan = planOrder(input, refersTo, before);
      checkParts(input, plan.id, owners);
      return plan;
    },
    write: writePlans,
  }),
};

/** Reads orders after it has locked them, and before them their old and new customers. */
export async function readOrders(tx: Tx, ids: string[], customerIds: string[]) {
  const { workspaceId } = tx;
  const where = { workspaceId, id: { in: ids } };
  const owners = ids.length > 0 ? await tx.order.findMany({ where, select: { customerId: true } }) : [];
  const erased = await lockBuyers(tx, [...customerIds, ...owners.flatMap(({ customerId }) => customerId ?? [])]);
  await lockRows(tx, 'Order', ids);
  const rows = ids.length > 0 ? await tx.order.findMany({ where, include: withDetails }) : [];
  return { stored: new Map<string, StoredOrder>(rows.map((row) => [row.id, row])), erased };
}

/** Returns the statements that carry out the plans. */
export function writePlans(plans: OrderPlan[], bulk: Bulk): Statement[] {
  const now = new Date();
  const created = plans.filter(({ outcome }) => outcome === 'CREATED');
  const updated = plans.filter(({ outcome }) => outcome === 'UPDATED');
  const idsOf = (some: OrderPlan[]) => some.map(({ id }) => id);
  // A new order without payments is added to the stored statistics. Any other order needs a recount of its customers.
  const recounted = plans.filter(({ outcome, payments }) => outcome === 'UPDATED' || payments !== null);
  const pairs = updated.flatMap(({ customerIds, productIds }) =>
    customerIds.flatMap((customerId) => productIds.map((productId) => ({ customerId, productId }))),
  );
  return [
    ...bulk.insert(
      'Order',
      created.map(({ row }) => ({ ...row, ...derivedOfNew(row), createdAt: now, updatedAt: now })),
    ),
    ...bulk.update(
      'Order',
      updated.map(({ row }) => ({ ...row, updatedAt: now })),
    ),
    ...bulk.delete(
      'OrderLine',
      'id',
      updated.flatMap(({ lines }) => lines.removed),
    ),
    ...bulk.insert(
      'OrderLine',
      plans.flatMap(({ lines }) => lines.added),
    ),
    ...bulk.update(
      'OrderLine',
      updated.flatMap(({ lines }) => lines.changed),
    ),
    ...bulk.delete('Payment', 'orderId', idsOf(updated.filter(({ payments }) => payments))),
    ...bulk.insert(
      'Payment',
      plans.flatMap(({ payments }) => payments ?? []),
    ),
    ...withoutOthersMethods(bulk.workspaceId, idsOf(updated.filter(isMoved))),
    ...bulk.delete('Fulfillment', 'orderId', idsOf(updated.filter(({ fulfillments }) => fulfillments))),
    ...bulk.insert(
      'Fulfillment',
      plans.flatMap(({ fulfillments }) => fulfillments ?? []),
    ),
    ...refreshOrders(bulk.workspaceId, new Map(recounted.map(({ id, row }) => [id, row.changedAt])), {
      ordersWritten: true,
    }),
    ...addToStatistics(
      bulk,
      created.flatMap(({ row }) => (counts(row) ? { ...row, ...derivedOfNew(row) } : [])),
    ),
    ...refreshStatistics(bulk.workspaceId, [...new Set(recounted.flatMap(({ customerIds }) => customerIds))]),
    ...addPurchases(bulk, created.flatMap(purchasesOf)),
    ...refreshPurchases(bulk.workspaceId, pairs),
  ];
}

// Whether an updated order moves to another customer. A guest has no customer.
function isMoved({ customerIds: [after, before] }: OrderPlan): boolean {
  return after !== before;
}

// Whether an order counts in the statistics of its customer.
function counts<Row extends OrderPlan['row']>(row: Row): row is Row & { customerId: string } {
  return row.customerId !== null && isCounted(row.statedStatus);
}

function purchasesOf({ row, lines }: OrderPlan): Purchase[] {
  if (!counts(row)) return [];
  const { id: orderId, customerId, placedAt } = row;
  return lines.added.flatMap(({ productId, quantity }) =>
    productId ? [{ customerId, productId, orderId, quantity, placedAt }] : [],
  );
}

// The derived columns of a new order without payments. An order with payments is refreshed right after the insert.
function derivedOfNew({ statedStatus, statedPaymentStatus: stated, total }: OrderPlan['row']) {
  const { paid, refunded } = statedAmounts(stated, total);
  return {
    status: statedStatus,
    paymentStatus: paymentStatusOf({ total, paid, refunded, isRecorded: false, stated }),
    amountPaid: paid,
    amountRefunded: refunded,
    amountReturned: zero,
  };
}
