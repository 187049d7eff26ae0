import type { Statements } from '../../db/statements.ts';
import { DomainError } from '../../lib/errors.ts';
import { attempt } from '../../lib/written.ts';
import { erasedRefusal, findErased } from './erased-keys.ts';
import { type Claim, type CustomerKeyInput, claimOfKey, claimText, ofWorkspace } from './identifiers.ts';
import { findOwners, findPastOwners } from './owners.ts';
import { workspaceCountryOf } from './phone-countries.ts';

export { type CustomerKeyInput, customerKeyInput } from './identifiers.ts';

/**
 * Resolves keys to customers, in order: an ID, null for no key, or the error to report for that item. Keys of erased
 * customers give an error.
 */
export async function resolveCustomers(
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  ...field: string[]
): Promise<(string | null | DomainError)[]> {
  const claims = await claimsOfKeys(tx, keys, field);
  const owners = await findOwners(tx, claims.filter(isClaim));
  const ownerOf = (claim: Claim) => owners.get(claimText(claim));
  // Erased customers have no identifiers left, so only an ID can still find them.
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

/** Resolves keys to the customers of orders and returns. Erased customers count: they are still the buyers. */
export async function resolveBuyers(
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  ...field: string[]
): Promise<(string | null | DomainError)[]> {
  const claims = await claimsOfKeys(tx, keys, field);
  const owners = await findPastOwners(tx, claims.filter(isClaim));
  return claims.map((claim) => (isClaim(claim) ? (owners.of(claim) ?? unknownCustomer(field)) : claim));
}

async function claimsOfKeys(
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  field: string[],
): Promise<(Claim | null | DomainError)[]> {
  const hasPhone = keys.some((key) => key?.phone);
  const country = ofWorkspace(hasPhone ? await workspaceCountryOf(tx) : null);
  return keys.map((key) => (key ? attempt(() => claimOfKey(key, country, ...field)) : null));
}

function isClaim(claim: Claim | null | DomainError): claim is Claim {
  return claim !== null && !(claim instanceof DomainError);
}

function unknownCustomer(field: string[]): DomainError {
  return new DomainError('NOT_FOUND', 'No customer has this key.', { field });
}

/** Returns those of the customers that were erased. */
export async function erasedAmong(tx: Statements, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const text = `SELECT "id" FROM "Customer" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[]) AND "status" = 'ERASED'`;
  const rows = await tx.query<{ id: string }>({ text, values: [tx.workspaceId, ids] });
  return new Set(rows.map(({ id }) => id));
}

/** Resolves a key to a customer. Fails with NOT_FOUND for an unknown key and CONFLICT for an erased customer. */
export async function resolveCustomer(tx: Statements, key: CustomerKeyInput, ...field: string[]): Promise<string> {
  return only(await resolveCustomers(tx, [key], ...field), field);
}

/** Resolves a key to the customer of orders and returns, who may be erased. */
export async function resolveBuyer(tx: Statements, key: CustomerKeyInput, ...field: string[]): Promise<string> {
  return only(await resolveBuyers(tx, [key], ...field), field);
}

function only([id]: (string | null | DomainError)[], field: string[]): string {
  if (typeof id === 'string') return id;
  throw id ?? unknownCustomer(field);
}
