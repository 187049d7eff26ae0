import { withAsciiDigits } from './digits.ts';
import { isPlainAscii, withoutInvisible } from './invisible.ts';

// Letters that have no decomposition in Unicode but are searched for without their stroke or tail.
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

// Apostrophes, primes, the letters that stand for them, hyphens and dashes. Keyboards differ in which of them they write.
const unwritten = /['`´ʹʻʼʽʾʿˈˊˋ\u2018-\u201b′‵՚׳ꞌ＇\p{Dash_Punctuation}\u00ad\u2043\u2212]/gu;

// Marks that people leave out: accents, Hebrew points, Arabic vowels. In the scripts of India and South-East Asia marks are
// vowels, and in Japanese they make another letter.
const accents =
  /(?=\p{Mark})(?![\u3099\u309a])[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]/gu;

/**
 * Lower case without diacritics, apostrophes, hyphens and invisible characters: "Żółć" and "zolc" fold to the same
 * letters, as do "Дем’яненко" and "дем'яненко".
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

/** What a label is compared by. Case, Unicode normalisation, outer blanks and invisible characters do not matter. */
export function labelKey(text: string): string {
  if (isPlainAscii(text)) return text.trim().toLowerCase();
  const label = withoutInvisible(text).trim();
  // Upper case has one letter for `ß` and `ss`, and for the two forms of a small sigma.
  return label.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ').normalize('NFKC').trim();
}

/** One of each label in its first spelling; a label that `known` has keeps the spelling there. */
export function distinctLabels(given: string[], known: string[] = []): string[] {
  const spellings = new Map<string, string>();
  for (const label of [...given].reverse()) spellings.set(labelKey(label), label);
  const wanted = [...new Set(given.map(labelKey))];
  for (const label of [...known].reverse()) if (spellings.has(labelKey(label))) spellings.set(labelKey(label), label);
  return wanted.map((key) => spellings.get(key) ?? key);
}
