import { z } from 'zod';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, externalIdColumns, findEntities, resolveEntities } from '../db/entity-keys.ts';
import type { OrderStatus, Prisma } from '../db/generated/prisma/client.ts';
import { lockRows, transact } from '../db/transact.ts';
import { changedAt, differs } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { currencyCode, parseInput } from '../lib/fields.ts';
import { encodeId, newId } from '../lib/ids.ts';
import { amount } from '../lib/money.ts';
import type { Written } from '../lib/written.ts';
import { lockBuyers } from './erased-buyer.ts';
import { fulfillmentInput, paymentInput } from './input.ts';
import { settledBy } from './payment-status.ts';
import { refreshOrders } from './refresh-orders.ts';
import { refreshStatistics } from './statistics.ts';
import { bounded, paidAmount } from './totals.ts';

const newPayment = paymentInput.extend({ order: entityKey('Order'), currencyCode: currencyCode().nullish() });

/** Records money that came in or went back; the order's payment status and the customer's statistics follow. */
export async function recordPayment(db: Db, input: unknown): Promise<Written> {
  const payment = parseInput(newPayment, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const { order } = await lockOrder(tx, payment.order);
    if (payment.currencyCode && payment.currencyCode !== order.currencyCode) {
      throw invalid(`The order is in ${order.currencyCode}.`, 'currencyCode');
    }
    paidAmount(payment.amount, order.currencyCode, 'amount');
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
      ...externalIdColumns(externalId),
      currencyCode: order.currencyCode,
    };
    await tx.payment.create({
      data: { ...own, kind, method, amount: payment.amount.toFixed(), occurredAt },
    });
    const changed = changedAt(order.changedAt, occurredAt);
    await tx.sendAll(refreshOrders(workspaceId, new Map([[order.id, changed]])));
    if (order.customerId) await tx.sendAll(refreshStatistics(workspaceId, [order.customerId]));
    return { id: order.id, outcome: 'UPDATED' };
  });
}

// What was recorded under a name is not changed by another amount of the same name.
function checkSame({ kind, amount: sum }: z.output<typeof paymentInput>, stored: Prisma.PaymentModel): void {
  if (stored.kind === kind && amount(stored.amount).equals(sum)) return;
  const message =
    'This payment is recorded with another kind or amount. Send the order with all its payments to correct it.';
  throw new DomainError('CONFLICT', message, { field: ['amount'], conflictingId: encodeId('Payment', stored.id) });
}

// No more goes back than came in, together with the payments before.
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
      ? `Only ${before.paid.minus(before.refunded).toFixed()} of this order was paid and not refunded yet.`
      : 'This order was stated as paid, and more was refunded than this. Send the order with all its payments.';
  throw invalid(message, 'amount');
}

// One that came along with its order before, from whoever does not know its name, takes it. True: there was one.
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

/** Records goods on their way, or how far a known shipment has got; the order's status follows. */
export async function recordFulfillment(db: Db, input: unknown): Promise<Written> {
  const { order: key, externalId, completesOrder, ...shipment } = parseInput(newFulfillment, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const { order, isErased } = await lockOrder(tx, key);
    // A tracking number leads to a name and an address.
    const given = isErased && shipment.trackingNumber ? { ...shipment, trackingNumber: null } : shipment;
    const known = await knownShipment(tx, order.id, externalId, shipment.trackingNumber ? given : null);
    const waiting = ['UNCONFIRMED', 'UNFULFILLED', 'PARTIALLY_FULFILLED'].includes(order.statedStatus);
    const sent = ['IN_TRANSIT', 'DELIVERED'].includes(given.status);
    const moved: OrderStatus = completesOrder === false ? 'PARTIALLY_FULFILLED' : 'FULFILLED';
    const statedStatus = waiting && sent ? moved : order.statedStatus;
    // Fields of a known shipment that are left out keep their values.
    const named = externalId ? externalIdColumns(externalId) : {};
    const said = { ...named, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
    const ofKnown = known && { workspaceId_id: { workspaceId, id: known } };
    const stored = ofKnown && (await tx.fulfillment.findUniqueOrThrow({ where: ofKnown }));
    if (stored) noop(order.id, stored);
    if (stored && !differs(said, stored) && statedStatus === order.statedStatus)
      return { id: order.id, outcome: 'NOOP' };

    const changed = changedAt(order.changedAt, given.deliveredAt ?? given.shippedAt);
    const data = { changedAt: changed, updatedAt: new Date(), statedStatus };
    // First the order: what it was until now is kept with the shipments it had.
    await tx.order.update({ where: { workspaceId_id: { workspaceId, id: order.id } }, data });
    if (ofKnown) await tx.fulfillment.update({ where: ofKnown, data: said });
    else {
      const row = {
        workspaceId,
        id: newId(),
        orderId: order.id,
        ...externalIdColumns(externalId),
        createdAt: new Date(),
      };
      await tx.fulfillment.create({ data: { ...row, status: given.status, ...said } });
    }
    await tx.sendAll(refreshOrders(workspaceId, new Map([[order.id, changed]]), { ordersWritten: true }));
    return { id: order.id, outcome: 'UPDATED' };
  });
}

// By what another system calls it, else one of the order with the same tracking number that nobody calls otherwise. Those of
// erased customers have none and are not told apart.
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

// `isErased` says whether its customer was.
async function lockOrder(tx: Tx, key: z.output<ReturnType<typeof entityKey>>) {
  const [id] = await resolveEntities(tx, 'Order', [key], 'order');
  if (typeof id !== 'string') throw id ?? new DomainError('NOT_FOUND', 'No such order.', { field: ['order'] });
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  const { customerId } = await tx.order.findUniqueOrThrow({ where, select: { customerId: true } });
  const erased = await lockBuyers(tx, customerId ? [customerId] : []);
  await lockRows(tx, 'Order', [id]);
  return { order: await tx.order.findUniqueOrThrow({ where }), isErased: erased.size > 0 };
}

// A record that came before says the same again; one of another order is a clash.
function noop(orderId: string, stored: { orderId: string }): Written {
  if (stored.orderId === orderId) return { id: orderId, outcome: 'NOOP' };
  const conflictingId = encodeId('Order', stored.orderId);
  throw new DomainError('CONFLICT', 'Another order has this external id.', { field: ['externalId'], conflictingId });
}
