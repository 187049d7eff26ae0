import { externalIdColumns } from '../db/entity-keys.ts';
import { differs } from '../lib/changes.ts';
import { DomainError } from '../lib/errors.ts';
import { encodeId, newId } from '../lib/ids.ts';
import { type Amount, amount, zero } from '../lib/money.ts';
import type { OrderInput } from './input.ts';
import type { OrderReferences, StoredOrder } from './plan.ts';

type GivenLine = NonNullable<OrderInput['lines']>[number];
type StoredLine = StoredOrder['lines'][number];
/** What of a line tells it from the others. `id` is ours; only a line that is sent back has one. */
export type LineIdentity = {
  id: string | null;
  source: string | null;
  externalId: string | null;
  productId: string | null;
  sku: string | null;
  title: string;
  unitPrice: Amount;
  quantity: number;
};

// What two lines have in common, most telling first. A line is matched by the first of these that finds one.
const likenesses: ((line: LineIdentity) => unknown[] | '' | null)[] = [
  ({ id }) => id && [id],
  ({ source, externalId }) => externalId && [source, externalId],
  ({ productId, sku, title, unitPrice, quantity }) => [productId, sku, title, unitPrice.toFixed(), quantity],
  ({ productId, sku, title, unitPrice }) => [productId, sku, title, unitPrice.toFixed()],
  ({ sku, title, unitPrice }) => [sku, title, unitPrice.toFixed()],
  ({ sku, title }) => sku && [sku, title],
  ({ sku, unitPrice }) => sku && [sku, unitPrice.toFixed()],
  ({ sku }) => sku && [sku],
  ({ title, unitPrice }) => [title, unitPrice.toFixed()],
  ({ title }) => [title],
];

// A line never becomes another product, nor one that is called otherwise.
function mayBeOne(given: LineIdentity, stored: LineIdentity): boolean {
  const agree = (a: string | null, b: string | null) => a === null || b === null || a === b;
  return (
    agree(given.id, stored.id) &&
    agree(given.productId, stored.productId) &&
    agree(given.sku, stored.sku) &&
    agree(
      given.externalId && `${given.source}\n${given.externalId}`,
      stored.externalId && `${stored.source}\n${stored.externalId}`,
    )
  );
}

/**
 * The stored line that each given one is, by its ID, else by what it is called, else by the best likeness of SKU, title
 * and price; never by its position. Of lines that are alike, those that came back are found first, by the largest.
 */
export function matchLines<Stored extends LineIdentity & { returnedQuantity: number }>(
  given: LineIdentity[],
  stored: Stored[],
): (Stored | undefined)[] {
  const matches: (Stored | undefined)[] = given.map(() => undefined);
  const free = new Set(stored.toSorted((a, b) => b.returnedQuantity - a.returnedQuantity));
  const waiting = new Set([...given.keys()].sort((a, b) => (given[b]?.quantity ?? 0) - (given[a]?.quantity ?? 0)));
  for (const likeness of likenesses) {
    if (waiting.size === 0 || free.size === 0) break;
    const textOf = (line: LineIdentity) => JSON.stringify(likeness(line));
    const alike = new Map<string, Stored[]>();
    for (const each of free) alike.set(textOf(each), [...(alike.get(textOf(each)) ?? []), each]);
    for (const i of waiting) {
      const line = given[i];
      if (!line || !likeness(line)) continue;
      const found = alike.get(textOf(line))?.find((each) => free.has(each) && mayBeOne(line, each));
      if (!found) continue;
      matches[i] = found;
      free.delete(found);
      waiting.delete(i);
    }
  }
  return matches;
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
  { id: orderId, customerId }: { id: string; customerId: string | null },
  stored: StoredOrder | null,
): LinesPlan {
  const before = (stored?.lines ?? []).toSorted((a, b) => a.position - b.position);
  if (lines === undefined) {
    const moved = stored && stored.customerId !== customerId ? before.map(({ id }) => ({ id, customerId })) : [];
    return { added: [], changed: moved, removed: [] };
  }
  const given = (lines ?? []).map((line, i) => ({
    ...externalIdColumns(line.externalId),
    id: line.id ?? null,
    productId: references[i]?.productId ?? null,
    sku: line.sku ?? null,
    title: references[i]?.title ?? '',
    unitPrice: line.unitPrice,
    quantity: line.quantity,
  }));
  const matches = matchLines(
    given,
    before.map((line) => ({ ...line, unitPrice: amount(line.unitPrice) })),
  );
  const byId = new Map(before.map((line) => [line.id, line]));
  const planned = given.map((line, position) => {
    const match = matches[position];
    if (line.id && !match)
      throw new DomainError('NOT_FOUND', 'This order has no such line.', { field: ['lines', position, 'id'] });
    if (match && match.returnedQuantity > line.quantity)
      throw new DomainError('CONFLICT', `${match.returnedQuantity} of this line came back.`, {
        field: ['lines', position, 'quantity'],
        conflictingId: encodeId('OrderLine', match.id),
      });
    // A name is not lost where the line is sent without it.
    const { source, externalId } = line.externalId || !match ? line : match;
    const row = {
      ...line,
      ...{ source, externalId, orderId, customerId, position },
      id: match?.id ?? newId(),
      variantId: references[position]?.variantId ?? null,
      total: totals[position] ?? zero,
    };
    return { row, before: match && byId.get(match.id) };
  });

  const kept = new Set(matches.flatMap((match) => match?.id ?? []));
  const removed = before.filter(({ id }) => !kept.has(id));
  checkRemoved(removed);
  return {
    added: planned.flatMap(({ row, before }) => (before ? [] : [{ ...row, returnedQuantity: 0 }])),
    changed: planned.flatMap(({ row, before }) => (before && differs(row, before) ? [row] : [])),
    removed: removed.map(({ id }) => id),
  };
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
