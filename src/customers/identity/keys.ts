import type { Statements } from '../../db/statements.ts';
import { DomainError } from '../../lib/errors.ts';
import { attempt } from '../../lib/upsert-result.ts';
import { erasedError, findErased } from './erased-keys.ts';
import {
  type CustomerIdentifier,
  type CustomerKeyInput,
  countryOfWorkspace,
  identifierOfKey,
  identifierText,
} from './identifiers.ts';
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
  const identifiers = await identifiersOfKeys(tx, keys, field);
  const owners = await findOwners(tx, identifiers.filter(isIdentifier));
  const ownerOf = (identifier: CustomerIdentifier) => owners.get(identifierText(identifier));
  // Erased customers have no identifiers left, so only an ID can still find them.
  const byId = identifiers
    .filter(isIdentifier)
    .flatMap((identifier) => (identifier.kind === 'ID' ? (ownerOf(identifier) ?? []) : []));
  const erased = await erasedAmong(tx, byId);
  const held = await findErased(
    tx,
    identifiers.filter(isIdentifier).filter((identifier) => !ownerOf(identifier)),
  );
  return identifiers.map((identifier) => {
    if (!isIdentifier(identifier)) return identifier;
    const owner = ownerOf(identifier);
    if (held.has(identifierText(identifier)) || (owner && erased.has(owner))) return erasedError(...field);
    return owner ?? unknownCustomer(field);
  });
}

/** Resolves keys to the customers of orders and returns. Erased customers count: they are still the buyers. */
export async function resolveBuyers(
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  ...field: string[]
): Promise<(string | null | DomainError)[]> {
  const identifiers = await identifiersOfKeys(tx, keys, field);
  const owners = await findPastOwners(tx, identifiers.filter(isIdentifier));
  return identifiers.map((identifier) =>
    isIdentifier(identifier) ? (owners.of(identifier) ?? unknownCustomer(field)) : identifier,
  );
}

async function identifiersOfKeys(
  tx: Statements,
  keys: (CustomerKeyInput | null | undefined)[],
  field: string[],
): Promise<(CustomerIdentifier | null | DomainError)[]> {
  const hasPhone = keys.some((key) => key?.phone);
  const country = countryOfWorkspace(hasPhone ? await workspaceCountryOf(tx) : null);
  return keys.map((key) => (key ? attempt(() => identifierOfKey(key, country, ...field)) : null));
}

function isIdentifier(identifier: CustomerIdentifier | null | DomainError): identifier is CustomerIdentifier {
  return identifier !== null && !(identifier instanceof DomainError);
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
