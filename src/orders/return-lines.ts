import type { Prisma } from '../db/generated/prisma/client.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { type Amount, decimalsOf } from '../lib/money.ts';
import type { ReturnInput } from './input.ts';

export type StoredReturn = Prisma.ReturnGetPayload<{ include: { lines: true } }>;
export type OrderWithLines = Prisma.OrderGetPayload<{ include: { lines: true } }>;
type GivenLine = NonNullable<ReturnInput['lines']>[number];
type OrderLine = OrderWithLines['lines'][number];
type Taken = { sold: OrderLine; quantity: number };

/** Whether the goods are back. */
export function cameBack({ status }: Pick<StoredReturn, 'status'>): boolean {
  return status === 'RECEIVED' || status === 'COMPLETED';
}

/**
 * What comes back, line by line of the order: together no more than was bought and has not come back yet. A SKU or title
 * of several lines is spread over them. Where it is not known what was bought, the lines are as they were given.
 */
export function returnLines(
  lines: GivenLine[],
  order: OrderWithLines | null,
  before: StoredReturn | null,
  status: StoredReturn['status'],
) {
  if (!order?.lines.length) return lines.map(unlinked);
  const left = leftOf(order, before, status);
  const earlier = new Map(before?.lines.map((line) => [line.orderLineId, line]));
  const taken = new Map(before?.lines.map(({ orderLineId, quantity }) => [orderLineId, quantity]));
  return lines.flatMap((line, i) => {
    const found = linesNamed(line, order, i);
    const most = found.reduce((all, { id }) => all + (left.get(id) ?? 0), 0);
    if (line.quantity > most) throw invalid(onlyLeft(most), 'lines', i, 'quantity');
    const parts = spread(line.quantity, found, taken, left);
    const totals = shared(line.total ?? null, parts, order.currencyCode);
    // What a return called the goods stays, whatever the order calls them later.
    return parts.map(({ sold, quantity }, n) =>
      rowOf(line, { ...sold, ...named(earlier.get(sold.id)) }, quantity, totals[n] ?? null),
    );
  });
}

// An order line that is named must be found.
function unlinked(line: GivenLine, i: number) {
  const field = line.orderLine ? 'orderLine' : line.orderLineExternalId ? 'orderLineExternalId' : null;
  if (field) throw noSuchLine(i, field);
  return rowOf(line, null, line.quantity, line.total ?? null);
}

function noSuchLine(i: number, field: string): DomainError {
  return new DomainError('NOT_FOUND', 'This order has no such line.', { field: ['lines', i, field] });
}

function onlyLeft(most: number): string {
  return most === 0 ? 'All of this was returned already.' : `Only ${most} of this can still be returned.`;
}

// By our ID or the caller's, else by SKU, else by the exact title. A SKU that the order does not know may be of a line
// that has none.
function linesNamed(line: GivenLine, { lines }: OrderWithLines, i: number): OrderLine[] {
  const { orderLine, orderLineExternalId: named, sku, title } = line;
  const sold = lines.toSorted((a, b) => a.position - b.position);
  const find = (field: string, isMeant: (each: OrderLine) => boolean) => {
    const found = sold.filter(isMeant);
    if (found.length > 0) return found;
    throw noSuchLine(i, field);
  };
  if (orderLine) return find('orderLine', ({ id }) => id === orderLine);
  if (named)
    return find(
      'orderLineExternalId',
      ({ source, externalId }) => source === named.source && externalId === named.value,
    );
  if (sku && (!title || sold.some((each) => each.sku === sku))) return find('sku', (each) => each.sku === sku);
  return find(sku ? 'sku' : 'title', (each) => each.title === title && !(sku && each.sku));
}

// How much of each line can still come back. What this very return already took may be said again; one that is rejected
// takes nothing.
function leftOf(
  order: OrderWithLines,
  before: StoredReturn | null,
  status: StoredReturn['status'],
): Map<string, number> {
  const left = new Map(
    order.lines.map(({ id, quantity, returnedQuantity }) => [
      id,
      status === 'REJECTED' ? quantity : quantity - returnedQuantity,
    ]),
  );
  for (const { orderLineId, quantity } of before?.lines ?? []) {
    const others = left.get(orderLineId ?? '');
    if (!orderLineId || others === undefined || !before) continue;
    if (!cameBack({ status })) left.set(orderLineId, Math.max(others, quantity));
    else if (cameBack(before)) left.set(orderLineId, others + quantity);
  }
  return left;
}

// Takes a quantity off what is left of these lines: first where the return took it before, so that the same return sent
// again is the same, then in the order of the lines.
function spread(
  wanted: number,
  found: OrderLine[],
  earlier: Map<string | null, number>,
  left: Map<string, number>,
): Taken[] {
  const taken = new Map<OrderLine, number>();
  let missing = wanted;
  const take = (sold: OrderLine, most: number) => {
    const quantity = Math.min(missing, most, left.get(sold.id) ?? 0);
    if (quantity <= 0) return;
    missing -= quantity;
    left.set(sold.id, (left.get(sold.id) ?? 0) - quantity);
    taken.set(sold, (taken.get(sold) ?? 0) + quantity);
  };
  for (const sold of found) {
    const before = Math.min(earlier.get(sold.id) ?? 0, missing);
    take(sold, before);
    earlier.set(sold.id, (earlier.get(sold.id) ?? 0) - before);
  }
  for (const sold of found) take(sold, missing);
  return found.flatMap((sold) => (taken.has(sold) ? [{ sold, quantity: taken.get(sold) ?? 0 }] : []));
}

// A stated total by quantity, to the smallest unit; the last line takes the rest.
function shared(total: Amount | null, taken: Taken[], currencyCode: string): (Amount | null)[] {
  const [only] = taken;
  if (!total || !only) return taken.map(() => null);
  if (taken.length === 1) return [total];
  const whole = taken.reduce((all, { quantity }) => all + quantity, 0);
  const shares = taken
    .slice(1)
    .map(({ quantity }) => total.times(quantity).div(whole).toDecimalPlaces(decimalsOf(currencyCode), 1));
  return [shares.reduce((rest, share) => rest.minus(share), total), ...shares];
}

function named(earlier: { sku: string | null; title: string } | undefined) {
  return earlier && { sku: earlier.sku, title: earlier.title };
}

type Known = Pick<OrderLine, 'id' | 'sku' | 'title'>;

function rowOf(line: GivenLine, known: Known | null, quantity: number, statedTotal: Amount | null) {
  return {
    orderLineId: known?.id ?? null,
    replacementVariantId: line.replacementVariant ?? null,
    sku: line.sku ?? known?.sku ?? null,
    title: line.title ?? known?.title ?? line.sku ?? '',
    quantity,
    statedTotal,
  };
}
