import { withAsciiDigits } from './digits.ts';
import { fold } from './fold.ts';
import { isPlainAscii, withoutInvisible } from './invisible.ts';

/** Classes of personal data, each with the scope that shows it. */
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

/** Whose personal data was shown unmasked, by the customer's UUID, and which classes. Null: not known whose. */
export type PersonalReads = Map<string | null, Set<PiiClass>>;

/** The class of a way to reach somebody. A handle says where somebody writes, as an e-mail address does. */
export function classOfContact(kind: 'EMAIL' | 'PHONE' | 'SOCIAL'): PiiClass {
  return kind === 'PHONE' ? 'PHONE' : 'EMAIL';
}

/** The class of a text that is not meant for contacts but may be an email address or phone number, however it is written. */
export function classOfText(text: unknown): PiiClass | null {
  if (typeof text !== 'string') return null;
  const folded = fold(text).trim();
  if (/\S@\S/.test(folded)) return 'EMAIL';
  return phoneStarts.some((start) => folded.startsWith(start)) && phoneShape.test(folded) ? 'PHONE' : null;
}

/** What the texts of class EMAIL contain, one of them. A filter in SQL uses it: it cannot call `classOfText`. */
export const atSigns = ['@', '﹫', '＠'];

/** What the folded texts of class PHONE start with. */
export const phoneStarts = ['+', '00', '(+', '(00', 'tel:'];

// An international number, with or without an extension, folded. Bounded repeats keep the time linear.
const phoneShape =
  /^(?:tel:[\s(]{0,3}(?:\+|00)?|\(?(?:\+|00))[\s(]{0,3}\d[\d\s()./]{5,}(?:[\s,;(]{0,3}(?:;ext=|[~#,]|\p{Letter}[\p{Letter}.]{0,15})[\s.:=,]{0,3}\d{1,11}\W?)?$/u;

/**
 * What a value looks like to those who may not see it: of the same shape, so that it is plain that there is one. Null
 * stays null.
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

// Full-width and Arabic characters count as the ASCII ones that they stand for.
function plain(text: string): string {
  return isPlainAscii(text) ? text : withAsciiDigits(withoutInvisible(text).normalize('NFKC')).trim();
}

// `tomasz@example.com` as `t***z@example.com`: its owner knows it again, and nobody else learns it.
function maskedEmail(text: string): string {
  const [, local = '', domain = ''] = /^([^\s@:/]+)(@[^\s@]+)$/.exec(text) ?? [];
  return local ? ends(local, 1, 1) + domain : ends(text, 1, 1);
}

// The country, where it is said, and two digits; of an extension nothing.
function maskedPhone(text: string): string {
  const [number = ''] = /^[\d\s+()./\p{Dash_Punctuation}]*/u.exec(text.replace(/^\s*tel:/i, '')) ?? [];
  const digits = (/\d/.test(number) ? number : text).replace(/[^\d+]/g, '');
  return ends(digits, digits.startsWith('+') ? 3 : 0, 2);
}

// So short that its ends would be all of it, it shows nothing.
function ends(text: string, first: number, last: number): string {
  const letters = [...text];
  if (letters.length <= first + last + 1) return mask;
  return letters.slice(0, first).join('') + mask + letters.slice(-last).join('');
}
