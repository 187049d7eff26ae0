import type { Statements } from '../../db/statements.ts';
import { hasPhonePlan, isInternational } from '../../lib/contact/phone-number.ts';
import { attempt, refused } from '../../lib/upsert-result.ts';
import type { CustomerInput, CustomerItem } from '../input.ts';
import { identifierOfKey, identifierText, type PhoneCountry } from './identifiers.ts';
import { findOwners } from './owners.ts';

/** Reads the workspace's country, which is the last fallback for phone numbers without a country code. */
export async function workspaceCountryOf(tx: Statements): Promise<string | null> {
  const text = `SELECT "defaultCountry" FROM "Workspace" WHERE "id" = $1::uuid`;
  const [row] = await tx.query<{ defaultCountry: string | null }>({ text, values: [tx.workspaceId] });
  return row?.defaultCountry ?? null;
}

/** Input with the countries in which to parse the phone number of its key and those of its contact points. */
export type WithPhoneCountries = { item: CustomerItem; key: PhoneCountry; contacts: PhoneCountry };

/**
 * Finds the countries in which to parse phone numbers without a country code: the customer's country, else the country
 * of their address, else the workspace's. Values of the input take precedence over stored ones. A key is parsed before
 * its customer is known, so only the input and the workspace count for it.
 */
export async function withPhoneCountries(tx: Statements, items: CustomerItem[]): Promise<WithPhoneCountries[]> {
  const workspaceCountry = items.some(({ customer }) => hasPhone(customer)) ? await workspaceCountryOf(tx) : null;
  const given = items.map((item) => ({
    item,
    key: among([item.customer.country, addressCountry(item.customer.addresses)], workspaceCountry),
  }));
  const stored = await storedCountries(tx, given);
  return given.map(({ item, key }, i) => {
    const before = stored[i];
    if (!before) return { item, key, contacts: key };
    const { country = before.country, addresses } = item.customer;
    const address = addresses === undefined ? before.addressCountry : addressCountry(addresses);
    return { item, key, contacts: among([country, address], workspaceCountry) };
  });
}

/** Finds the countries in which to parse phone numbers of stored customers, by customer ID. */
export async function phoneCountriesOf(tx: Statements, customerIds: string[]): Promise<Map<string, PhoneCountry>> {
  if (customerIds.length === 0) return new Map();
  const workspaceCountry = await workspaceCountryOf(tx);
  const stored = await readCountries(tx, customerIds);
  return new Map(
    stored.map(({ id, ...before }) => [id, among([before.country, before.addressCountry], workspaceCountry)]),
  );
}

// Skips countries without a numbering plan, such as Antarctica.
function among(candidates: (string | null | undefined)[], workspaceCountry: string | null): PhoneCountry {
  const known = [...candidates, workspaceCountry].find((each) => each && hasPhonePlan(each));
  return { country: known ?? null, workspaceCountry };
}

function hasPhone({ key, contactPoints }: CustomerInput): boolean {
  return key.phone != null || Boolean(contactPoints?.some(({ kind }) => kind === 'PHONE'));
}

function needsStored({ country, contactPoints }: CustomerInput): boolean {
  return !country && Boolean(contactPoints?.some(({ kind, value }) => kind === 'PHONE' && !isInternational(value)));
}

type AddressLike = { countryCode?: string | null | undefined; isDefault?: boolean | null | undefined };

// Takes the first default address with a country, or else the first address with one.
function addressCountry(addresses: AddressLike[] | null | undefined): string | null {
  const named = (addresses ?? []).filter(({ countryCode }) => countryCode);
  return (named.find(({ isDefault }) => isDefault) ?? named[0])?.countryCode ?? null;
}

type Stored = { id: string; country: string | null; addressCountry: string | null };

// Runs two statements, and only for inputs with a phone number in national format and without a country.
async function storedCountries(
  tx: Statements,
  given: { item: CustomerItem; key: PhoneCountry }[],
): Promise<(Stored | undefined)[]> {
  const identifiers = given.map(({ item: { customer }, key }) => {
    if (!needsStored(customer)) return null;
    const identifier = attempt(() => identifierOfKey(customer.key, key));
    return refused(identifier) ? null : identifier;
  });
  const owners = await findOwners(
    tx,
    identifiers.flatMap((identifier) => identifier ?? []),
  );
  const rows = await readCountries(tx, [...new Set(owners.values())]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return identifiers.map((identifier) =>
    identifier ? byId.get(owners.get(identifierText(identifier)) ?? '') : undefined,
  );
}

async function readCountries(tx: Statements, ids: string[]): Promise<Stored[]> {
  if (ids.length === 0) return [];
  const text = `SELECT c."id", c."country", (SELECT a."countryCode" FROM "Address" a
      WHERE a."workspaceId" = $1::uuid AND a."customerId" = c."id" AND a."countryCode" IS NOT NULL
      ORDER BY a."isDefault" DESC, a."createdAt", a."id" LIMIT 1) AS "addressCountry"
    FROM "Customer" c WHERE c."workspaceId" = $1::uuid AND c."id" = ANY ($2::uuid[])`;
  return tx.query<Stored>({ text, values: [tx.workspaceId, ids] });
}
