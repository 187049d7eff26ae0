import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { withAsciiDigits } from '../text/digits.ts';
import { isPlainAscii, withoutInvisible } from '../text/invisible.ts';

// Labels that introduce an extension. A single comma does not, because it separates numbers and decimals.
const labels = [
  ';\\s*ext(?:ension)?\\s*=',
  'extensi[oó]n',
  'extn?\\.?',
  'x\\.?',
  '#',
  '~',
  ',{2,5}',
  'wewn(?:ętrzny)?\\.?',
  'wew\\.?',
  'w\\.',
  'доб(?:авочный)?\\.?',
  'дод(?:атковий)?\\.?',
  'вн(?:утр)?\\.?',
  'durchwahl',
  'dw\\.?',
  'app\\.?',
  'nst\\.?',
  'kl(?:appe)?\\.?',
  'linka',
  'poste',
  'interno',
  'int\\.?',
  'anexo',
  'ramal',
  'toestel',
  'tst\\.?',
].join('|');
// Bounded repetition keeps matching linear, because a search text may have any length.
const extension = new RegExp(`[\\s,;.(-]{0,9}(?:${labels})[\\s.:=]{0,9}(\\d{1,11})\\s?[)#]?$`, 'iu');
const extensionInText = new RegExp(`(\\d[\\s,;.()-]{0,9})(?:${labels})[\\s.:=]{0,9}(?=\\d{1,11}\\b)`, 'giu');

// Digits and the characters that people put between them.
const numberShape = /^\+?[\d\s().\-/]*\d[\s)]*$/;

// Dates that people put into a phone number column. `not` is never a phone number, and `unlessValid` is one only if the
// country has such a number. Danish numbers can look like `20240501` and `15 01 2024`.
const dates = {
  not: [
    /^\d{4}(?<by>[-/.]\s?)(?<a>\d{1,2})\k<by>(?<b>\d{1,2})$/,
    // Followed by a time.
    /^(?:19|20)\d\d(?<by>[-/.]\s?)(?<a>\d{1,2})\k<by>(?<b>\d{1,2})\s[\d\s.-]*$/,
    /^(?<a>\d{1,2})(?<by>[-/.]\s?)(?<b>\d{1,2})\k<by>(?:(?:19|20)\d\d(?:\s[\d\s.-]*)?|\d{4}|\d{2})$/,
  ],
  unlessValid: [
    /^\d{4}\s(?<a>\d{1,2})\s(?<b>\d{1,2})$/,
    /^(?<a>\d{1,2})\s(?<b>\d{1,2})\s(?:19|20)\d\d$/,
    /^(?:19|20)\d\d(?<a>\d\d)(?<b>\d\d)$/,
    /^(?<a>\d\d)(?<b>\d\d)(?:19|20)\d\d$/,
  ],
};
const month = /^(?:(?:0?[1-9]|1[0-2])\s?[-/.]\s?(?:19|20)\d\d|(?:19|20)\d\d\s?[-/.]\s?(?:0?[1-9]|1[0-2]))$/;
const ipAddress = /^(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.|$)){4}$/;
const endsInPairs = /\.\d\d\.\d\d$/;
// Spreadsheets turn a column of numbers into `601234762.0`.
const decimal = /^\d+\.00?$/;
// `601234762/3`, where `3` is the end of a second number.
const alternative = /^([^/]*)\/\s?\d{1,3}$/;

/**
 * Normalizes a phone number for comparison: E.164, with the extension as in RFC 3966 (`+16505550100;ext=101`). Null
 * unless the whole text is a phone number. A number without a country code is read as one of `country`.
 */
export function normalizePhone(text: string, country: string | null): string | null {
  const { number, ext } = partsOf(text);
  if (!numberShape.test(number) || isSomethingElse(number, country)) return null;
  const e164 = parsed(number, country) ?? (number.startsWith('00') ? parsed(`+${number.slice(2)}`, null) : null);
  if (e164 === null) return null;
  return ext ? `${e164};ext=${ext}` : e164;
}

/** Whether a number has a country code, after `+` or `00`, with or without brackets. */
export function isInternational(text: string): boolean {
  return /^\s*(tel:\s*)?\(?\s*(\+|00)/i.test(isPlainAscii(text) ? text : plain(text));
}

/** Returns the normal forms of version 0.1 that differ from `canonical`. It dropped extensions. */
export function formerPhones(
  text: string,
  canonical: string,
  country: string | null,
  workspaceCountry: string | null,
): string[] {
  const isSameCountry = country === workspaceCountry || isInternational(text);
  // The number ends with exactly the given digits, so both versions read it alike. Parsing it twice is not needed.
  if (isSameCountry && canonical.endsWith(text.replace(/\D/g, ''))) return [];
  const readIn = workspaceCountry !== null && isSupportedCountry(workspaceCountry) ? workspaceCountry : undefined;
  const phone = parsePhoneNumberFromString(text, readIn);
  return phone?.isPossible() && phone.number !== canonical ? [phone.number] : [];
}

/** Removes the labels of extensions from a search text, so that extensions follow their numbers directly. */
export function withoutExtensionLabels(text: string): string {
  return text.replace(extensionInText, '$1 ');
}

function partsOf(text: string): { number: string; ext: string | null } {
  const given = (isPlainAscii(text) ? text : plain(text))
    .trim()
    .replace(/^tel:\s*/i, '')
    .replace(/^\(\s*(?=\+|00)/, '')
    .replace(/^([^;+]+)(.*);phone-context=(\+\d+)/, '$3 $1$2');
  const found = extension.exec(given);
  if (!found || found.index === 0) return { number: given, ext: null };
  return { number: given.slice(0, found.index).trim(), ext: found[1] ?? null };
}

// Converts full-width and Arabic digits to ASCII digits, and any dash to a hyphen.
function plain(text: string): string {
  return withAsciiDigits(withoutInvisible(text).normalize('NFKC'))
    .replace(/[\p{Dash_Punctuation}\u2212]/gu, '-')
    .replace(/\s/g, ' ');
}

function parsed(number: string, country: string | null): string | null {
  const phone = parse(number, country);
  // The parser knows other labels too. An extension that it removes must not get lost.
  if (!phone || phone.ext || (isUnlikely(number) && !phone.isValid())) return null;
  // `+48 (0)22 …` has a trunk prefix that this country does not use in international numbers.
  if (phone.nationalNumber.startsWith('0') && !phone.isValid()) {
    const shorter = parsePhoneNumberFromString(`+${phone.countryCallingCode}${phone.nationalNumber.slice(1)}`);
    if (shorter?.isValid()) return shorter.number;
  }
  // The metadata lags behind new number ranges, so a plausible length is enough.
  return phone.isPossible() ? phone.number : null;
}

function parse(number: string, country: string | null) {
  const defaultCountry = country !== null && isSupportedCountry(country) ? country : undefined;
  return parsePhoneNumberFromString(number, { ...(defaultCountry && { defaultCountry }), extract: false });
}

function isSomethingElse(number: string, country: string | null): boolean {
  const [, first] = alternative.exec(number) ?? [];
  if (first && parse(first, country)?.isValid()) return true;
  return (
    isDate(number, dates.not) ||
    month.test(number) ||
    decimal.test(number) ||
    (ipAddress.test(number) && !endsInPairs.test(number))
  );
}

function isUnlikely(number: string): boolean {
  return isDate(number, dates.unlessValid) || ipAddress.test(number);
}

function isDate(number: string, shapes: RegExp[]): boolean {
  for (const shape of shapes) {
    const { a, b } = shape.exec(number)?.groups ?? {};
    const [x, y] = [Number(a), Number(b)];
    if (x >= 1 && y >= 1 && Math.min(x, y) <= 12 && Math.max(x, y) <= 31) return true;
  }
  return false;
}

/** Whether phone numbers without a country code can be parsed for this country. */
export function hasPhonePlan(country: string): boolean {
  return isSupportedCountry(country);
}
