import { withAsciiDigits } from './digits.ts';
import { isPlainAscii, withoutInvisible } from './invisible.ts';

// Letters without a Unicode decomposition that people search for without their stroke or tail.
const plain: Record<string, string> = {
  ł: 'l',
  đ: 'd',
  ø: 'o',
  ħ: 'h',
  ŧ: 't',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ð: 'd',
  ı: 'i',
  є: 'е',
  ґ: 'г',
  ς: 'σ',
};

// Apostrophes, primes, letters used in their place, hyphens and dashes. Keyboards differ in which of them they produce.
const unwritten = /['`´ʹʻʼʽʾʿˈˊˋ\u2018-\u201b′‵՚׳ꞌ＇\p{Dash_Punctuation}\u00ad\u2043\u2212]/gu;

// Marks that people omit: accents, Hebrew points and Arabic vowels. In Indian and South-East Asian scripts, marks are
// vowels, and in Japanese they form a different letter.
const accents =
  /(?=\p{Mark})(?![\u3099\u309a])[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]/gu;

/**
 * Folds a text for search: lower case, without diacritics, apostrophes, hyphens and invisible characters. "Żółć" and
 * "zolc" fold to the same letters, as do "Дем’яненко" and "дем'яненко".
 */
export function fold(text: string): string {
  if (isPlainAscii(text)) return text.toLowerCase().replace(/['`-]/g, '');
  const written = withAsciiDigits(withoutInvisible(text.replace(unwritten, '')));
  // Some characters have no lower case but decompose to capitals, such as `™`, `№` and `𝓐`.
  const lower = written.toLowerCase().normalize('NFKD').toLowerCase();
  return lower
    .replace(accents, '')
    .replace(unwritten, '')
    .replace(/[łđøħŧßæœþðıєґς]/g, (letter) => plain[letter] ?? letter)
    .normalize('NFC');
}

/** Returns the comparison key of a label. Ignores case, Unicode form, outer blanks and invisible characters. */
export function labelKey(text: string): string {
  if (isPlainAscii(text)) return text.trim().toLowerCase();
  const label = withoutInvisible(text).trim();
  // Upper case does not distinguish `ß` from `ss`, nor the two lower-case forms of sigma.
  return label.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ').normalize('NFKC').trim();
}

/** Removes duplicate labels. Each keeps its spelling in `known`, or else its first spelling. */
export function distinctLabels(given: string[], known: string[] = []): string[] {
  const spellings = new Map<string, string>();
  for (const label of [...given].reverse()) spellings.set(labelKey(label), label);
  const wanted = [...new Set(given.map(labelKey))];
  for (const label of [...known].reverse()) if (spellings.has(labelKey(label))) spellings.set(labelKey(label), label);
  return wanted.map((key) => spellings.get(key) ?? key);
}
