import * as z from 'zod';
import type { Db, Tx } from '../../db/database.ts';
import { entityKey, externalIdColumns, findEntities, resolveEntities } from '../../db/entity-keys.ts';
import type { OrderStatus, Prisma } from '../../db/generated/prisma/client.ts';
import { lockRows, transact } from '../../db/write/transact.ts';
import { changedAt, differs } from '../../lib/changes.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { currencyCode, parseInput } from '../../lib/fields.ts';
import { encodeId, newId } from '../../lib/ids.ts';
import { amount } from '../../lib/money.ts';
import type { UpsertResult } from '../../lib/upsert-result.ts';
import { lockBuyers } from '../erased-buyer.ts';
import { fulfillmentInput, paymentInput } from '../input.ts';
import { checkMethod, findPaymentMethods } from '../references.ts';
import { refreshOrders } from '../refresh-orders.ts';
import { refreshStatistics } from '../statistics/statistics.ts';
import { bounded, paidAmount } from '../totals.ts';
import { settledBy } from './payment-status.ts';

const newPayment = paymentInput.extend({ order: entityKey('Order'), currencyCode: currencyCode().nullish() });

/** Records a payment or refund, and updates the order's payment status and the customer's statistics. */
export async function recordPayment(db: Db, input: unknown): Promise<UpsertResult> {
  const payment = parseInput(newPayment, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const { order, isErased } = await lockOrder(tx, payment.order);
    if (payment.currencyCode && payment.currencyCode !== order.currencyCode) {
      throw invalid(`\`currencyCode\` must be ${order.currencyCode}, the currency of the order.`, 'currencyCode');
    }
    paidAmount(payment.amount, order.currencyCode, 'amount');
    const [paidBy = null] = isErased ? [] : await findPaymentMethods(tx, [payment]);
    if (payment.paymentMethod && !isErased) checkMethod(paidBy, order.customerId, 'paymentMethod');
    const { externalId } = payment;
    if (externalId) {
      const [known] = await findEntities(tx, 'Payment', [{ externalId }]);
      if (known) {
        const stored = await tx.payment.findUniqueOrThrow({ where: { workspaceId_id: { workspaceId, id: known } } });
        if (stored.orderId === order.id) checkSame(payment, stored);
        return noop(order.id, stored);
      }
    }

    if (await nameUnnamed(tx, order.id, payment)) return { id: order.id, outcome: 'UPDATED' };
    await checkBalance(tx, payment, order);
    const { kind, method } = payment;
    const occurredAt = payment.occurredAt ?? new Date();
    const own = {
      workspaceId,
      id: newId(),
      orderId: order.id,
      customerId: order.customerId,
      ...externalIdColumns(externalId),
      currencyCode: order.currencyCode,
    };
    await tx.payment.create({
      data: { ...own, kind, method, paymentMethodId: paidBy?.id ?? null, amount: payment.amount.toFixed(), occurredAt },
    });
    const changed = changedAt(order.changedAt, occurredAt);
    await tx.sendAll(refreshOrders(workspaceId, new Map([[order.id, changed]])));
    if (order.customerId) await tx.sendAll(refreshStatistics(workspaceId, [order.customerId]));
    return { id: order.id, outcome: 'UPDATED' };
  });
}

// A recorded payment is not changed by another payment with the same external ID.
function checkSame({ kind, amount: sum }: z.output<typeof paymentInput>, stored: Prisma.PaymentModel): void {
  if (stored.kind === kind && amount(stored.amount).equals(sum)) return;
  const message =
    'This payment is recorded with another kind or amount. To correct it, send the order with all its payments.';
  throw new DomainError('CONFLICT', message, { field: ['amount'], conflictingId: encodeId('Payment', stored.id) });
}

// Together with the stored payments, refunds must not exceed payments.
async function checkBalance(tx: Tx, { kind, amount: added }: z.output<typeof paymentInput>, order: Prisma.OrderModel) {
  const where = { workspaceId: tx.workspaceId, orderId: order.id };
  const stored = await tx.payment.findMany({ where, select: { kind: true, amount: true } });
  const payments = stored.map((each) => ({ kind: each.kind, amount: amount(each.amount) }));
  const known = { ...order, total: amount(order.total) };
  const { paid, refunded } = settledBy([...payments, { kind, amount: added }], known);
  bounded(paid, 'amount');
  if (refunded.lte(paid)) return;
  const before = settledBy(payments, known);
  const message =
    kind === 'REFUND'
      ? `Only ${before.paid.minus(before.refunded).toFixed()} can still be refunded. Send at most that amount.`
      : 'The amount paid would be less than the amount already refunded. Send the order with all its payments.';
  throw invalid(message, 'amount');
}

// Gives the external ID to a stored payment without one that is otherwise the same. Returns whether there was one.
async function nameUnnamed(tx: Tx, orderId: string, payment: z.output<typeof paymentInput>): Promise<boolean> {
  const { externalId, kind, method, occurredAt } = payment;
  if (!externalId || !occurredAt) return false;
  const { workspaceId } = tx;
  const said = { kind, method, amount: payment.amount.toFixed(), occurredAt };
  const unnamed = await tx.payment.findFirst({ where: { workspaceId, orderId, externalId: null, ...said } });
  if (!unnamed) return false;
  const where = { workspaceId_id: { workspaceId, id: unnamed.id } };
  await tx.payment.update({ where, data: externalIdColumns(externalId) });
  return true;
}

const newFulfillment = fulfillmentInput.extend({ order: entityKey('Order'), completesOrder: z.boolean().nullish() });

/** Records a shipment or updates a known one, and updates the order's status. */
export async function recordFulfillment(db: Db, input: unknown): Promise<UpsertResult> {
  const { order: key, externalId, completesOrder, ...shipment } = parseInput(newFulfillment, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const { order, isErased } = await lockOrder(tx, key);
    // A tracking number can lead to a name and address, so it is not stored for erased customers.
    const given = isErased && shipment.trackingNumber ? { ...shipment, trackingNumber: null } : shipment;
    const known = await knownShipment(tx, order.id, externalId, shipment.trackingNumber ? given : null);
    const waiting = ['UNCONFIRMED', 'UNFULFILLED', 'PARTIALLY_FULFILLED'].includes(order.statedStatus);
    const sent = ['IN_TRANSIT', 'DELIVERED'].includes(given.status);
    const moved: OrderStatus = completesOrder === false ? 'PARTIALLY_FULFILLED' : 'FULFILLED';
    const statedStatus = waiting && sent ? moved : order.statedStatus;
    // Omitted fields of a known shipment keep their values.
    const named = externalId ? externalIdColumns(externalId) : {};
    const said = { ...named, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
    const ofKnown = known && { workspaceId_id: { workspaceId, id: known } };
    const stored = ofKnown && (await tx.fulfillment.findUniqueOrThrow({ where: ofKnown }));
    if (stored) noop(order.id, stored);
    if (stored && !differs(said, stored) && statedStatus === order.statedStatus)
      return { id: order.id, outcome: 'NOOP' };

    const changed = changedAt(order.changedAt, given.deliveredAt ?? given.shippedAt);
    const data = { changedAt: changed, updatedAt: new Date(), statedStatus };
    // The order goes first: its update keeps the previous state together with the shipments it had.
    await tx.order.update({ where: { workspaceId_id: { workspaceId, id: order.id } }, data });
    if (ofKnown) await tx.fulfillment.update({ where: ofKnown, data: said });
    else {
      const row = {
        workspaceId,
        id: newId(),
        orderId: order.id,
        customerId: order.customerId,
        ...externalIdColumns(externalId),
        createdAt: new Date(),
      };
      await tx.fulfillment.create({ data: { ...row, status: given.status, ...said } });
    }
    await tx.sendAll(refreshOrders(workspaceId, new Map([[order.id, changed]]), { ordersWritten: true }));
    return { id: order.id, outcome: 'UPDATED' };
  });
}

// Finds a shipment by its external ID, else the order's shipment with the same tracking number, if it has no other
// external ID. Shipments of erased customers have no tracking number and are not distinguished.
async function knownShipment(
  tx: Tx,
  orderId: string,
  externalId: z.output<typeof fulfillmentInput>['externalId'],
  tracked: { trackingNumber?: string | null | undefined } | null,
): Promise<string | null> {
  const [named] = externalId ? await findEntities(tx, 'Fulfillment', [{ externalId }]) : [];
  if (named || !tracked) return named ?? null;
  const { trackingNumber = null } = tracked;
  const where = { workspaceId: tx.workspaceId, orderId, trackingNumber, ...(externalId && { externalId: null }) };
  const shipment = await tx.fulfillment.findFirst({ where, select: { id: true }, orderBy: { createdAt: 'asc' } });
  return shipment?.id ?? null;
}

// Locks the order and its customer. `isErased` says whether the customer was erased.
async function lockOrder(tx: Tx, key: z.output<ReturnType<typeof entityKey>>) {
  const [id] = await resolveEntities(tx, 'Order', [key], 'order');
  if (typeof id !== 'string') throw id ?? new DomainError('NOT_FOUND', 'No order has this ID.', { field: ['order'] });
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  const { customerId } = await tx.order.findUniqueOrThrow({ where, select: { customerId: true } });
  const erased = await lockBuyers(tx, customerId ? [customerId] : []);
  await lockRows(tx, 'Order', [id]);
  return { order: await tx.order.findUniqueOrThrow({ where }), isErased: erased.size > 0 };
}

// The record is already stored: NOOP for this order, CONFLICT if another order owns it.
function noop(orderId: string, stored: { orderId: string }): UpsertResult {
  if (stored.orderId === orderId) return { id: orderId, outcome: 'NOOP' };
  const conflictingId = encodeId('Order', stored.orderId);
  throw new DomainError('CONFLICT', 'This external ID belongs to another order.', {
    field: ['externalId'],
    conflictingId,
  });
}
