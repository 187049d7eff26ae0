import { isBlank, withoutInvisible } from '../text/invisible.ts';
import { formerEmails, normalizeEmail } from './email-address.ts';
import { formerPhones, normalizePhone } from './phone-number.ts';

export type ContactKind = 'EMAIL' | 'PHONE' | 'SOCIAL';

/** Normalizes a contact point for comparison. Null if the text is not of this kind. Phone numbers use `country`. */
export function normalizeContact(kind: ContactKind, text: string, country: string | null): string | null {
  if (kind === 'EMAIL') return normalizeEmail(text);
  if (kind === 'PHONE') return normalizePhone(text, country);
  return isBlank(text) ? null : withoutInvisible(text).trim().toLowerCase().normalize('NFC');
}

/** Returns the other normal forms that version 0.1 may have used for the same contact point. */
export function formerContacts(
  kind: ContactKind,
  text: string,
  canonical: string,
  country: string | null,
  workspaceCountry: string | null,
): string[] {
  if (kind === 'EMAIL') return formerEmails(text, canonical);
  if (kind === 'PHONE') return formerPhones(text, canonical, country, workspaceCountry);
  const typed = text.trim().toLowerCase();
  return typed === canonical ? [] : [typed];
}
