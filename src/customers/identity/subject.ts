import { DomainError } from '../../lib/errors.ts';
import { attempt, refused } from '../../lib/written.ts';
import type { CustomerItem } from '../input.ts';
import { type Claim, type ContactClaim, claimOfContact, claimOfKey, claimText, takenRefusal } from './identifiers.ts';
import type { Owners } from './owners.ts';
import type { WithPhoneCountries } from './phone-countries.ts';

/** Policy for a contact point that is invalid or belongs to another customer. */
export type OnBadContact = 'refuse' | 'leaveOut';

type Field = (string | number)[];
type Placed<Kind extends Claim> = { claim: Kind; field: Field };
type PlacedContact = Placed<ContactClaim> & { isPrimary?: boolean | null | undefined };

/** Input with all of its identifiers, each of which at most one customer can have. `key` identifies the customer. */
export type Claimed = {
  input: CustomerItem;
  key: Claim;
  contacts: PlacedContact[];
  externals: Placed<Claim>[];
  /** Reasons why contact points were skipped. */
  warnings: DomainError[];
};

/** Input whose customer is known. `target` is the ID of the customer to update; null creates a customer. */
export type Subject = Claimed & { target: string | null; keys: string[] };

/** Reads every identifier of an input: its key, contact points and external IDs. */
export function claimsOf({ item, ...countries }: WithPhoneCountries, onBad: OnBadContact): Claimed {
  const { customer, places } = item;
  const key = claimOfKey(customer.key, countries.key, 'key');
  const contacts: PlacedContact[] = [];
  const externals: Placed<Claim>[] = [];
  const warnings = [...item.warnings];
  if (key.kind === 'EXTERNAL') externals.push({ claim: key, field: ['key'] });
  else if (key.kind !== 'ID') contacts.push({ claim: key, field: ['key'] });
  for (const [i, { kind, value, isPrimary }] of (customer.contactPoints ?? []).entries()) {
    const field = ['contactPoints', places[i] ?? i, 'value'];
    const claim = attempt(() => claimOfContact(kind, value, countries.contacts, ...field));
    if (!refused(claim)) contacts.push({ claim, field, isPrimary });
    else if (onBad === 'leaveOut') warnings.push(claim);
    else throw claim;
  }
  for (const [i, externalId] of (customer.externalIds ?? []).entries())
    externals.push({ claim: { kind: 'EXTERNAL', ...externalId }, field: ['externalIds', i] });
  return { input: item, key, contacts, externals, warnings };
}

export function allClaims({ key, contacts, externals }: Claimed): Claim[] {
  return [key, ...contacts.map(({ claim }) => claim), ...externals.map(({ claim }) => claim)];
}

/** Finds the customer that the key identifies. Every identifier must be unused or already belong to that customer. */
export function subjectOf(claimed: Claimed, owners: Owners, onBad: OnBadContact): Subject {
  const { key, externals } = claimed;
  const target = owners.of(key);
  if (target === null && key.kind === 'ID')
    throw new DomainError('NOT_FOUND', 'No customer has this ID.', { field: ['key', 'id'] });
  const taken = ({ claim, field }: Placed<Claim>): DomainError | null => {
    const owner = owners.of(claim);
    return owner === null || owner === target ? null : takenRefusal(claim, owner, owners.isErased(claim), field);
  };
  const warnings = [...claimed.warnings];
  const contacts = claimed.contacts.filter((contact) => {
    const refusal = taken(contact);
    if (refusal && onBad === 'refuse') throw refusal;
    if (refusal) warnings.push(refusal);
    return !refusal;
  });
  for (const external of externals) {
    const refusal = taken(external);
    if (refusal) throw refusal;
  }
  const kept = { ...claimed, contacts, warnings: warnings.sort((a, b) => placeOf(a) - placeOf(b)) };
  return { ...kept, target, keys: [...new Set([...(target ? [target] : []), ...allClaims(kept).map(claimText)])] };
}

// Orders warnings by the position of their contact point in the input.
function placeOf({ details }: DomainError): number {
  return Number(details.field?.[1] ?? 0);
}
