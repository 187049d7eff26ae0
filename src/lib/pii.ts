import { withAsciiDigits } from './text/digits.ts';
import { fold } from './text/fold.ts';
import { isPlainAscii, withoutInvisible } from './text/invisible.ts';

/** Classes of personal data, each with the scope that allows reading it. */
export const piiScopes = {
  EMAIL: 'pii:email',
  PHONE: 'pii:phone',
  ADDRESS: 'pii:address',
  BIRTHDAY: 'pii:birthday',
  FREE_TEXT: 'pii:free_text',
} as const;

export type PiiClass = keyof typeof piiScopes;

export function isPiiClass(text: string): text is PiiClass {
  return Object.hasOwn(piiScopes, text);
}

/** Classes of personal data that were read unmasked, by customer UUID. Null if the customer is unknown. */
export type PersonalReads = Map<string | null, Set<PiiClass>>;

/** Returns the class of a contact point. A social handle has the class of an email address. */
export function classOfContact(kind: 'EMAIL' | 'PHONE' | 'SOCIAL'): PiiClass {
  return kind === 'PHONE' ? 'PHONE' : 'EMAIL';
}

/** Returns the class of a text that may be an email address or phone number in any spelling. Null if it is neither. */
export function classOfText(text: unknown): PiiClass | null {
  if (typeof text !== 'string') return null;
  const folded = fold(text).trim();
  if (/\S@\S/.test(folded)) return 'EMAIL';
  return phoneStarts.some((start) => folded.startsWith(start)) && phoneShape.test(folded) ? 'PHONE' : null;
}

/** At signs. Every text of class EMAIL contains one of them. For SQL filters, which cannot call `classOfText`. */
export const atSigns = ['@', '﹫', '＠'];

/** Prefixes. Every folded text of class PHONE starts with one of them. */
export const phoneStarts = ['+', '00', '(+', '(00', 'tel:'];

// A folded international number, with or without an extension. Bounded repetition keeps matching linear.
const phoneShape =
  /^(?:tel:[\s(]{0,3}(?:\+|00)?|\(?(?:\+|00))[\s(]{0,3}\d[\d\s()./]{5,}(?:[\s,;(]{0,3}(?:;ext=|[~#,]|\p{Letter}[\p{Letter}.]{0,15})[\s.:=,]{0,3}\d{1,11}\W?)?$/u;

/**
 * Masks a value for callers who may not read it. The mask has the same shape, so callers see that there is a value.
 * Null stays null.
 */
export function masked(piiClass: PiiClass, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((each) => masked(piiClass, each));
  if (piiClass === 'BIRTHDAY') return typeof value === 'object' ? masksOf(value, () => null) : null;
  if (typeof value === 'object' && piiClass === 'ADDRESS')
    return masksOf(value, (part, name) => (name === 'countryCode' ? part : masked('ADDRESS', part)));
  if (piiClass === 'EMAIL') return maskedEmail(plain(String(value)));
  if (piiClass === 'PHONE') return maskedPhone(plain(String(value)));
  return mask;
}

const mask = '***';

function masksOf(value: object, maskOf: (part: unknown, name: string) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, maskOf(part, name)]));
}

// Converts full-width and Arabic characters to the ASCII characters that they stand for.
function plain(text: string): string {
  return isPlainAscii(text) ? text : withAsciiDigits(withoutInvisible(text).normalize('NFKC')).trim();
}

// Masks `tomasz@example.com` as `t***z@example.com`: its owner recognizes it, and others cannot infer it.
function maskedEmail(text: string): string {
  const [, local = '', domain = ''] = /^([^\s@:/]+)(@[^\s@]+)$/.exec(text) ?? [];
  return local ? ends(local, 1, 1) + domain : ends(text, 1, 1);
}

// Keeps the country code, if any, and the last two digits. Drops the extension.
function maskedPhone(text: string): string {
  const [number = ''] = /^[\d\s+()./\p{Dash_Punctuation}]*/u.exec(text.replace(/^\s*tel:/i, '')) ?? [];
  const digits = (/\d/.test(number) ? number : text).replace(/[^\d+]/g, '');
  return ends(digits, digits.startsWith('+') ? 3 : 0, 2);
}

// Masks a text completely if its ends would reveal all of it.
function ends(text: string, first: number, last: number): string {
  const letters = [...text];
  if (letters.length <= first + last + 1) return mask;
  return letters.slice(0, first).join('') + mask + letters.slice(-last).join('');
}
