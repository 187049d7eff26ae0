import { DomainError } from '../../lib/errors.ts';
import { attempt, refused } from '../../lib/upsert-result.ts';
import type { CustomerItem } from '../input.ts';
import {
  type ContactIdentifier,
  type CustomerIdentifier,
  identifierOfContact,
  identifierOfKey,
  identifierText,
  takenError,
} from './identifiers.ts';
import type { Owners } from './owners.ts';
import type { WithPhoneCountries } from './phone-countries.ts';

/** Policy for a contact point that is invalid or belongs to another customer. */
export type OnBadContact = 'refuse' | 'leaveOut';

type Field = (string | number)[];
type AtField<Kind extends CustomerIdentifier> = { identifier: Kind; field: Field };
type ContactAtField = AtField<ContactIdentifier> & { isPrimary?: boolean | null | undefined };

/** Input with all of its identifiers, each of which at most one customer can have. `key` identifies the customer. */
export type IdentifiedInput = {
  input: CustomerItem;
  key: CustomerIdentifier;
  contacts: ContactAtField[];
  externals: AtField<CustomerIdentifier>[];
  /** Reasons why contact points were skipped. */
  warnings: DomainError[];
};

/** Input whose customer is known. `target` is the ID of the customer to update; null creates a customer. */
export type Subject = IdentifiedInput & { target: string | null; keys: string[] };

/** Reads every identifier of an input: its key, contact points and external IDs. */
export function readIdentifiers({ item, ...countries }: WithPhoneCountries, onBad: OnBadContact): IdentifiedInput {
  const { customer, places } = item;
  const key = identifierOfKey(customer.key, countries.key, 'key');
  const contacts: ContactAtField[] = [];
  const externals: AtField<CustomerIdentifier>[] = [];
  const warnings = [...item.warnings];
  if (key.kind === 'EXTERNAL') externals.push({ identifier: key, field: ['key'] });
  else if (key.kind !== 'ID') contacts.push({ identifier: key, field: ['key'] });
  for (const [i, { kind, value, isPrimary }] of (customer.contactPoints ?? []).entries()) {
    const field = ['contactPoints', places[i] ?? i, 'value'];
    const identifier = attempt(() => identifierOfContact(kind, value, countries.contacts, ...field));
    if (!refused(identifier)) contacts.push({ identifier, field, isPrimary });
    else if (onBad === 'leaveOut') warnings.push(identifier);
    else throw identifier;
  }
  for (const [i, externalId] of (customer.externalIds ?? []).entries())
    externals.push({ identifier: { kind: 'EXTERNAL', ...externalId }, field: ['externalIds', i] });
  return { input: item, key, contacts, externals, warnings };
}

export function allIdentifiers({ key, contacts, externals }: IdentifiedInput): CustomerIdentifier[] {
  return [key, ...contacts.map(({ identifier }) => identifier), ...externals.map(({ identifier }) => identifier)];
}

/** Finds the customer that the key identifies. Every identifier must be unused or already belong to that customer. */
export function subjectOf(identified: IdentifiedInput, owners: Owners, onBad: OnBadContact): Subject {
  const { key, externals } = identified;
  const target = owners.of(key);
  if (target === null && key.kind === 'ID')
    throw new DomainError('NOT_FOUND', 'No customer has this ID.', { field: ['key', 'id'] });
  const taken = ({ identifier, field }: AtField<CustomerIdentifier>): DomainError | null => {
    const owner = owners.of(identifier);
    return owner === null || owner === target
      ? null
      : takenError(identifier, owner, owners.isErased(identifier), field);
  };
  const warnings = [...identified.warnings];
  const contacts = identified.contacts.filter((contact) => {
    const refusal = taken(contact);
    if (refusal && onBad === 'refuse') throw refusal;
    if (refusal) warnings.push(refusal);
    return !refusal;
  });
  for (const external of externals) {
    const refusal = taken(external);
    if (refusal) throw refusal;
  }
  const kept = { ...identified, contacts, warnings: warnings.sort((a, b) => placeOf(a) - placeOf(b)) };
  return {
    ...kept,
    target,
    keys: [...new Set([...(target ? [target] : []), ...allIdentifiers(kept).map(identifierText)])],
  };
}

// Orders warnings by the position of their contact point in the input.
function placeOf({ details }: DomainError): number {
  return Number(details.field?.[1] ?? 0);
}
