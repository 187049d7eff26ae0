import { createHash } from 'node:crypto';
import { z } from 'zod';
import { externalIdInput } from '../db/entity-keys.ts';
import type { Statements } from '../db/statements.ts';
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
export async function findOwners(tx: Statements, claims: Claim[]): Promise<Map<string, string>> {
  if (claims.length === 0) return new Map();
  // One exact look-up for each kind at hand: a condition on all of them at once is one that no index answers.
  const values: unknown[] = [tx.workspaceId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const lookups = [...groupedValues(claims)].map(([group, wanted]) => lookupOf(group, [...wanted], parameter));
  const text = lookups.join(' UNION ALL ');
  const rows = await tx.query<{ claim: string; owner: string }>({ text, values });
  return new Map(rows.map(({ claim, owner }) => [claim, owner]));
}

/** The same, and who held it before they were erased where nobody does now. */
export async function findPastOwners(tx: Statements, claims: Claim[]): Promise<Map<string, string>> {
  const owners = await findOwners(tx, claims);
  const erased = await findErased(
    tx,
    claims.filter((claim) => !owners.has(claimText(claim))),
  );
  return new Map([...owners, ...erased]);
}

// Who held a claim when they were erased. An id is never given up.
async function findErased(tx: Statements, claims: Claim[]): Promise<Map<string, string>> {
  const given = claims.filter(({ kind }) => kind !== 'ID');
  if (given.length === 0) return new Map();
  const hashes = new Map(given.map((claim) => [erasedKeyOf(tx.workspaceId, claim), claimText(claim)]));
  const text = `SELECT wanted.hash, found."customerId" AS owner FROM unnest($2::text[]) AS wanted(hash)
    CROSS JOIN LATERAL (SELECT "customerId" FROM "ErasedKey"
      WHERE "workspaceId" = $1::uuid AND "hash" = wanted.hash LIMIT 1) found`;
  const values = [tx.workspaceId, [...hashes.keys()]];
  const rows = await tx.query<{ hash: string; owner: string }>({ text, values });
  return new Map(rows.map(({ hash, owner }) => [hashes.get(hash) ?? '', owner]));
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
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  ...field: string[]
): Promise<(string | null | DomainError)[]> {
  const claims = await claimsOfKeys(tx, keys, field);
  const owners = await findOwners(tx, claims.filter(isClaim));
  const ownerOf = (claim: Claim) => owners.get(claimText(claim));
  // Whoever was erased holds nothing any more; only their id still leads to them.
  const byId = claims.filter(isClaim).flatMap((claim) => (claim.kind === 'ID' ? (ownerOf(claim) ?? []) : []));
  const erased = await erasedAmong(tx, byId);
  const held = await findErased(
    tx,
    claims.filter(isClaim).filter((claim) => !ownerOf(claim)),
  );
  return claims.map((claim) => {
    if (!isClaim(claim)) return claim;
    const owner = ownerOf(claim);
    if (held.has(claimText(claim)) || (owner && erased.has(owner))) return erasedRefusal(...field);
    return owner ?? unknownCustomer(field);
  });
}

/** The same for the books: who was erased is still who bought. */
export async function resolveBuyers(
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  ...field: string[]
): Promise<(string | null | DomainError)[]> {
  const claims = await claimsOfKeys(tx, keys, field);
  const owners = await findPastOwners(tx, claims.filter(isClaim));
  return claims.map((claim) => (isClaim(claim) ? (owners.get(claimText(claim)) ?? unknownCustomer(field)) : claim));
}

async function claimsOfKeys(
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  field: string[],
): Promise<(Claim | null | DomainError)[]> {
  const defaultCountry = await defaultCountryOf(
    tx,
    keys.some((key) => key?.phone),
  );
  return keys.map((key) => (key ? attempt(() => claimOfKey(key, defaultCountry, ...field)) : null));
}

function isClaim(claim: Claim | null | DomainError): claim is Claim {
  return claim !== null && !(claim instanceof DomainError);
}

function unknownCustomer(field: string[]): DomainError {
  return new DomainError('NOT_FOUND', 'No such customer.', { field });
}

async function erasedAmong(tx: Statements, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const text = `SELECT "id" FROM "Customer" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[]) AND "status" = 'ERASED'`;
  const rows = await tx.query<{ id: string }>({ text, values: [tx.workspaceId, ids] });
  return new Set(rows.map(({ id }) => id));
}

/** One customer by a key; NOT_FOUND where there is none, CONFLICT where they were erased. */
export async function resolveCustomer(tx: Statements, key: CustomerKeyInput, ...field: string[]): Promise<string> {
  return only(await resolveCustomers(tx, [key], ...field), field);
}

/** The same for the books. */
export async function resolveBuyer(tx: Statements, key: CustomerKeyInput, ...field: string[]): Promise<string> {
  return only(await resolveBuyers(tx, [key], ...field), field);
}

function only([id]: (string | null | DomainError)[], field: string[]): string {
  if (typeof id === 'string') return id;
  throw id ?? unknownCustomer(field);
}

/** The country that phone numbers are read in; asked for only where a phone is at hand. */
export async function defaultCountryOf(tx: Statements, needed: boolean): Promise<string | null> {
  if (!needed) return null;
  const text = `SELECT "defaultCountry" FROM "Workspace" WHERE "id" = $1::uuid`;
  const [row] = await tx.query<{ defaultCountry: string | null }>({ text, values: [tx.workspaceId] });
  return row?.defaultCountry ?? null;
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

function lookupOf(group: string, wanted: string[], parameter: (value: unknown) => string): string {
  const values = parameter(wanted);
  if (group === 'ID') {
    return `SELECT 'ID ' || "id" AS claim, coalesce("mergedIntoId", "id")::text AS owner FROM "Customer"
      WHERE "workspaceId" = $1::uuid AND "id" = ANY (${values}::uuid[])`;
  }
  // LATERAL with LIMIT: one index look-up for each value, as in `findEntities`.
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
