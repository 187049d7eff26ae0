import { type CustomerKeyInput, resolveCustomers } from '../customers/keys.ts';
import { insertRows, updateRows } from '../db/bulk.ts';
import type { Db, Tx } from '../db/database.ts';
import { entityKeyText, findEntities, resolveEntities } from '../db/entity-keys.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import { lockCustomers, transact } from '../db/transact.ts';
import { differs, keep, replaced } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { amount, sum } from '../lib/money.ts';
import {
  accepted,
  attempt,
  inRounds,
  only,
  refused,
  type WriteResult,
  type Written,
  writeValid,
} from '../lib/written.ts';
import { type ReturnInput, returnInput } from './input.ts';
import { refreshOrders, refreshStatistics } from './statistics.ts';

/** Records that goods come back, or how far a return that is known has got. */
export async function recordReturn(db: Db, input: unknown): Promise<Written> {
  return transact(db, async (tx) => only(await recordReturns(tx, [input])));
}

/** Many at once, each written or refused on its own. Those of one order go one after the other. */
export async function recordReturns(tx: Tx, inputs: unknown[]): Promise<WriteResult[]> {
  const parse = (input: unknown) => parseInput(returnInput, input);
  const keysOf = ({ key, order }: ReturnInput) => [
    ...(key ? [`return ${entityKeyText(key)}`] : []),
    ...(order ? [`order ${entityKeyText(order)}`] : []),
  ];
  return writeValid(inputs, parse, (items) => inRounds(items, keysOf, (round) => writeRound(tx, round)));
}

type StoredReturn = Prisma.ReturnGetPayload<{ include: { lines: true } }>;
type OrderWithLines = Prisma.OrderGetPayload<{ include: { lines: true } }>;

async function writeRound(tx: Tx, items: ReturnInput[]): Promise<WriteResult[]> {
  const { workspaceId } = tx;
  const customers = await resolveCustomers(
    tx,
    items.map(({ customer }): CustomerKeyInput | null => customer ?? null),
    'customer',
  );
  const orders = await resolveEntities(
    tx,
    'Order',
    items.map(({ order }) => order),
    'order',
  );
  const ids = await findEntities(
    tx,
    'Return',
    items.map(({ key }) => key),
  );
  const stored = new Map((await readReturns(tx, ids)).map((row) => [row.id, row]));
  const orderIds = [...orders, ...[...stored.values()].map(({ orderId }) => orderId)].filter(
    (id) => typeof id === 'string',
  );
  const byOrder = new Map((await readOrders(tx, orderIds)).map((row) => [row.id, row]));
  const customerOf = (orderId: string | null) => byOrder.get(orderId ?? '')?.customerId ?? null;
  await lockCustomers(
    tx,
    [...customers, ...orderIds.map(customerOf)].filter((id) => typeof id === 'string'),
  );

  const plans = items.map((item, i) => {
    const [customerId, orderId] = [customers[i] ?? null, orders[i] ?? null];
    if (refused(customerId)) return customerId;
    if (refused(orderId)) return orderId;
    const before = stored.get(ids[i] ?? '') ?? null;
    const order = byOrder.get(orderId ?? before?.orderId ?? '') ?? null;
    return attempt(() => planReturn(workspaceId, item, customerId, order, before));
  });

  const writable = plans.filter((plan) => accepted(plan)).filter(({ outcome }) => outcome !== 'NOOP');
  const now = new Date();
  const created = writable.filter(({ outcome }) => outcome === 'CREATED');
  const updated = writable.filter(({ outcome }) => outcome === 'UPDATED');
  await insertRows(
    tx,
    'Return',
    created.map(({ row }) => ({ ...row, createdAt: now, updatedAt: now })),
  );
  await updateRows(
    tx,
    'Return',
    updated.map(({ row }) => ({ ...row, updatedAt: now })),
  );
  const relined = updated.filter(({ lines }) => lines).map(({ row }) => row.id);
  if (relined.length > 0) await tx.returnLine.deleteMany({ where: { workspaceId, returnId: { in: relined } } });
  await insertRows(
    tx,
    'ReturnLine',
    writable.flatMap(({ lines }) => lines ?? []),
  );
  await refreshOrders(tx, [...new Set(writable.flatMap(({ row }) => row.orderId ?? []))]);
  await refreshStatistics(tx, [
    ...new Set(
      writable.flatMap(({ row, before }) =>
        [row.customerId, before?.customerId].filter((id) => typeof id === 'string'),
      ),
    ),
  ]);
  return plans.map((plan) => (refused(plan) ? plan : { id: plan.row.id, outcome: plan.outcome }));
}

function planReturn(
  workspaceId: string,
  input: ReturnInput,
  customerId: string | null,
  order: OrderWithLines | null,
  before: StoredReturn | null,
) {
  const { key } = input;
  if (key?.id && !before) throw new DomainError('NOT_FOUND', 'No such return.', { field: ['key', 'id'] });
  if (order && customerId && order.customerId !== customerId)
    throw invalid('The order is another customer’s.', 'customer');
  const occurredAt = keep(input.occurredAt, before?.occurredAt);
  const currencyCode = input.currencyCode ?? order?.currencyCode ?? before?.currencyCode;
  if (!occurredAt) throw invalid('A new return needs its instant.', 'occurredAt');
  if (!currencyCode) throw invalid('A return without an order needs its currency.', 'currencyCode');
  if (order && currencyCode !== order.currencyCode) throw invalid('The order is in another currency.', 'currencyCode');

  const id = before?.id ?? newId();
  const wanted = input.lines?.map((line, i) => returnLine(line, i, order, before));
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
    workspaceId,
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
  const outcome: Written['outcome'] = before ? (lines || differs(row, before) ? 'UPDATED' : 'NOOP') : 'CREATED';
  return {
    row,
    outcome,
    before,
    lines: lines?.map((line, position) => ({ ...line, workspaceId, id: newId(), returnId: id, position })) ?? null,
  };
}

function returnLine(
  line: NonNullable<ReturnInput['lines']>[number],
  i: number,
  order: OrderWithLines | null,
  before: StoredReturn | null,
) {
  const sold = order?.lines.find(({ id, sku }) =>
    line.orderLine ? id === line.orderLine : line.sku !== null && sku === line.sku,
  );
  if (line.orderLine && !sold)
    throw new DomainError('NOT_FOUND', 'No such line in that order.', { field: ['lines', i, 'orderLine'] });
  // What this very return already counts for may be said again.
  const ofThis = before && ['RECEIVED', 'COMPLETED'].includes(before.status) ? before.lines : [];
  const own = ofThis.reduce((total, each) => (each.orderLineId === sold?.id ? total + each.quantity : total), 0);
  const left = sold ? sold.quantity - sold.returnedQuantity + own : Number.POSITIVE_INFINITY;
  if (line.quantity > left) throw invalid(`Only ${left} of this line can come back.`, 'lines', i, 'quantity');
  return {
    orderLineId: sold?.id ?? null,
    replacementVariantId: line.replacementVariant ?? null,
    sku: line.sku ?? sold?.sku ?? null,
    title: line.title ?? sold?.title ?? line.sku ?? '',
    quantity: line.quantity,
    total: line.total ?? (sold ? amount(sold.unitPrice).times(line.quantity) : amount(0)),
  };
}

async function readReturns(tx: Tx, ids: (string | null)[]): Promise<StoredReturn[]> {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return [];
  return tx.return.findMany({ where: { workspaceId: tx.workspaceId, id: { in: known } }, include: { lines: true } });
}

async function readOrders(tx: Tx, ids: string[]): Promise<OrderWithLines[]> {
  if (ids.length === 0) return [];
  return tx.order.findMany({ where: { workspaceId: tx.workspaceId, id: { in: ids } }, include: { lines: true } });
}
