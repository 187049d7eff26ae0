import { z } from 'zod';
import { externalIdInput } from '../db/entity-keys.ts';
import { formerContacts, normalizeContact } from '../lib/contact.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { idOf, text } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import { isBlank } from '../lib/invisible.ts';
import { isInternational } from '../lib/phone-number.ts';

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

/** A contact point as at most one customer has it. `value` is the form it is compared in, `given` the one it was sent in. */
export type ContactClaim = {
  kind: 'EMAIL' | 'PHONE' | 'SOCIAL';
  value: string;
  given: string;
  /** The forms that version 0.1 may have compared it in, where they differ. */
  former: string[];
};

/** One thing that at most one customer has. */
export type Claim = { kind: 'ID'; value: string } | ContactClaim | { kind: 'EXTERNAL'; source: string; value: string };

/** The country in which a phone number without a country code is read, and that of the workspace. Null if unknown. */
export type PhoneCountry = { country: string | null; workspaceCountry: string | null };

export function ofWorkspace(workspaceCountry: string | null): PhoneCountry {
  return { country: workspaceCountry, workspaceCountry };
}

/** The claim in a key. INVALID_INPUT if its email or phone is malformed. `field` is the path of the key. */
export function claimOfKey(key: CustomerKeyInput, country: PhoneCountry, ...field: (string | number)[]): Claim {
  const { id, email, phone, externalId } = key;
  if (id != null) return { kind: 'ID', value: id };
  if (externalId != null) return { kind: 'EXTERNAL', ...externalId };
  if (email != null) return claimOfContact('EMAIL', email, country, ...field, 'email');
  return claimOfContact('PHONE', phone ?? '', country, ...field, 'phone');
}

/** The only place that decides which contact points are one, for every look-up and every write. */
export function claimOfContact(
  kind: ContactClaim['kind'],
  given: string,
  { country, workspaceCountry }: PhoneCountry,
  ...field: (string | number)[]
): ContactClaim {
  const value = normalizeContact(kind, given, country);
  if (value === null) throw invalid(problemOf(kind, given, country), ...field);
  return { kind, value, given, former: formerContacts(kind, given, value, country, workspaceCountry) };
}

function problemOf(kind: ContactClaim['kind'], given: string, country: string | null): string {
  if (isBlank(given)) return 'Must not be empty.';
  if (kind === 'EMAIL') return 'Not a valid email address.';
  const example = 'Send only the number, with its country code, such as +48 512 345 678.';
  if (isInternational(given)) return `Not a valid phone number. ${example}`;
  return country === null
    ? `The country of this phone number is unknown. ${example}`
    : `Not a valid phone number in ${country}. ${example}`;
}

export function claimText(claim: Claim): string {
  return claim.kind === 'EXTERNAL' ? `EXTERNAL ${claim.source}\n${claim.value}` : `${claim.kind} ${claim.value}`;
}

const nouns = { ID: 'id', EMAIL: 'email address', PHONE: 'phone number', SOCIAL: 'handle', EXTERNAL: 'external ID' };

/** CONFLICT: another customer has what this one claims, or had it until they were erased. */
export function takenRefusal(
  claim: Claim,
  ownerId: string,
  isErased: boolean,
  field: (string | number)[],
): DomainError {
  const message = isErased
    ? `This ${nouns[claim.kind]} belonged to a customer who was erased.`
    : `Another customer has this ${nouns[claim.kind]}.`;
  return new DomainError('CONFLICT', message, { field, conflictingId: encodeId('Customer', ownerId) });
}
