import type { Prisma } from '../../db/generated/prisma/client.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { type Amount, decimalsOf } from '../../lib/money.ts';
import type { ReturnInput } from '../input.ts';

export type StoredReturn = Prisma.ReturnGetPayload<{ include: { lines: true } }>;
export type OrderWithLines = Prisma.OrderGetPayload<{ include: { lines: true } }>;
type GivenLine = NonNullable<ReturnInput['lines']>[number];
type OrderLine = OrderWithLines['lines'][number];
type Taken = { sold: OrderLine; quantity: number };

/** Whether the goods of a return are back, so that it counts. */
export function isReceived({ status }: Pick<StoredReturn, 'status'>): boolean {
  return status === 'RECEIVED' || status === 'COMPLETED';
}

/**
 * Assigns the returned goods to the lines of the order: at most what was bought and is not returned yet. Goods whose
 * SKU or title matches several lines are spread over them. Without known order lines, the given lines are kept.
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
    // The return keeps its own SKU and title of the goods, even if the order line changes them later.
    return parts.map(({ sold, quantity }, n) =>
      rowOf(line, { ...sold, ...named(earlier.get(sold.id)) }, quantity, totals[n] ?? null),
    );
  });
}

// Without known order lines, a reference to one cannot be resolved.
function unlinked(line: GivenLine, i: number) {
  const field = line.orderLine ? 'orderLine' : line.orderLineExternalId ? 'orderLineExternalId' : null;
  if (field) throw noSuchLine(i, field);
  return rowOf(line, null, line.quantity, line.total ?? null);
}

function noSuchLine(i: number, field: string): DomainError {
  const message = 'No line of the order matches. Send the ID, SKU or title of one of its lines.';
  return new DomainError('NOT_FOUND', message, { field: ['lines', i, field] });
}

function onlyLeft(most: number): string {
  return most === 0
    ? 'All of these goods have already been returned.'
    : `Only ${most} of these units can still be returned.`;
}

// Finds order lines by ID or external ID, else by SKU, else by exact title. If no line has the SKU, the title may match
// lines without a SKU.
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

// Returns how many units of each line can still be returned. Units that this return already covers stay available to
// it. A rejected return takes no units, so it may cover all that were bought.
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
    if (!isReceived({ status })) left.set(orderLineId, Math.max(others, quantity));
    else if (isReceived(before)) left.set(orderLineId, others + quantity);
  }
  return left;
}

// Takes a quantity from the units left of these lines. It starts with the lines this return took before, so that
// sending the same return again changes nothing, and continues in line order.
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

// Splits a stated total by quantity, rounded down to the smallest unit. The first line takes the remainder.
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
