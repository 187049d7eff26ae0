import { encodeId } from '../lib/ids.ts';
import { classOfContact, classOfText, masked } from '../lib/pii.ts';
import type { CustomerIdentifier } from './identity/identifiers.ts';

type Names = { givenName: string | null; familyName: string | null };
type Known = { createdAt: Date };
type StoredNames = Names & {
  id: string;
  displayName: string;
  isNameChosen: boolean;
  contactPoints: (Known & { kind: 'EMAIL' | 'PHONE' | 'SOCIAL'; normalizedValue: string })[];
  externalIds: (Known & { source: string; value: string })[];
};

/**
 * Returns the name to show in lists: the chosen name, else the given and family name, else the customer's first
 * identifier. Never empty. If `given` is null, a chosen name is dropped. `stored` is null for new and erased customers.
 */
export function displayNameOf(
  given: string | null | undefined,
  names: Names,
  identifiers: CustomerIdentifier[],
  stored: StoredNames | null,
  id: string,
): { displayName: string; isNameChosen: boolean } {
  if (given) return { displayName: given, isNameChosen: true };
  if (given === undefined && stored?.isNameChosen) return { displayName: stored.displayName, isNameChosen: true };
  return { displayName: fullName(names) || fallbackName(identifiers, stored, id), isNameChosen: false };
}

function fullName({ givenName, familyName }: Names): string {
  return [givenName, familyName].filter(Boolean).join(' ');
}

function fallbackName(identifiers: CustomerIdentifier[], stored: StoredNames | null, id: string): string {
  // Keeps the current stand-in: the stored name was neither chosen nor derived from given and family name.
  if (stored && !stored.isNameChosen && !fullName(stored)) return stored.displayName;
  const [known] = stored ? knownInOrder(stored) : identifiers.filter(({ kind }) => kind !== 'ID');
  return known ? labelOf(known) : encodeId('Customer', id);
}

function knownInOrder({ contactPoints, externalIds }: StoredNames): CustomerIdentifier[] {
  const points = contactPoints.map(({ kind, normalizedValue: value, createdAt }) => ({
    identifier: { kind, value, given: value, former: [] },
    createdAt,
  }));
  const externals = externalIds.map(({ source, value, createdAt }) => ({
    identifier: { kind: 'EXTERNAL' as const, source, value },
    createdAt,
  }));
  return [...points, ...externals]
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .map(({ identifier }) => identifier);
}

// Every key that can read customers sees the display name, so personal data in it is masked.
function labelOf(identifier: CustomerIdentifier): string {
  const piiClass =
    identifier.kind === 'ID' || identifier.kind === 'EXTERNAL'
      ? classOfText(identifier.value)
      : classOfContact(identifier.kind);
  return piiClass ? String(masked(piiClass, identifier.value)) : identifier.value;
}
