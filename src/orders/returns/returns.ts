import { resolveBuyers } from '../../customers/identity/keys.ts';
import type { Db, Tx } from '../../db/database.ts';
import { type Identified, identifyByKey, resolveEntities } from '../../db/entity-keys.ts';
import type { Statement } from '../../db/statements.ts';
import type { Bulk } from '../../db/write/bulk.ts';
import { type BulkWriter, bulkUpsert, writeOne } from '../../db/write/bulk-upsert.ts';
import { lockRows } from '../../db/write/transact.ts';
import { changedAt, differs, keep, replaced } from '../../lib/changes.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { parseInput } from '../../lib/fields.ts';
import { newId } from '../../lib/ids.ts';
import { type Amount, amount, sum, zero } from '../../lib/money.ts';
import { attempt, refused, type UpsertResult } from '../../lib/upsert-result.ts';
import { checkVersion } from '../../lib/versions.ts';
import { checkMove, lockBuyers, returnWithoutPersonal } from '../erased-buyer.ts';
import { type ReturnInput, returnInput } from '../input.ts';
import { checkMethod, findPaymentMethods, type KnownMethod } from '../references.ts';
import { refreshOrders } from '../refresh-orders.ts';
import { refreshStatistics } from '../statistics/statistics.ts';
import { bounded } from '../totals.ts';
import { isReceived, type OrderWithLines, returnLines, type StoredReturn } from './return-lines.ts';

type Subject = Identified<ReturnInput> & {
  customer: string | null;
  order: string | null;
  /** Payment method in the input. Null if it is unknown or missing. */
  method: KnownMethod;
  /** Orders and customers of the given return and of the stored one. */
  orderIds: string[];
  customerIds: string[];
};

/** Records a return or updates a known one. */
export function recordReturn(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, returnWriter, input);
}

export const returnWriter: BulkWriter<ReturnInput> = {
  parse: (input) => parseInput(returnInput, input),
  ...bulkUpsert({
    weigh: ({ lines }: ReturnInput) => 1 + (lines?.length ?? 0),
    identify: identifyReturns,
    read: readReturns,
    plan({ input, id, customer, order, method }, { stored, orders, erased }) {
      const before = stored.get(id ?? '') ?? null;
      // Null detaches the return from its order; undefined keeps the order.
      const orderId = input.order === undefined ? before?.orderId : order;
      const ofOrder = orders.get(orderId ?? '') ?? null;
      const buyer = ofOrder
        ? ofOrder.customerId
        : keep(input.customer === undefined ? undefined : customer, before?.customerId);
      if (before) checkMove(before.customerId, buyer, erased, input.order ? 'order' : 'customer');
      const titles = ofOrder?.lines.map(({ title }) => title) ?? [];
      const kept = buyer && erased.has(buyer) ? returnWithoutPersonal(input, titles) : input;
      if (kept.paymentMethod) checkMethod(method, buyer, 'paymentMethod');
      return planReturn(kept, customer, ofOrder, before, method?.id ?? null);
    },
    write: writePlans,
  }),
};

// Returns of one order are written one after another: together they must not exceed the units that were bought.
async function identifyReturns(tx: Tx, items: ReturnInput[]): Promise<(Subject | DomainError)[]> {
  const customers = await resolveBuyers(
    tx,
    items.map(({ customer }) => customer),
    'customer',
  );
  const orders = await resolveEntities(
    tx,
    'Order',
    items.map(({ order }) => order),
    'order',
  );
  const methods = await findPaymentMethods(tx, items);
  const identified = await identifyByKey(tx, 'Return', items);
  const ids = identified.flatMap(({ id }) => id ?? []);
  const where = { workspaceId: tx.workspaceId, id: { in: ids } };
  const stored =
    ids.length > 0 ? await tx.return.findMany({ where, select: { id: true, orderId: true, customerId: true } }) : [];
  const byId = new Map(stored.map((row) => [row.id, row]));
  return identified.map(({ input, id, keys }, i) => {
    const [customer, order] = [customers[i] ?? null, orders[i] ?? null];
    if (refused(customer)) return customer;
    if (refused(order)) return order;
    const before = byId.get(id ?? '');
    const orderIds = unique([order, before?.orderId]);
    const customerIds = unique([customer, before?.customerId]);
    return {
      input,
      id,
      customer,
      order,
      method: methods[i] ?? null,
      orderIds,
      customerIds,
      keys: [...keys, ...orderIds],
    };
  });
}

async function readReturns(tx: Tx, subjects: Subject[]) {
  const { workspaceId } = tx;
  const ids = subjects.flatMap(({ id }) => id ?? []);
  const orderIds = unique(subjects.flatMap((subject) => subject.orderIds));
  const ofOrders = { where: { workspaceId, id: { in: orderIds } } };
  const owners = orderIds.length > 0 ? await tx.order.findMany({ ...ofOrders, select: { customerId: true } }) : [];
  const customerIds = [...subjects.flatMap((subject) => subject.customerIds), ...owners.map((each) => each.customerId)];
  const erased = await lockBuyers(tx, unique(customerIds));
  await lockRows(tx, 'Order', orderIds);
  await lockRows(tx, 'Return', ids);
  const where = { workspaceId, id: { in: ids } };
  const stored = ids.length > 0 ? await tx.return.findMany({ where, include: { lines: true } }) : [];
  const orders = orderIds.length > 0 ? await tx.order.findMany({ ...ofOrders, include: { lines: true } }) : [];
  return {
    stored: new Map<string, StoredReturn>(stored.map((row) => [row.id, row])),
    orders: new Map<string, OrderWithLines>(orders.map((row) => [row.id, row])),
    erased,
  };
}

function writePlans(plans: ReturnType<typeof planReturn>[], bulk: Bulk): Statement[] {
  const relined = plans.filter(({ outcome, lines }) => outcome === 'UPDATED' && lines).map(({ id }) => id);
  const customerIds = plans.flatMap(({ row, before }) => [row.customerId, before?.customerId]);
  return [
    ...bulk.save('Return', plans),
    ...bulk.delete('ReturnLine', 'returnId', relined),
    ...bulk.insert(
      'ReturnLine',
      plans.flatMap(({ lines }) => lines ?? []),
    ),
    ...refreshOrders(bulk.workspaceId, changedOrders(plans), { returnsWritten: plans.map(({ id }) => id) }),
    ...refreshStatistics(bulk.workspaceId, unique(customerIds)),
  ];
}

// Maps each current or previous order of the returns to the latest time of a change to one of them.
function changedOrders(plans: ReturnType<typeof planReturn>[]): Map<string, Date | null> {
  const changed = new Map<string, Date | null>();
  for (const { row, before } of plans)
    for (const id of unique([row.orderId, before?.orderId]))
      changed.set(id, changedAt(changed.get(id), row.changedAt ?? row.occurredAt));
  return changed;
}

function unique(ids: (string | null | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => id != null))];
}

function planReturn(
  input: ReturnInput,
  customerId: string | null,
  order: OrderWithLines | null,
  before: StoredReturn | null,
  methodId: string | null,
) {
  const { key } = input;
  if (key?.id && !before) throw new DomainError('NOT_FOUND', 'No return has this ID.', { field: ['key', 'id'] });
  checkVersion(input.expectedVersion, before);
  const isOthers = order?.customerId && customerId && order.customerId !== customerId;
  // The order may have moved to another customer since the return was first sent.
  if (isOthers && before?.orderId !== order.id)
    throw invalid('This order belongs to another customer. Omit `customer`.', 'customer');
  const occurredAt = keep(input.occurredAt, before?.occurredAt);
  const currencyCode = input.currencyCode ?? order?.currencyCode ?? before?.currencyCode;
  if (!occurredAt)
    throw invalid('A return requires `occurredAt`, the time it was requested or took place.', 'occurredAt');
  if (!currencyCode) throw invalid('A return without an order requires `currencyCode`.', 'currencyCode');
  if (order && currencyCode !== order.currencyCode)
    throw invalid(`\`currencyCode\` must be ${order.currencyCode}, the currency of the order.`, 'currencyCode');

  const id = before?.id ?? newId();
  const status = keep(input.status, before?.status) ?? 'REQUESTED';
  const wanted = wantedLines(input, order, before, status);
  const lines = replaced(
    wanted,
    before?.lines,
    ({ orderLineId, sku, title, quantity, statedTotal, replacementVariantId }) => [
      orderLineId,
      sku,
      title,
      quantity,
      statedTotal && amount(statedTotal),
      replacementVariantId,
    ],
  );
  const buyerId = order ? order.customerId : input.customer === undefined ? (before?.customerId ?? null) : customerId;
  // A return that moves to another customer leaves the payment method behind.
  const keptMethod = before && before.customerId === buyerId ? before.paymentMethodId : null;
  const told = {
    id,
    source: before?.source ?? key?.externalId?.source ?? null,
    externalId: before?.externalId ?? key?.externalId?.value ?? null,
    orderId: order?.id ?? null,
    customerId: buyerId,
    paymentMethodId: input.paymentMethod === undefined ? keptMethod : methodId,
    kind: keep(input.kind, before?.kind) ?? 'RETURN',
    status,
    reason: keep(input.reason, before?.reason),
    occurredAt,
    currencyCode,
    statedRefundAmount: keep(input.refundAmount, before?.statedRefundAmount && amount(before.statedRefundAmount)),
  };
  // Checked together with the value of the goods, which is at most the order total.
  bounded(
    sum((wanted ?? []).map(({ statedTotal }) => statedTotal ?? zero)).plus(order ? amount(order.total) : zero),
    'lines',
  );
  const outcome: UpsertResult['outcome'] = before ? (lines || differs(told, before) ? 'UPDATED' : 'NOOP') : 'CREATED';
  const row = {
    ...told,
    // For a return of an order, the amount is refreshed from the order lines right after the write.
    refundAmount:
      before && order
        ? before.refundAmount
        : bounded(refundAmountOf(told, wanted ?? storedTotals(before)), 'refundAmount'),
    changedAt: outcome === 'UPDATED' ? changedAt(before?.changedAt, input.changedAt) : null,
  };
  const rows = lines?.map((line, position) => ({
    ...line,
    id: newId(),
    returnId: id,
    customerId: row.customerId,
    position,
    total: line.statedTotal ?? zero,
  }));
  return { id, row, outcome, before, lines: rows ?? null };
}

// Lines that are not given are matched again if the return moves to another order or starts to count, since another
// return may have taken their units in the meantime.
function wantedLines(
  { lines }: ReturnInput,
  order: OrderWithLines | null,
  before: StoredReturn | null,
  status: StoredReturn['status'],
) {
  if (lines || !before) return lines && returnLines(lines, order, before, status);
  const isMoved = before.orderId !== (order?.id ?? null);
  if (lines === null || !(isMoved || (isReceived({ status }) && !isReceived(before)))) return lines;
  const found = attempt(() => returnLines(linesAgain(before), order, before, status));
  if (!refused(found)) return found;
  throw new DomainError(found.code, found.message, { ...found.details, field: [isMoved ? 'order' : 'status'] });
}

// Converts the lines of a stored return to input.
function linesAgain({ lines }: StoredReturn): NonNullable<ReturnInput['lines']> {
  return lines.map(({ sku, title, quantity, statedTotal, replacementVariantId: replacementVariant }) => ({
    ...{ sku, title, quantity, replacementVariant },
    total: statedTotal && amount(statedTotal),
  }));
}

function storedTotals(before: StoredReturn | null) {
  return (before?.lines ?? []).map(({ statedTotal }) => ({ statedTotal: statedTotal && amount(statedTotal) }));
}

function refundAmountOf(
  { kind, statedRefundAmount }: { kind: string; statedRefundAmount: Amount | null },
  lines: { statedTotal: Amount | null }[],
): Amount {
  if (statedRefundAmount) return statedRefundAmount;
  return kind === 'EXCHANGE' ? zero : sum(lines.map(({ statedTotal }) => statedTotal ?? zero));
}
