import { differs } from '../lib/changes.ts';
import { DomainError } from '../lib/errors.ts';
import { encodeId, newId } from '../lib/ids.ts';
import { type Amount, zero } from '../lib/money.ts';
import type { OrderInput } from './input.ts';
import type { OrderReferences, StoredOrder } from './plan.ts';

type GivenLine = NonNullable<OrderInput['lines']>[number];
type StoredLine = StoredOrder['lines'][number];
type LineReference = OrderReferences['lines'][number];
/** What of a line tells it from the others. `id` is ours; only a line that is sent back has one. */
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

// What two lines have in common, most telling first. A line is matched by the first of these that finds one.
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

// A line never becomes another product. One that is not named is not another SKU either.
function mayBeOne(given: LineIdentity, stored: LineIdentity): boolean {
  const agree = (a: string | null, b: string | null) => a === null || b === null || a === b;
  const nameOf = ({ source, externalId }: LineIdentity) => externalId && `${source}\n${externalId}`;
  if (!agree(given.productId, stored.productId) || !agree(nameOf(given), nameOf(stored))) return false;
  const isNamed = given.id === stored.id || (given.externalId !== null && nameOf(given) === nameOf(stored));
  return isNamed || (given.id === null && agree(given.sku, stored.sku));
}

/**
 * The stored line that each given one is, by its ID, else by what it is called, else by the best likeness of SKU, product,
 * title and price; never by its position. Of lines that are alike, those that came back are found first, by the largest.
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
  // Lines that say the same keep their order, once it is clear which of them stay.
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

// Those without a text are in no group.
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

/** What becomes of an order's lines. CONFLICT where a line that came back would go, or shrink below what came back. */
export function planLines(
  lines: GivenLine[] | null | undefined,
  totals: Amount[],
  references: OrderReferences['lines'],
  order: { id: string; customerId: string | null },
  stored: StoredOrder | null,
): LinesPlan {
  const before = (stored?.lines ?? []).toSorted((a, b) => a.position - b.position);
  if (lines === undefined) {
    const { customerId } = order;
    const moved = stored && stored.customerId !== customerId ? before.map(({ id }) => ({ id, customerId })) : [];
    return { added: [], changed: moved, removed: [] };
  }
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

// Field by field: an import makes a row for each of its lines, and spreading them would cost as much as all else here.
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
    // A name is not lost where the line is sent without it.
    source: line.externalId?.source ?? match?.source ?? null,
    externalId: line.externalId?.value ?? match?.externalId ?? null,
    productId: reference?.productId ?? null,
    variantId: reference?.variantId ?? null,
    sku: line.sku ?? null,
    // A title that is not given is the product's; one that is stored is what it was sold as.
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
      ? new DomainError('CONFLICT', 'A line cannot become another product. Leave out `id` to add a line.', { field })
      : new DomainError('NOT_FOUND', 'This order has no such line.', { field });
  }
  if (match && match.returnedQuantity > quantity)
    throw new DomainError('CONFLICT', `${match.returnedQuantity} of this line came back.`, {
      field: ['lines', position, 'quantity'],
      conflictingId: encodeId('OrderLine', match.id),
    });
}

function checkRemoved(removed: StoredLine[]): void {
  const returned = removed.find(({ returnLines }) => returnLines.length > 0);
  const [line] = returned?.returnLines ?? [];
  if (line)
    throw new DomainError('CONFLICT', 'A line that a return names cannot be removed.', {
      field: ['lines'],
      conflictingId: encodeId('Return', line.returnId),
    });
}
