import { domainToASCII, domainToUnicode } from 'node:url';
import { isPlainAscii, withoutInvisible } from '../text/invisible.ts';

// The common rules of all mail systems: one @, something before it, and a domain with a dot. The domain has no
// punctuation except hyphens and underscores, because people copy the comma, bracket or quotation mark that follows an
// address.
const label = '[^\\s@.!-,/:-?[-^`{-~\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}…¡¿،؛؟、]+';
const emailShape = new RegExp(`^[^\\s@"<>()[\\],;:\\\\]+@${label}(?:\\.${label})+$`, 'u');
const maxLength = 254;

/**
 * Normalizes an email address for comparison: without invisible characters, trimmed, in NFC and lowercase, with the
 * domain in Unicode. Null if the text is not an email address.
 */
export function normalizeEmail(text: string): string | null {
  const email = asTyped(isPlainAscii(text) ? text : withoutInvisible(text));
  const canonical = withDomain(email, unicodeDomain);
  return canonical !== null && canonical.length <= maxLength && emailShape.test(canonical) ? canonical : null;
}

/** Returns the normal forms of version 0.1 that differ from `canonical`. It treated each spelling as an address. */
export function formerEmails(text: string, canonical: string): string[] {
  if (isPlainAscii(text) && !text.toLowerCase().includes('@xn--') && !text.toLowerCase().includes('.xn--')) return [];
  const spellings = [asTyped(text), asTyped(withoutInvisible(text)), withDomain(canonical, asciiDomain)];
  return [...new Set(spellings)].filter((each): each is string => each !== null && each !== canonical);
}

function asTyped(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}

function withDomain(email: string, convert: (domain: string) => string | null): string | null {
  const at = email.lastIndexOf('@');
  const domain = convert(email.slice(at + 1));
  return domain === null ? null : email.slice(0, at + 1) + domain;
}

// Browsers and mail servers write `xn--bcher-kva.example`, people write `bücher.example`.
function unicodeDomain(domain: string): string | null {
  const ascii = asciiDomain(domain);
  if (ascii === null || !ascii.includes('xn--')) return ascii;
  const unicode = domainToUnicode(ascii);
  // Some labels decode to a name that encodes differently, such as `xn--example-`. That name is a different domain.
  return domainToASCII(unicode) === ascii ? unicode.normalize('NFC') : ascii;
}

function asciiDomain(domain: string): string | null {
  const isPlain = isPlainAscii(domain);
  if (isPlain && !domain.includes('xn--')) return domain;
  // The URL parser would cut the name at these characters.
  if (/[ -,/:-@[-^`{-~]/.test(domain)) return isPlain ? domain : null;
  const ascii = domainToASCII(domain);
  // Some registered ASCII names are invalid in IDNA.
  return ascii || (isPlain ? domain : null);
}
