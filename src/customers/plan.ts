import type { Prisma } from '../db/generated/prisma/client.ts';
import { differs, keep, part, replaced } from '../lib/changes.ts';
import { newId } from '../lib/ids.ts';
import { classOfContact, classOfText, masked } from '../lib/pii.ts';
import { checkVersion } from '../lib/versions.ts';
import type { Outcome } from '../lib/written.ts';
import type { CustomerInput } from './input.ts';
import { type Claim, claimText, erasedRefusal } from './keys.ts';
import { searchTextOf } from './search.ts';

/** A customer with all that an upsert may change. */
export type StoredCustomer = Prisma.CustomerGetPayload<{ include: typeof withDetails }>;
export const withDetails = { contactPoints: true, externalIds: true, addresses: true, tags: true } as const;

/** The rows that make one upsert true. Null: leave as they are. */
export type CustomerPlan = {
  id: string;
  outcome: Outcome;
  /** Was erased, and is not any more. */
  isRevived: boolean;
  row: object;
  contactPoints: object[];
  externalIds: object[];
  addresses: object[] | null;
  tags: object[] | null;
};

/** Compares what is wanted with what is stored; null stored makes a new customer. */
export function planCustomer(customer: CustomerInput, claims: Claim[], stored: StoredCustomer | null): CustomerPlan {
  if (stored?.status === 'ERASED' && !customer.revive) throw erasedRefusal('key');
  checkVersion(customer.expectedVersion, stored);
  const id = stored?.id ?? newId();
  const own = { customerId: id };
  const createdAt = new Date();

  const points = newContactPoints(customer, claims, stored);
  const contacts = [...(stored?.contactPoints ?? []), ...points].map(({ normalizedValue }) => normalizedValue);
  const row = customerRow(customer, claims, contacts, stored);
  const externalIds = newExternalIds(claims, stored);
  const addresses = replaced(
    customer.addresses && oneDefaultPerKind(customer.addresses),
    stored?.addresses,
    addressIdentity,
  );
  const tags = replaced(
    customer.tags && [...new Set(customer.tags)].map((tag) => ({ tag })),
    stored?.tags,
    ({ tag }) => tag,
  );

  const changed = points.length > 0 || externalIds.length > 0 || addresses || tags || differs(row, stored ?? {});
  return {
    id,
    outcome: stored ? (changed ? 'UPDATED' : 'NOOP') : 'CREATED',
    isRevived: stored?.status === 'ERASED',
    row,
    contactPoints: points.map((point) => ({ ...own, id: newId(), createdAt, ...point })),
    externalIds: externalIds.map((externalId) => ({ ...own, createdAt, ...externalId })),
    addresses: addresses?.map((address) => ({ ...own, id: newId(), createdAt, ...address })) ?? null,
    tags: tags?.map((tag) => ({ ...own, ...tag })) ?? null,
  };
}

function customerRow(customer: CustomerInput, claims: Claim[], contacts: string[], stored: StoredCustomer | null) {
  const givenName = keep(customer.givenName, stored?.givenName);
  const familyName = keep(customer.familyName, stored?.familyName);
  const shortName = keep(customer.shortName, stored?.shortName);
  const fullName = [givenName, familyName].filter(Boolean).join(' ');
  // Never empty: a list or a desk must be able to show something.
  const known = stored?.status === 'ERASED' ? null : stored?.displayName;
  const displayName = keep(customer.displayName, known) || fullName || knownBy(claims[0]);
  const { birthday, quietHours, salutations } = customer;
  return {
    status: stored && stored.status !== 'ERASED' ? stored.status : ('ACTIVE' as const),
    displayName,
    givenName,
    familyName,
    shortName,
    title: keep(customer.title, stored?.title),
    register: keep(customer.register, stored?.register),
    salutation:
      salutations === undefined
        ? (stored?.salutation ?? {})
        : Object.fromEntries((salutations ?? []).map(({ locale, text }) => [locale, text])),
    locale: keep(customer.locale, stored?.locale),
    timezone: keep(customer.timezone, stored?.timezone),
    birthMonth: keep(
      part(birthday, ({ month }) => month),
      stored?.birthMonth,
    ),
    birthDay: keep(
      part(birthday, ({ day }) => day),
      stored?.birthDay,
    ),
    birthYear: keep(
      part(birthday, ({ year }) => year ?? null),
      stored?.birthYear,
    ),
    country: keep(customer.country, stored?.country),
    note: keep(customer.note, stored?.note),
    quietFrom: keep(
      part(quietHours, ({ from }) => from),
      stored?.quietFrom,
    ),
    quietUntil: keep(
      part(quietHours, ({ until }) => until),
      stored?.quietUntil,
    ),
    searchText: searchTextOf([displayName, givenName, familyName, shortName], contacts),
  };
}

// A name is shown to everybody who may read customers, so what is personal of a key is masked.
function knownBy(claim: Claim | undefined): string {
  if (!claim) return '';
  const piiClass =
    claim.kind === 'ID' || claim.kind === 'EXTERNAL' ? classOfText(claim.value) : classOfContact(claim.kind);
  return piiClass ? String(masked(piiClass, claim.value)) : claim.value;
}

// The first of its kind becomes the primary one, unless it is said that it shall not.
function newContactPoints(customer: CustomerInput, claims: Claim[], stored: StoredCustomer | null) {
  const known = new Set(stored?.contactPoints.map(({ kind, normalizedValue }) => `${kind} ${normalizedValue}`));
  const hasPrimary = new Set(stored?.contactPoints.filter(({ isPrimary }) => isPrimary).map(({ kind }) => kind));
  const unwanted = new Set(
    customer.contactPoints?.filter(({ isPrimary }) => isPrimary === false).map(({ value }) => value),
  );
  return claims.flatMap((claim) => {
    if (claim.kind === 'ID' || claim.kind === 'EXTERNAL' || known.has(claimText(claim))) return [];
    const isPrimary = !hasPrimary.has(claim.kind) && !unwanted.has(claim.given);
    if (isPrimary) hasPrimary.add(claim.kind);
    return [{ kind: claim.kind, value: claim.given, normalizedValue: claim.value, isPrimary }];
  });
}

function newExternalIds(claims: Claim[], stored: StoredCustomer | null) {
  const known = new Set(stored?.externalIds.map(({ source, value }) => `${source}\n${value}`));
  return claims.flatMap((claim) =>
    claim.kind === 'EXTERNAL' && !known.has(`${claim.source}\n${claim.value}`)
      ? [{ source: claim.source, value: claim.value }]
      : [],
  );
}

function oneDefaultPerKind(addresses: NonNullable<CustomerInput['addresses']>) {
  const hasDefault = new Set(addresses.filter(({ isDefault }) => isDefault).map(({ kind }) => kind));
  const taken = new Set<string>();
  return addresses.map((address) => {
    const isDefault = !taken.has(address.kind) && (address.isDefault ?? !hasDefault.has(address.kind));
    if (isDefault) taken.add(address.kind);
    return { ...address, isDefault };
  });
}

type AddressLike = Pick<StoredCustomer['addresses'][number], 'kind' | 'lines' | 'isDefault'> & {
  [Part in 'city' | 'region' | 'postalCode' | 'countryCode']?: string | null | undefined;
};

function addressIdentity({ kind, lines, city, region, postalCode, countryCode, isDefault }: AddressLike) {
  return [kind, lines, city ?? null, region ?? null, postalCode ?? null, countryCode ?? null, isDefault];
}
