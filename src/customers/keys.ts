import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Tx } from '../db/database.ts';
import { externalIdInput } from '../db/entity-keys.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
import { normalizeEmail, normalizePhone } from '../lib/contact.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { idOf, text } from '../lib/fields.ts';
import { attempt } from '../lib/written.ts';

/** How anything refers to a customer: by exactly one of these. */
export const customerKeyInput = z
  .strictObject({
    id: idOf('Customer').nullish(),
    email: text(320).nullish(),
    phone: text(60).nullish(),
    externalId: externalIdInput.nullish(),
  })
  .refine(
    (key) => Object.values(key).filter((value) => value != null).length === 1,
    'Give exactly one of id, email, phone, externalId.',
  );

export type CustomerKeyInput = z.output<typeof customerKeyInput>;

/** One thing that at most one customer has, in the form it is compared in. */
export type Claim =
  | { kind: 'ID'; value: string }
  | { kind: 'EMAIL' | 'PHONE' | 'SOCIAL'; value: string; given: string }
  | { kind: 'EXTERNAL'; source: string; value: string };

/** The claim in a key; INVALID_INPUT where an e-mail or phone is malformed. `field` is where the key stands. */
export function claimOfKey(key: CustomerKeyInput, defaultCountry: string | null, ...field: (string | number)[]): Claim {
  if (key.id) return { kind: 'ID', value: key.id };
  if (key.externalId) return { kind: 'EXTERNAL', ...key.externalId };
  if (key.email) return claimOfContact('EMAIL', key.email, defaultCountry, ...field, 'email');
  return claimOfContact('PHONE', key.phone ?? '', defaultCountry, ...field, 'phone');
}

export function claimOfContact(
  kind: 'EMAIL' | 'PHONE' | 'SOCIAL',
  given: string,
  defaultCountry: string | null,
  ...field: (string | number)[]
): Claim {
  const value =
    kind === 'EMAIL'
      ? normalizeEmail(given)
      : kind === 'PHONE'
        ? normalizePhone(given, defaultCountry)
        : given.trim().toLowerCase();
  if (!value)
    throw invalid(
      `Is no valid ${kind === 'EMAIL' ? 'e-mail address' : kind === 'PHONE' ? 'phone number' : 'handle'}.`,
      ...field,
    );
  return { kind, value, given };
}

export function claimText(claim: Claim): string {
  return claim.kind === 'EXTERNAL' ? `EXTERNAL ${claim.source}\n${claim.value}` : `${claim.kind} ${claim.value}`;
}

/** Who holds each claim, by `claimText`. A customer that was merged away stands for its survivor. */
export async function findOwners(tx: Tx, claims: Claim[]): Promise<Map<string, string>> {
  // One exact look-up for each kind at hand: a condition on all of them at once is one that no index answers.
  const lookups = [...groupedValues(claims)].map(([group, values]) => lookupOf(tx.workspaceId, group, [...values]));
  if (lookups.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ claim: string; owner: string }[]>(Prisma.join(lookups, ' UNION ALL '));
  return new Map(rows.map(({ claim, owner }) => [claim, owner]));
}

/** The same, and who held it before they were erased where nobody does now. */
export async function findPastOwners(tx: Tx, claims: Claim[]): Promise<Map<string, string>> {
  const owners = await findOwners(tx, claims);
  const free = claims.filter((claim) => claim.kind !== 'ID' && !owners.has(claimText(claim)));
  if (free.length === 0) return owners;
  const hashes = new Map(free.map((claim) => [erasedKeyOf(tx.workspaceId, claim), claimText(claim)]));
  const rows = await tx.$queryRaw<{ hash: string; owner: string }[]>`
    SELECT wanted.hash, found."customerId"::text AS owner FROM unnest(${[...hashes.keys()]}::text[]) AS wanted(hash)
    CROSS JOIN LATERAL (SELECT "customerId" FROM "ErasedKey"
      WHERE "workspaceId" = ${tx.workspaceId}::uuid AND "hash" = wanted.hash LIMIT 1) found`;
  for (const { hash, owner } of rows) owners.set(hashes.get(hash) ?? '', owner);
  return owners;
}

/** What is kept of a claim when its customer is erased: enough to know it again, and nothing to read. */
export function erasedKeyOf(workspaceId: string, claim: Claim): string {
  return createHash('sha256')
    .update(`${workspaceId} ${claimText(claim)}`)
    .digest('base64url');
}

/** That somebody was erased, and may not be written of. */
export function erasedRefusal(...field: (string | number)[]): DomainError {
  return new DomainError('CONFLICT', 'This person was erased, and is not written of anew unless told.', { field });
}

/**
 * The customers that keys refer to, in their order: an id, null for no key, or the refusal to report for that item. Who
 * was erased is refused.
 */
export async function resolveCustomers(
  tx: Tx,
  keys: (CustomerKeyInput | null | undefined)[],
  ...field: string[]
): Promise<(string | null | DomainError)[]> {
  const found = await resolveBuyers(tx, keys, ...field);
  const ids = [...new Set(found.filter((id) => typeof id === 'string'))];
  if (ids.length === 0) return found;
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT "id"::text FROM "Customer"
    WHERE "workspaceId" = ${tx.workspaceId}::uuid AND "id" = ANY (${ids}::uuid[]) AND "status" = 'ERASED'`;
  const erased = new Set(rows.map(({ id }) => id));
  return found.map((id) => (typeof id === 'string' && erased.has(id) ? erasedRefusal(...field) : id));
}

/** The same for the books: who was erased is still who bought. */
export async function resolveBuyers(
  tx: Tx,
  keys: (CustomerKeyInput | null | undefined)[],
  ...field: string[]
): Promise<(string | null | DomainError)[]> {
  if (keys.every((key) => !key)) return keys.map(() => null);
  const defaultCountry = await defaultCountryOf(
    tx,
    keys.some((key) => key?.phone),
  );
  const claims = keys.map((key) => (key ? attempt(() => claimOfKey(key, defaultCountry, ...field)) : null));
  const owners = await findPastOwners(
    tx,
    claims.filter((claim): claim is Claim => claim !== null && !(claim instanceof DomainError)),
  );
  return claims.map((claim) => {
    if (claim === null || claim instanceof DomainError) return claim;
    return owners.get(claimText(claim)) ?? new DomainError('NOT_FOUND', 'No such customer.', { field });
  });
}

/** One customer by a key; NOT_FOUND where there is none, CONFLICT where they were erased. */
export async function resolveCustomer(tx: Tx, key: CustomerKeyInput, ...field: string[]): Promise<string> {
  return only(await resolveCustomers(tx, [key], ...field), field);
}

/** The same for the books. */
export async function resolveBuyer(tx: Tx, key: CustomerKeyInput, ...field: string[]): Promise<string> {
  return only(await resolveBuyers(tx, [key], ...field), field);
}

function only([id]: (string | null | DomainError)[], field: string[]): string {
  if (typeof id === 'string') return id;
  throw id ?? new DomainError('NOT_FOUND', 'No such customer.', { field });
}

/** The country that phone numbers are read in; asked for only where a phone is at hand. */
export async function defaultCountryOf(tx: Tx, needed: boolean): Promise<string | null> {
  if (!needed) return null;
  const { defaultCountry } = await tx.workspace.findUniqueOrThrow({
    where: { id: tx.workspaceId },
    select: { defaultCountry: true },
  });
  return defaultCountry;
}

// By kind, and external ids by their source too.
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

function lookupOf(workspaceId: string, group: string, values: string[]): Prisma.Sql {
  if (group === 'ID') {
    return Prisma.sql`SELECT 'ID ' || "id" AS claim, coalesce("mergedIntoId", "id")::text AS owner FROM "Customer"
      WHERE "workspaceId" = ${workspaceId}::uuid AND "id" = ANY (${values}::uuid[])`;
  }
  // LATERAL with LIMIT: one index look-up for each value, as in `findEntities`.
  if (group.startsWith('EXTERNAL ')) {
    const source = group.slice('EXTERNAL '.length);
    return Prisma.sql`SELECT ${group} || E'\n' || wanted.value AS claim, found."customerId"::text AS owner
      FROM unnest(${values}::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT "customerId" FROM "CustomerExternalId"
        WHERE "workspaceId" = ${workspaceId}::uuid AND "source" = ${source} AND "value" = wanted.value LIMIT 1) found`;
  }
  return Prisma.sql`SELECT ${group} || ' ' || wanted.value AS claim, found."customerId"::text AS owner
    FROM unnest(${values}::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT "customerId" FROM "ContactPoint"
      WHERE "workspaceId" = ${workspaceId}::uuid AND "normalizedValue" = wanted.value AND "kind" = ${group}::"ContactPointKind" LIMIT 1) found`;
}
