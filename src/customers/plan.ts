import type { Prisma } from '../db/generated/prisma/client.ts';
import { differs, keep, part, replaced } from '../lib/changes.ts';
import { DomainError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { distinctLabels, labelKey } from '../lib/text/fold.ts';
import { sortKey } from '../lib/text/sort-key.ts';
import type { Outcome } from '../lib/upsert-result.ts';
import { checkVersion } from '../lib/versions.ts';
import { planContactPoints } from './contact-points/contact-plan.ts';
import { erasedError } from './identity/erased-keys.ts';
import { allIdentifiers, type Subject } from './identity/subject.ts';
import type { CustomerInput } from './input.ts';
import { displayNameOf } from './names.ts';
import { searchTextOf } from './search/search.ts';

/** Stored customer with everything that an upsert may change. */
export type StoredCustomer = Prisma.CustomerGetPayload<{ include: typeof withDetails }> & { isBeingErased: boolean };
export const withDetails = {
  contactPoints: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
  externalIds: true,
  addresses: true,
  tags: true,
} as const satisfies Prisma.CustomerInclude;

/** Rows to write for one upsert. Null leaves the stored rows unchanged. */
export type CustomerPlan = {
  id: string;
  outcome: Outcome;
  warnings: DomainError[];
  /** True if the customer was erased and becomes active again. */
  isRevived: boolean;
  row: object;
  contactPoints: { added: object[]; demoted: string[]; promoted: string[] };
  externalIds: object[];
  addresses: object[] | null;
  tags: object[] | null;
};

/** Compares an input with the stored customer. If `stored` is null, plans a new customer. */
export function planCustomer(subject: Subject, stored: StoredCustomer | null): CustomerPlan {
  const { warnings } = subject;
  const { customer } = subject.input;
  if (stored?.status === 'ERASED' && !customer.revive) throw erasedError('key');
  if (stored?.isBeingErased)
    throw new DomainError('CONFLICT', 'This customer is being erased. Retry in a minute.', {
      field: ['key'],
      retryAfterMs: 60_000,
    });
  checkVersion(customer.expectedVersion, stored);
  const id = stored?.id ?? newId();
  const own = { customerId: id };
  const createdAt = new Date();

  const points = planContactPoints(subject.contacts, stored?.contactPoints ?? []);
  const contacts = [...(stored?.contactPoints ?? []), ...points.added].map(({ normalizedValue }) => normalizedValue);
  const row = customerRow(subject, contacts, stored, id);
  const externalIds = newExternalIds(subject, stored);
  const addresses = replaced(
    customer.addresses && oneDefaultPerKind(customer.addresses),
    stored?.addresses,
    addressIdentity,
  );
  const tags = replaced(
    customer.tags && tagRows(customer.tags, stored?.tags ?? []),
    stored?.tags,
    ({ labelKey }) => labelKey,
  );

  const pointsChanged = points.added.length + points.demoted.length + points.promoted.length > 0;
  const changed = pointsChanged || externalIds.length > 0 || addresses || tags || differs(row, stored ?? {});
  return {
    id,
    outcome: stored ? (changed ? 'UPDATED' : 'NOOP') : 'CREATED',
    warnings,
    isRevived: stored?.status === 'ERASED',
    row,
    contactPoints: { ...points, added: points.added.map((point) => ({ ...own, createdAt, ...point })) },
    externalIds: externalIds.map((externalId) => ({ ...own, createdAt, ...externalId })),
    addresses: addresses?.map((address) => ({ ...own, id: newId(), createdAt, ...address })) ?? null,
    tags: tags?.map((tag) => ({ ...own, ...tag })) ?? null,
  };
}

function tagRows(given: string[], stored: { tag: string }[]) {
  const tags = distinctLabels(
    given,
    stored.map(({ tag }) => tag),
  );
  return tags.map((tag) => ({ tag, labelKey: labelKey(tag) }));
}

function customerRow(subject: Subject, contacts: string[], stored: StoredCustomer | null, id: string) {
  const { customer } = subject.input;
  const givenName = keep(customer.givenName, stored?.givenName);
  const familyName = keep(customer.familyName, stored?.familyName);
  const shortName = keep(customer.shortName, stored?.shortName);
  const before = stored?.status === 'ERASED' ? null : stored;
  const { displayName, isNameChosen } = displayNameOf(
    customer.displayName,
    { givenName, familyName },
    allIdentifiers(subject),
    before,
    id,
  );
  const { birthday, quietHours, salutations } = customer;
  return {
    status: stored && stored.status !== 'ERASED' ? stored.status : ('ACTIVE' as const),
    displayName,
    isNameChosen,
    sortName: sortKey(displayName),
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

function newExternalIds({ externals }: Subject, stored: StoredCustomer | null) {
  const textOf = ({ source, value }: { source: string; value: string }) => `${source}\n${value}`;
  const known = new Set(stored?.externalIds.map(textOf));
  return externals.flatMap(({ identifier }) => {
    if (identifier.kind !== 'EXTERNAL' || known.has(textOf(identifier))) return [];
    known.add(textOf(identifier));
    return [{ source: identifier.source, value: identifier.value }];
  });
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
