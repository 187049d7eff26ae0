import { externalIdColumns } from '../db/entity-keys.ts';
import type { Statements } from '../db/statements.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { encodeId } from '../lib/ids.ts';
import type { OrderInput } from './input.ts';

type Parts = Pick<OrderInput, 'payments' | 'fulfillments'>;
type Lines = Pick<OrderInput, 'lines'>;
type Named = { source: string; value: string };

const tables = { payments: 'Payment', fulfillments: 'Fulfillment' } as const;

/** Lists the payments and fulfillments that have an external ID. Each external ID belongs to one part of one order. */
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

/** Throws INVALID_INPUT if two lines of an order have the same ID or external ID. */
export function checkLineNames({ lines }: Lines): void {
  const names = new Set<string>();
  const check = (name: string | null | undefined, i: number, field: 'id' | 'externalId') => {
    if (!name) return;
    if (names.has(name)) throw invalid(`Another line of this order has the same \`${field}\`.`, 'lines', i, field);
    names.add(name);
  };
  for (const [i, { id, externalId }] of (lines ?? []).entries()) {
    check(id, i, 'id');
    check(externalId && keyOf('lines', externalId), i, 'externalId');
  }
}

/** Returns the external IDs of all parts as distinct texts. Throws INVALID_INPUT if one occurs twice. */
export function keysOfParts(order: Parts): string[] {
  const keys = new Set<string>();
  for (const { key, field } of namedParts(order)) {
    if (keys.has(key)) throw invalid('Duplicate external ID in this order.', ...field);
    keys.add(key);
  }
  return [...keys];
}

/** Finds the order that currently owns each part, by the text of its external ID. */
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

/** Throws CONFLICT if another order owns one of these parts. */
export function checkParts(order: Parts, orderId: string, owners: Map<string, string>): void {
  for (const { key, field } of namedParts(order)) {
    const owner = owners.get(key) ?? orderId;
    if (owner === orderId) continue;
    const conflictingId = encodeId('Order', owner);
    throw new DomainError('CONFLICT', 'This external ID belongs to another order.', { field, conflictingId });
  }
}

type NamedRow = { source: string | null; externalId: string | null };

/** A part to write, and the stored part it matches, if any. */
export type PlannedPart<Given, Stored> = { row: Omit<Given, 'externalId'> & NamedRow; before: Stored | undefined };

/**
 * Plans the parts that replace the stored ones. Null if they are not given, or equal the stored ones. A part matches a
 * stored part with the same content and external ID. A part without an external ID matches any with the same content
 * whose external ID no other given part has, and takes over that external ID.
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
  // Parts with an external ID come first, so that it is kept if the same content is sent without it.
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
