import { externalIdColumns } from '../db/entity-keys.ts';
import type { Statements } from '../db/statements.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { encodeId } from '../lib/ids.ts';
import type { OrderInput } from './input.ts';

type Parts = Pick<OrderInput, 'payments' | 'fulfillments'>;
type Lines = Pick<OrderInput, 'lines'>;
type Named = { source: string; value: string };

const tables = { payments: 'Payment', fulfillments: 'Fulfillment' } as const;

/** Payments and fulfilments of an order that another system named: each name is of one of them, and of one order. */
function namedParts(order: Parts) {
  return (['payments', 'fulfillments'] as const).flatMap((list) =>
    (order[list] ?? []).flatMap(({ externalId }, i) =>
      externalId ? [{ key: keyOf(list, externalId), field: [list, i, 'externalId'] }] : [],
    ),
  );
}

function keyOf(list: keyof Parts | keyof Lines, { source, value }: Named): string {
  return `${list} ${source}\n${value}`;
}

/** INVALID_INPUT where two lines of an order have the same external ID or ID. */
export function checkLineNames({ lines }: Lines): void {
  const names = new Set<string>();
  const check = (name: string | null | undefined, i: number, field: 'id' | 'externalId') => {
    if (!name) return;
    if (names.has(name)) throw invalid('Another line of this order has the same ID.', 'lines', i, field);
    names.add(name);
  };
  for (const [i, { id, externalId }] of (lines ?? []).entries()) {
    check(id, i, 'id');
    check(externalId && keyOf('lines', externalId), i, 'externalId');
  }
}

/** The names as texts, each unlike any other; INVALID_INPUT where one stands twice. */
export function keysOfParts(order: Parts): string[] {
  const keys = new Set<string>();
  for (const { key, field } of namedParts(order)) {
    if (keys.has(key)) throw invalid('Duplicate external ID in this order.', ...field);
    keys.add(key);
  }
  return [...keys];
}

/** The order that has each part by now, by the text of its name. */
export async function ownersOfParts(tx: Statements, orders: Parts[]): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const list of ['payments', 'fulfillments'] as const) {
    const names = orders.flatMap((order) => (order[list] ?? []).flatMap(({ externalId }) => externalId ?? []));
    if (names.length === 0) continue;
    const text = `SELECT wanted."source", wanted."value", found."orderId" FROM unnest($2::text[], $3::text[]) AS wanted("source", "value")
      CROSS JOIN LATERAL (SELECT "orderId" FROM "${tables[list]}"
        WHERE "workspaceId" = $1::uuid AND "source" = wanted."source" AND "externalId" = wanted."value" LIMIT 1) found`;
    const values = [tx.workspaceId, names.map(({ source }) => source), names.map(({ value }) => value)];
    const rows = await tx.query<Named & { orderId: string }>({ text, values });
    for (const { orderId, ...name } of rows) owners.set(keyOf(list, name), orderId);
  }
  return owners;
}

/** CONFLICT where another order has one of these parts. */
export function checkParts(order: Parts, orderId: string, owners: Map<string, string>): void {
  for (const { key, field } of namedParts(order)) {
    const owner = owners.get(key) ?? orderId;
    if (owner === orderId) continue;
    const conflictingId = encodeId('Order', owner);
    throw new DomainError('CONFLICT', 'Another order has this external id.', { field, conflictingId });
  }
}

type NamedRow = { source: string | null; externalId: string | null };

/** A part as it is to be written, and the stored one that it is, if any. */
export type PlannedPart<Given, Stored> = { row: Omit<Given, 'externalId'> & NamedRow; before: Stored | undefined };

/**
 * Parts that are to take the place of what is stored; null where they are not given, or are what is stored. One is a
 * stored part where it says the same and is called so; without a name it is any that no other is called, and keeps its
 * name.
 */
export function replacedParts<Given extends { externalId?: Named | null | undefined }, Stored extends NamedRow>(
  given: Given[] | null | undefined,
  stored: Stored[] = [],
  saysTheSame: (part: Given, before: Stored) => boolean,
): PlannedPart<Given, Stored>[] | null {
  if (given === undefined) return null;
  const parts = given ?? [];
  const textOf = ({ source, externalId }: NamedRow) => JSON.stringify([source, externalId]);
  const told = new Set(parts.flatMap(({ externalId }) => (externalId ? textOf(externalIdColumns(externalId)) : [])));
  // A name is not lost where something without one says the same.
  const free = stored.toSorted((a, b) => Number(b.externalId !== null) - Number(a.externalId !== null));
  const planned = parts.map((part) => {
    const own = externalIdColumns(part.externalId);
    const isCalled = (each: Stored) => (part.externalId ? textOf(each) === textOf(own) : !told.has(textOf(each)));
    const at = free.findIndex((each) => saysTheSame(part, each) && isCalled(each));
    const [before] = at < 0 ? [] : free.splice(at, 1);
    const { source, externalId } = before ?? own;
    return { row: { ...part, source, externalId }, before };
  });
  return free.length === 0 && planned.every(({ before }) => before) ? null : planned;
}
