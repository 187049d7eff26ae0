import type { Statements } from '../../db/statements.ts';
import { findErased } from './erased-keys.ts';
import { type CustomerIdentifier, identifierText } from './identifiers.ts';

/**
 * Finds the owner of each identifier, by `identifierText`. A merged customer resolves to the customer it was merged
 * into.
 */
export async function findOwners(tx: Statements, identifiers: CustomerIdentifier[]): Promise<Map<string, string>> {
  if (identifiers.length === 0) return new Map();
  // Runs one exact lookup per kind, because no index supports a single condition over all kinds.
  const values: unknown[] = [tx.workspaceId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const lookups = [...groupedValues(identifiers)].map(([group, wanted]) => lookupOf(group, [...wanted], parameter));
  const text = lookups.join(' UNION ALL ');
  const rows = await tx.query<{ identifier: string; owner: string }>({ text, values });
  return new Map(rows.map(({ identifier, owner }) => [identifier, owner]));
}

/** Owners of identifiers. An erased customer counts as the owner of identifiers that nobody else has. */
export type Owners = {
  of(identifier: CustomerIdentifier): string | null;
  isErased(identifier: CustomerIdentifier): boolean;
};

/** Finds the owners of identifiers. An identifier without an owner resolves to the erased customer who had it. */
export async function findPastOwners(tx: Statements, identifiers: CustomerIdentifier[]): Promise<Owners> {
  const owners = await findOwners(tx, identifiers);
  const erased = await findErased(
    tx,
    identifiers.filter((identifier) => !owners.has(identifierText(identifier))),
  );
  return {
    of: (identifier) => owners.get(identifierText(identifier)) ?? erased.get(identifierText(identifier)) ?? null,
    isErased: (identifier) => !owners.has(identifierText(identifier)) && erased.has(identifierText(identifier)),
  };
}

// Groups values by kind, and external IDs by source too.
function groupedValues(identifiers: CustomerIdentifier[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const identifier of identifiers) {
    const group = identifier.kind === 'EXTERNAL' ? `EXTERNAL ${identifier.source}` : identifier.kind;
    const values = groups.get(group);
    if (values) values.add(identifier.value);
    else groups.set(group, new Set([identifier.value]));
  }
  return groups;
}

function lookupOf(group: string, wanted: string[], parameter: (value: unknown) => string): string {
  const values = parameter(wanted);
  if (group === 'ID') {
    return `SELECT 'ID ' || "id" AS identifier, coalesce("mergedIntoId", "id")::text AS owner FROM "Customer"
      WHERE "workspaceId" = $1::uuid AND "id" = ANY (${values}::uuid[])`;
  }
  // LATERAL with LIMIT does one index lookup per value, as in `findEntities`.
  const prefix = parameter(group);
  if (group.startsWith('EXTERNAL ')) {
    const source = parameter(group.slice('EXTERNAL '.length));
    return `SELECT ${prefix} || E'\n' || wanted.value AS identifier, found."customerId"::text AS owner
      FROM unnest(${values}::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT "customerId" FROM "CustomerExternalId"
        WHERE "workspaceId" = $1::uuid AND "source" = ${source} AND "value" = wanted.value LIMIT 1) found`;
  }
  return `SELECT ${prefix} || ' ' || wanted.value AS identifier, found."customerId"::text AS owner
    FROM unnest(${values}::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT "customerId" FROM "ContactPoint"
      WHERE "workspaceId" = $1::uuid AND "normalizedValue" = wanted.value AND "kind" = ${prefix}::text::"ContactPointKind" LIMIT 1) found`;
}
