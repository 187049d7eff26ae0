import { resolveBuyers } from '../customers/keys.ts';
import type { Bulk } from '../db/bulk.ts';
import type { Db, Tx } from '../db/database.ts';
import { type Identified, identifyByKey, resolveEntities } from '../db/entity-keys.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Statement } from '../db/statements.ts';
import { lockRows } from '../db/transact.ts';
import { inSteps, type Writer, writeOne } from '../db/writer.ts';
import { changedAt, differs, keep, replaced } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { amount, sum } from '../lib/money.ts';
import { checkVersion } from '../lib/versions.ts';
import { refused, type Written } from '../lib/written.ts';
import { type ReturnInput, returnInput } from './input.ts';
import { refreshOrders, refreshStatistics } from './statistics.ts';

type StoredReturn = Prisma.ReturnGetPayload<{ include: { lines: true } }>;
type OrderWithLines = Prisma.OrderGetPayload<{ include: { lines: true } }>;
type Subject = Identified<ReturnInput> & {
  customer: string | null;
  order: string | null;
  /** Those it is of, and those that a stored one was of. */
  orderIds: string[];
  customerIds: string[];
};

/** Records that goods come back, or how far a return that is known has got. */
export function recordReturn(db: Db, input: unknown): Promise<Written> {
  return writeOne(db, returnWriter, input);
}

export const returnWriter: Writer<ReturnInput> = {
  parse: (input) => parseInput(returnInput, input),
  ...inSteps({
    weigh: ({ lines }: ReturnInput) => 1 + (lines?.length ?? 0),
    identify: identifyReturns,
    read: readReturns,
    plan({ input, id, customer, order }, { stored, orders }) {
      const before = stored.get(id ?? '') ?? null;
      return planReturn(input, customer, orders.get(order ?? before?.orderId ?? '') ?? null, before);
    },
    write: writePlans,
  }),
};

// Returns of one order go one after the other: together they must not take back more than was bought.
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
    return { input, id, customer, order, orderIds, customerIds, keys: [...keys, ...orderIds] };
  });
}

async function readReturns(tx: Tx, subjects: Subject[]) {
  const { workspaceId } = tx;
  const ids = subjects.flatMap(({ id }) => id ?? []);
  const orderIds = unique(subjects.flatMap((subject) => subject.orderIds));
  const ofOrders = { where: { workspaceId, id: { in: orderIds } } };
  const owners = orderIds.length > 0 ? await tx.order.findMany({ ...ofOrders, select: { customerId: true } }) : [];
  const customerIds = [...subjects.flatMap((subject) => subject.customerIds), ...owners.map((each) => each.customerId)];
  await lockRows(tx, 'Customer', unique(customerIds));
  await lockRows(tx, 'Order', orderIds);
  await lockRows(tx, 'Return', ids);
  const where = { workspaceId, id: { in: ids } };
  const stored = ids.length > 0 ? await tx.return.findMany({ where, include: { lines: true } }) : [];
  const orders = orderIds.length > 0 ? await tx.order.findMany({ ...ofOrders, include: { lines: true } }) : [];
  return {
    stored: new Map<string, StoredReturn>(stored.map((row) => [row.id, row])),
    orders: new Map<string, OrderWithLines>(orders.map((row) => [row.id, row])),
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
    ...refreshOrders(bulk.workspaceId, changedOrders(plans)),
    ...refreshStatistics(bulk.workspaceId, unique(customerIds)),
  ];
}

// Each order that they are of, or were, with the latest instant at which one of them came to be.
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
) {
  const { key } = input;
  if (key?.id && !before) throw new DomainError('NOT_FOUND', 'No such return.', { field: ['key', 'id'] });
  checkVersion(input.expectedVersion, before);
  if (order && customerId && order.customerId !== customerId)
    throw invalid('The order is another customer’s.', 'customer');
  const occurredAt = keep(input.occurredAt, before?.occurredAt);
  const currencyCode = input.currencyCode ?? order?.currencyCode ?? before?.currencyCode;
  if (!occurredAt) throw invalid('A new return needs its instant.', 'occurredAt');
  if (!currencyCode) throw invalid('A return without an order needs its currency.', 'currencyCode');
  if (order && currencyCode !== order.currencyCode) throw invalid('The order is in another currency.', 'currencyCode');

  const id = before?.id ?? newId();
  const wanted = input.lines && returnLines(input.lines, order, before);
  const lines = replaced(
    wanted,
    before?.lines,
    ({ orderLineId, sku, title, quantity, total, replacementVariantId }) => [
      orderLineId,
      sku,
      title,
      quantity,
      amount(total),
      replacementVariantId,
    ],
  );
  const lineSum = wanted ? sum(wanted.map(({ total }) => total)) : null;
  const row = {
    id,
    source: before?.source ?? key?.externalId?.source ?? null,
    externalId: before?.externalId ?? key?.externalId?.value ?? null,
    orderId: order?.id ?? null,
    customerId: order ? order.customerId : input.customer === undefined ? (before?.customerId ?? null) : customerId,
    kind: keep(input.kind, before?.kind) ?? 'RETURN',
    status: keep(input.status, before?.status) ?? 'REQUESTED',
    reason: keep(input.reason, before?.reason),
    occurredAt,
    currencyCode,
    refundAmount: keep(input.refundAmount, before && !wanted ? amount(before.refundAmount) : lineSum) ?? amount(0),
  };
  if (!wanted && before && counts(row) && !counts(before)) checkLeft(before.lines, leftOf(order, before), 'status');
  const outcome: Written['outcome'] = before ? (lines || differs(row, before) ? 'UPDATED' : 'NOOP') : 'CREATED';
  return {
    id,
    row: { ...row, changedAt: outcome === 'UPDATED' ? changedAt(before?.changedAt, input.changedAt) : null },
    outcome,
    before,
    lines: lines?.map((line, position) => ({ ...line, id: newId(), returnId: id, position })) ?? null,
  };
}

type WantedLine = NonNullable<ReturnInput['lines']>[number];

// What comes back, line by line; together no more than was bought and has not come back yet.
function returnLines(lines: WantedLine[], order: OrderWithLines | null, before: StoredReturn | null) {
  const left = leftOf(order, before);
  return lines.map((line, i) => {
    const meant = order?.lines.filter(({ id, sku }) =>
      line.orderLine ? id === line.orderLine : line.sku != null && sku === line.sku,
    );
    const sold = meant?.find(({ id }) => (left.get(id) ?? 0) >= line.quantity) ?? meant?.[0];
    if (line.orderLine && !sold)
      throw new DomainError('NOT_FOUND', 'No such line in that order.', { field: ['lines', i, 'orderLine'] });
    const orderLineId = sold?.id ?? null;
    checkLeft([{ orderLineId, quantity: line.quantity }], left, 'lines', i, 'quantity');
    return {
      orderLineId,
      replacementVariantId: line.replacementVariant ?? null,
      sku: line.sku ?? sold?.sku ?? null,
      title: line.title ?? sold?.title ?? line.sku ?? '',
      quantity: line.quantity,
      total: line.total ?? (sold ? amount(sold.unitPrice).times(line.quantity) : amount(0)),
    };
  });
}

function counts({ status }: Pick<StoredReturn, 'status'>): boolean {
  return status === 'RECEIVED' || status === 'COMPLETED';
}

// How much of each line can still come back. What this very return already counts for may be said again.
function leftOf(order: OrderWithLines | null, before: StoredReturn | null): Map<string, number> {
  const left = new Map(order?.lines.map(({ id, quantity, returnedQuantity }) => [id, quantity - returnedQuantity]));
  for (const { orderLineId, quantity } of before && counts(before) ? before.lines : []) {
    if (orderLineId && left.has(orderLineId)) left.set(orderLineId, (left.get(orderLineId) ?? 0) + quantity);
  }
  return left;
}

// Takes the lines off what is left, or says that there is not so much.
function checkLeft(
  lines: { orderLineId: string | null; quantity: number }[],
  left: Map<string, number>,
  ...field: (string | number)[]
): void {
  for (const { orderLineId, quantity } of lines) {
    if (!orderLineId) continue;
    const most = left.get(orderLineId) ?? 0;
    if (quantity > most) throw invalid(`Only ${most} of this line can come back.`, ...field);
    left.set(orderLineId, most - quantity);
  }
}
