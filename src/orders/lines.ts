import { differs } from '../lib/changes.ts';
import { DomainError } from '../lib/errors.ts';
import { encodeId, newId } from '../lib/ids.ts';
import { type Amount, zero } from '../lib/money.ts';
import type { OrderInput } from './input.ts';
import type { OrderReferences } from './references.ts';
import type { StoredOrder } from './stored-order.ts';

type GivenLine = NonNullable<OrderInput['lines']>[number];
type StoredLine = StoredOrder['lines'][number];
type LineReference = OrderReferences['lines'][number];
/** The fields that distinguish a line from others. A given line has an `id` only if the caller sent one. */
export type LineIdentity = {
  id: string | null;
  source: string | null;
  externalId: string | null;
  productId: string | null;
  sku: string | null;
  title: string;
  unitPrice: { toFixed(): string };
  quantity: number;
};

type Likeness = (line: LineIdentity) => unknown[] | '' | null;

// Keys by which two lines may match, strongest first. A line is matched by the first key that finds a stored line.
const byName: Likeness[] = [({ id }) => id && [id], ({ source, externalId }) => externalId && [source, externalId]];
const byAll: Likeness[] = [
  ({ productId, sku, title, unitPrice, quantity }) => [productId, sku, title, unitPrice.toFixed(), quantity],
];
const byContent: Likeness[] = [
  ({ productId, sku, title, unitPrice }) => [productId, sku, title, unitPrice.toFixed()],
  ({ sku, title, unitPrice }) => [sku, title, unitPrice.toFixed()],
  ({ sku, title }) => sku && [sku, title],
  ({ sku, unitPrice }) => sku && [sku, unitPrice.toFixed()],
  ({ sku }) => sku && [sku],
  ({ productId, unitPrice, quantity }) => productId && [productId, unitPrice.toFixed(), quantity],
  ({ productId, unitPrice }) => productId && [productId, unitPrice.toFixed()],
  ({ productId }) => productId && [productId],
  ({ title, unitPrice }) => [title, unitPrice.toFixed()],
  ({ title }) => [title],
];

// A line never changes its product or external ID. Its SKU may change only if an ID or external ID identifies the line.
function mayBeOne(given: LineIdentity, stored: LineIdentity): boolean {
  const agree = (a: string | null, b: string | null) => a === null || b === null || a === b;
  const nameOf = ({ source, externalId }: LineIdentity) => externalId && `${source}\n${externalId}`;
  if (!agree(given.productId, stored.productId) || !agree(nameOf(given), nameOf(stored))) return false;
  const isNamed = given.id === stored.id || (given.externalId !== null && nameOf(given) === nameOf(stored));
  return isNamed || (given.id === null && agree(given.sku, stored.sku));
}

/**
 * Finds the stored line for each given line: by ID, else by external ID, else by the best match of SKU, product, title
 * and price; never by position. Among similar lines, those with returned units match first, and they go to the given
 * lines with the largest quantities.
 */
export function matchLines<Stored extends LineIdentity & { returnedQuantity: number }>(
  given: LineIdentity[],
  stored: Stored[],
): (Stored | undefined)[] {
  const matches: (Stored | undefined)[] = given.map(() => undefined);
  if (stored.length === 0) return matches;
  const free = new Set(stored.toSorted((a, b) => b.returnedQuantity - a.returnedQuantity));
  const waiting = new Set([...given.keys()].sort((a, b) => (given[b]?.quantity ?? 0) - (given[a]?.quantity ?? 0)));
  const match = (likeness: Likeness, arrange: (alike: Stored[], wanted: number) => Stored[]) => {
    const wanted = groupBy(waiting, (i) => textOf(likeness, given[i]));
    const alike = groupBy(free, (line) => textOf(likeness, line));
    for (const [text, places] of wanted) {
      const group = arrange(alike.get(text) ?? [], places.length);
      for (const i of places) {
        const at = group.findIndex((each) => mayBeOne(given[i] as LineIdentity, each));
        const [found] = at === -1 ? [] : group.splice(at, 1);
        if (!found) continue;
        matches[i] = found;
        free.delete(found);
        waiting.delete(i);
      }
    }
  };
  const asTheyAre = (alike: Stored[]) => alike;
  for (const likeness of byName) match(likeness, asTheyAre);
  // Identical lines keep their sequence, once it is clear which of them stay.
  const places = new Map(stored.map((line, place) => [line, place]));
  const placeOf = (line: Stored) => places.get(line) ?? 0;
  const inOrder = (alike: Stored[], wanted: number) => [
    ...alike.slice(0, wanted).sort((a, b) => placeOf(a) - placeOf(b)),
    ...alike.slice(wanted),
  ];
  for (const likeness of byAll) match(likeness, inOrder);
  for (const likeness of byContent) match(likeness, asTheyAre);
  return matches;
}

function textOf(likeness: Likeness, line: LineIdentity | undefined): string | null {
  const parts = line && likeness(line);
  return parts ? JSON.stringify(parts) : null;
}

// Elements without a text are left out.
function groupBy<T>(all: Iterable<T>, textOf: (each: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const text = textOf(each);
    if (text === null) continue;
    const group = groups.get(text);
    if (group) group.push(each);
    else groups.set(text, [each]);
  }
  return groups;
}

export type LinesPlan = {
  added: { productId: string | null; quantity: number }[];
  changed: { id: string }[];
  removed: string[];
};

/**
 * Plans the changes of an order's lines. Throws CONFLICT if a line with a return would be removed, or would fall below
 * the returned quantity.
 */
export function planLines(
  lines: GivenLine[] | null | undefined,
  totals: Amount[],
  references: OrderReferences['lines'],
  order: { id: string; customerId: string | null },
  stored: StoredOrder | null,
): LinesPlan {
  const before = (stored?.lines ?? []).toSorted((a, b) => a.position - b.position);
  if (lines === undefined) return { added: [], changed: [], removed: [] };
  const given = before.length > 0 ? (lines ?? []).map((line, i) => identityOf(line, references[i])) : [];
  const matches = matchLines(given, before);
  const rows = (lines ?? []).map((line, position) => {
    const match = matches[position];
    checkMatch(line, match, position, before);
    return rowOf(line, match, references[position], order, position, totals[position] ?? zero);
  });

  const kept = new Set(matches);
  const removed = before.filter((line) => !kept.has(line));
  checkRemoved(removed);
  return {
    added: rows.filter((_row, i) => !matches[i]),
    changed: rows.filter((row, i) => matches[i] && differs(row, matches[i])),
    removed: removed.map(({ id }) => id),
  };
}

function identityOf(line: GivenLine, reference: LineReference | undefined): LineIdentity {
  return {
    id: line.id ?? null,
    source: line.externalId?.source ?? null,
    externalId: line.externalId?.value ?? null,
    productId: reference?.productId ?? null,
    sku: line.sku ?? null,
    title: reference?.title ?? '',
    unitPrice: line.unitPrice,
    quantity: line.quantity,
  };
}

// Lists every field: an import builds a row per line, and spreading objects would cost as much as all the rest.
function rowOf(
  line: GivenLine,
  match: StoredLine | undefined,
  reference: LineReference | undefined,
  { id: orderId, customerId }: { id: string; customerId: string | null },
  position: number,
  total: Amount,
) {
  return {
    id: match?.id ?? newId(),
    orderId,
    customerId,
    position,
    // A line that is sent without its external ID keeps it.
    source: line.externalId?.source ?? match?.source ?? null,
    externalId: line.externalId?.value ?? match?.externalId ?? null,
    productId: reference?.productId ?? null,
    variantId: reference?.variantId ?? null,
    sku: line.sku ?? null,
    // The stored title is the one the item was sold under, so it wins over the current title of the product.
    title: line.title ?? match?.title ?? reference?.title ?? '',
    quantity: line.quantity,
    returnedQuantity: match?.returnedQuantity ?? 0,
    unitPrice: line.unitPrice,
    total,
  };
}

function checkMatch(
  { id, quantity }: GivenLine,
  match: StoredLine | undefined,
  position: number,
  stored: StoredLine[],
): void {
  if (id && !match) {
    const field = ['lines', position, 'id'];
    throw stored.some((line) => line.id === id)
      ? new DomainError('CONFLICT', 'The stored line has another product or external ID. Omit `id` to add a line.', {
          field,
        })
      : new DomainError('NOT_FOUND', 'This order has no line with this ID. Omit `id` to add a line.', { field });
  }
  if (match && match.returnedQuantity > quantity) {
    const message = `\`quantity\` must be at least ${match.returnedQuantity}, the number of units already returned.`;
    throw new DomainError('CONFLICT', message, {
      field: ['lines', position, 'quantity'],
      conflictingId: encodeId('OrderLine', match.id),
    });
  }
}

function checkRemoved(removed: StoredLine[]): void {
  const returned = removed.find(({ returnLines }) => returnLines.length > 0);
  const [line] = returned?.returnLines ?? [];
  if (line)
    throw new DomainError('CONFLICT', 'A line that a return refers to cannot be removed. Include it in `lines`.', {
      field: ['lines'],
      conflictingId: encodeId('Return', line.returnId),
    });
}
