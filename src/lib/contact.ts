import { formerEmails, normalizeEmail } from './email-address.ts';
import { formerPhones, normalizePhone } from './phone-number.ts';

export type ContactKind = 'EMAIL' | 'PHONE' | 'SOCIAL';

/** The form in which contact points are compared. Null if the text is not of this kind. `country` is for phone numbers. */
export function normalizeContact(kind: ContactKind, text: string, country: string | null): string | null {
  if (kind === 'EMAIL') return normalizeEmail(text);
  if (kind === 'PHONE') return normalizePhone(text, country);
  return text.trim().toLowerCase() || null;
}

/** The other forms in which version 0.1 may have compared the same contact point. */
export function formerContacts(
  kind: ContactKind,
  text: string,
  canonical: string,
  country: string | null,
  workspaceCountry: string | null,
): string[] {
  if (kind === 'EMAIL') return formerEmails(text, canonical);
  return kind === 'PHONE' ? formerPhones(text, canonical, country, workspaceCountry) : [];
}
