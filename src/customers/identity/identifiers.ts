import * as z from 'zod';
import { externalIdInput } from '../../db/entity-keys.ts';
import { formerContacts, normalizeContact } from '../../lib/contact/contact.ts';
import { isInternational } from '../../lib/contact/phone-number.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { idOf, text } from '../../lib/fields.ts';
import { encodeId } from '../../lib/ids.ts';
import { isBlank } from '../../lib/text/invisible.ts';

/** Key that identifies a customer. Exactly one field is set. */
export const customerKeyInput = z
  .strictObject({
    id: idOf('Customer').nullish(),
    email: text(320).nullish(),
    phone: text(60).nullish(),
    externalId: externalIdInput.nullish(),
  })
  .refine(
    (key) => Object.values(key).filter((value) => value != null).length === 1,
    'Send exactly one of `id`, `email`, `phone` or `externalId`.',
  );

export type CustomerKeyInput = z.output<typeof customerKeyInput>;

/** Contact point that at most one customer can have. `value` is the normalized form, `given` the form that was sent. */
export type ContactIdentifier = {
  kind: 'EMAIL' | 'PHONE' | 'SOCIAL';
  value: string;
  given: string;
  /** Normalized forms that version 0.1 may have stored, if they differ from `value`. */
  former: string[];
};

/** Identifier that at most one customer can have. */
export type CustomerIdentifier =
  | { kind: 'ID'; value: string }
  | ContactIdentifier
  | { kind: 'EXTERNAL'; source: string; value: string };

/** Country used to parse a phone number without a country code, and the workspace's country. Null if unknown. */
export type PhoneCountry = { country: string | null; workspaceCountry: string | null };

export function countryOfWorkspace(workspaceCountry: string | null): PhoneCountry {
  return { country: workspaceCountry, workspaceCountry };
}

/**
 * Reads the identifier in a key. Fails with INVALID_INPUT for a malformed email or phone. `field` is the key's path.
 */
export function identifierOfKey(
  key: CustomerKeyInput,
  country: PhoneCountry,
  ...field: (string | number)[]
): CustomerIdentifier {
  const { id, email, phone, externalId } = key;
  if (id != null) return { kind: 'ID', value: id };
  if (externalId != null) return { kind: 'EXTERNAL', ...externalId };
  if (email != null) return identifierOfContact('EMAIL', email, country, ...field, 'email');
  return identifierOfContact('PHONE', phone ?? '', country, ...field, 'phone');
}

/** Normalizes a contact point. Every lookup and write uses it, so they agree on which contact points are equal. */
export function identifierOfContact(
  kind: ContactIdentifier['kind'],
  given: string,
  { country, workspaceCountry }: PhoneCountry,
  ...field: (string | number)[]
): ContactIdentifier {
  const value = normalizeContact(kind, given, country);
  if (value === null) throw invalid(problemOf(kind, given, country), ...field);
  return { kind, value, given, former: formerContacts(kind, given, value, country, workspaceCountry) };
}

function problemOf(kind: ContactIdentifier['kind'], given: string, country: string | null): string {
  if (isBlank(given)) return 'Must not be empty.';
  if (kind === 'EMAIL') return 'Not a valid email address.';
  const example = 'Send only the number, with its country code, such as +48 512 345 678.';
  if (isInternational(given)) return `Not a valid phone number. ${example}`;
  return country === null
    ? `The country of this phone number is unknown. ${example}`
    : `Not a valid phone number in ${country}. ${example}`;
}

export function identifierText(identifier: CustomerIdentifier): string {
  return identifier.kind === 'EXTERNAL'
    ? `EXTERNAL ${identifier.source}\n${identifier.value}`
    : `${identifier.kind} ${identifier.value}`;
}

const nouns = { ID: 'ID', EMAIL: 'email address', PHONE: 'phone number', SOCIAL: 'handle', EXTERNAL: 'external ID' };

/** Creates a CONFLICT error: another customer has this identifier, or had it until they were erased. */
export function takenError(
  identifier: CustomerIdentifier,
  ownerId: string,
  isErased: boolean,
  field: (string | number)[],
): DomainError {
  const message = isErased
    ? `This ${nouns[identifier.kind]} belonged to a customer who was erased.`
    : `Another customer has this ${nouns[identifier.kind]}.`;
  return new DomainError('CONFLICT', message, { field, conflictingId: encodeId('Customer', ownerId) });
}
