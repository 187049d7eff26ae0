import { externalIdColumns } from '../db/entity-keys.ts';
import type { Statements } from '../db/statements.ts';
import { canonical, replaced } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { encodeId } from '../lib/ids.ts';
import type { OrderInput } from './input.ts';

type Parts = Pick<OrderInput, 'payments' | 'fulfillments'>;
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

function keyOf(list: keyof Parts, { source, value }: Named): string {
  return `${list} ${source}\n${value}`;
}

/** The names as texts, each unlike any other; INVALID_INPUT where one stands twice. */
export function keysOfParts(order: Parts): string[] {
  const keys = new Set<string>();
  for (const { key, field } of namedParts(order)) {
    if (keys.has(key)) throw invalid('This external id stands before.', ...field);
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

type Unnamed<Given> = Omit<Given, 'externalId'>;

/**
 * Parts as rows that are to take the place of what is stored; null where they are not given or say the same, which
 * `identity` says of each but for its name.
 */
export function replacedParts<Given extends { externalId?: Named | null | undefined }, Stored extends NamedRow>(
  given: Given[] | null | undefined,
  stored: Stored[] | undefined,
  identity: (part: Unnamed<Given> | Stored) => unknown,
): (Unnamed<Given> & NamedRow)[] | null {
  if (given === undefined) return null;
  const rows = namedRows(given ?? [], stored ?? [], identity);
  return replaced(rows, stored, (part) => [part.source, part.externalId, identity(part)]);
}

// What is sent without its name keeps that of a stored part which says the same otherwise.
function namedRows<Given extends { externalId?: Named | null | undefined }, Stored extends NamedRow>(
  given: Given[],
  stored: Stored[],
  identity: (part: Unnamed<Given> | Stored) => unknown,
): (Unnamed<Given> & NamedRow)[] {
  const rows = given.map(({ externalId, ...part }) => ({ ...part, ...externalIdColumns(externalId) }));
  const textOf = ({ source, externalId }: NamedRow) => canonical([source, externalId]);
  const told = new Set(rows.map(textOf));
  const free = new Map<string, NamedRow[]>();
  for (const each of stored) {
    const says = canonical(identity(each));
    if (!told.has(textOf(each))) free.set(says, [...(free.get(says) ?? []), each]);
  }
  return rows.map((row) => {
    const kept = row.externalId === null ? free.get(canonical(identity(row)))?.shift() : undefined;
    return kept ? { ...row, source: kept.source, externalId: kept.externalId } : row;
  });
}
