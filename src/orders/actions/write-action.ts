import type { Tx } from '../../db/database.ts';
import type { OrderAction } from '../../db/generated/prisma/enums.ts';
import type { Bulk } from '../../db/write/bulk.ts';
import { newId } from '../../lib/ids.ts';
import { amount } from '../../lib/money.ts';
import { refused, type UpsertResult } from '../../lib/upsert-result.ts';
import type { ReturnInput } from '../input.ts';
import { writePlans } from '../orders.ts';
import { planOrder } from '../plan.ts';
import { refreshOrders } from '../refresh-orders.ts';
import { returnWriter } from '../returns/returns.ts';
import { refreshStatistics } from '../statistics/statistics.ts';
import type { StoredOrder } from '../stored-order.ts';
import { balancesAfter, type Movement, methodName, netPayments } from './money-moves.ts';
import type { ActionPlan, ActionSubject } from './plan-action.ts';

type Written = {
  outcome: UpsertResult['outcome'];
  returnId: string | null;
  /** What will be refunded for a return. Null if the action is none. */
  refunded: Movement | null;
};

/** Writes what an action changes, through the writers of orders and returns. */
export async function writeAction(
  tx: Tx,
  bulk: Bulk,
  action: OrderAction,
  subject: ActionSubject,
  plan: ActionPlan,
): Promise<Written> {
  const { order, facts, now } = subject;
  const balances = balancesAfter(plan.movements, facts);
  const isWritten = plan.order !== null && (await writeOrder(tx, bulk, order, plan.order, now));
  const returnId = plan.return && (await writeReturn(tx, order, plan.return, now));
  if (!isWritten && !returnId && plan.movements.length === 0)
    return { outcome: 'NOOP', returnId: null, refunded: null };

  const own = { orderId: order.id, customerId: order.customerId };
  const payments = plan.movements.map((each) => ({
    ...own,
    ...each,
    id: newId(),
    currencyCode: order.currencyCode,
    occurredAt: now,
  }));
  const waiting = action === 'CANCEL' ? order.fulfillments.filter(({ status }) => status === 'PENDING') : [];
  const change = { ...own, id: newId(), action, policyVersion: facts.policy?.version ?? 0, occurredAt: now };
  await tx.sendAll([
    ...bulk.insert('Payment', payments),
    ...bulk.update(
      'PaymentMethod',
      balances.map((each) => ({ ...each, updatedAt: now })),
    ),
    ...bulk.update(
      'Fulfillment',
      waiting.map(({ id }) => ({ id, status: 'CANCELED' })),
    ),
    ...bulk.insert('OrderChange', [change]),
    ...(payments.length > 0 ? refreshed(bulk, order, now, isWritten) : []),
  ]);
  return { outcome: 'UPDATED', returnId, refunded: returnId ? await refundOf(tx, returnId, subject) : null };
}

function refreshed({ workspaceId }: Bulk, { id, customerId }: StoredOrder, now: Date, ordersWritten: boolean) {
  return [
    ...refreshOrders(workspaceId, new Map([[id, now]]), { ordersWritten }),
    ...refreshStatistics(workspaceId, customerId === null ? [] : [customerId]),
  ];
}

async function writeOrder(
  tx: Tx,
  bulk: Bulk,
  order: StoredOrder,
  { references, ...input }: NonNullable<ActionPlan['order']>,
  now: Date,
): Promise<boolean> {
  const refersTo = { customerId: undefined, locationId: undefined, lines: references ?? [], paymentMethods: [] };
  const plan = planOrder({ ...input, key: { id: order.id }, changedAt: now }, refersTo, order);
  if (plan.outcome === 'NOOP') return false;
  await tx.sendAll(writePlans([plan], bulk));
  return true;
}

async function writeReturn(tx: Tx, order: StoredOrder, given: ReturnInput, now: Date): Promise<string> {
  const [result] = await returnWriter.write(tx, [{ ...given, order: { id: order.id }, occurredAt: now }]);
  if (!result) throw new Error('Writing a return gave no result.');
  if (refused(result)) throw result;
  return result.id;
}

// Where the refund goes: to the payment method of the return, else back to where most of the money came from.
async function refundOf(tx: Tx, id: string, { facts, method }: ActionSubject): Promise<Written['refunded']> {
  const { workspaceId } = tx;
  const stored = await tx.return.findUniqueOrThrow({ where: { workspaceId_id: { workspaceId, id } } });
  if (stored.kind === 'EXCHANGE') return null;
  const [paidBy] = netPayments(facts).sort((a, b) => b.amount.cmp(a.amount));
  const goesTo = method ? { method: methodName(method), paymentMethodId: method.id } : paidBy;
  return goesTo
    ? {
        kind: 'REFUND',
        method: goesTo.method,
        paymentMethodId: goesTo.paymentMethodId,
        amount: amount(stored.refundAmount),
      }
    : null;
}
