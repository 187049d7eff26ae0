import type { Statements } from '../../db/statements.ts';
import { findErased } from './erased-keys.ts';
import { type Claim, claimText } from './identifiers.ts';

/**
 * Finds the owner of each identifier, by `claimText`. A merged customer resolves to the customer it was merged into.
 */
export async function findOwners(tx: Statements, claims: Claim[]): Promise<Map<string, string>> {
  if (claims.length === 0) return new Map();
  // Runs one exact lookup per kind, because no index supports a single condition over all kinds.
  const values: unknown[] = [tx.workspaceId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const lookups = [...groupedValues(claims)].map(([group, wanted]) => lookupOf(group, [...wanted], parameter));
  const text = lookups.join(' UNION ALL ');
  const rows = await tx.query<{ claim: string; owner: string }>({ text, values });
  return new Map(rows.map(({ claim, owner }) => [claim, owner]));
}

/** Owners of identifiers. An erased customer counts as the owner of identifiers that nobody else has. */
export type Owners = { of(claim: Claim): string | null; isErased(claim: Claim): boolean };

/** Finds the owners of identifiers. An identifier without an owner resolves to the erased customer who had it. */
export async function findPastOwners(tx: Statements, claims: Claim[]): Promise<Owners> {
  const owners = await findOwners(tx, claims);
  const erased = await findErased(
    tx,
    claims.filter((claim) => !owners.has(claimText(claim))),
  );
  return {
    of: (claim) => owners.get(claimText(claim)) ?? erased.get(claimText(claim)) ?? null,
    isErased: (claim) => !owners.has(claimText(claim)) && erased.has(claimText(claim)),
  };
}

// Groups values by kind, and external IDs by source too.
function groupedValues(claims: Claim[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const claim of claims) {
    const group = claim.kind === 'EXTERNAL' ? `EXTERNAL ${claim.source}` : claim.kind;
    const values = groups.get(group);
    if (values) values.add(claim.value);
    else groups.set(group, new Set([claim.value]));
  }
  return groups;
}

function lookupOf(group: string, wanted: string[], parameter: (value: unknown) => string): string {
  const values = parameter(wanted);
  if (group === 'ID') {
    return `SELECT 'ID ' || "id" AS claim, coalesce("mergedIntoId", "id")::text AS owner FROM "Customer"
      WHERE "workspaceId" = $1::uuid AND "id" = ANY (${values}::uuid[])`;
  }
  // LATERAL with LIMIT does one index lookup per value, as in `findEntities`.
  const prefix = parameter(group);
  if (group.startsWith('EXTERNAL ')) {
    const source = parameter(group.slice('EXTERNAL '.length));
    return `SELECT ${prefix} || E'\n' || wanted.value AS claim, found."customerId"::text AS owner
      FROM unnest(${values}::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT "customerId" FROM "CustomerExternalId"
        WHERE "workspaceId" = $1::uuid AND "source" = ${source} AND "value" = wanted.value LIMIT 1) found`;
  }
  return `SELECT ${prefix} || ' ' || wanted.value AS claim, found."customerId"::text AS owner
    FROM unnest(${values}::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT "customerId" FROM "ContactPoint"
      WHERE "workspaceId" = $1::uuid AND "normalizedValue" = wanted.value AND "kind" = ${prefix}::text::"ContactPointKind" LIMIT 1) found`;
}
