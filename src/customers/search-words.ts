import { withAsciiDigits } from '../lib/digits.ts';
import { fold } from '../lib/fold.ts';
import { withoutInvisible } from '../lib/invisible.ts';
import { withoutExtensionLabels } from '../lib/phone-number.ts';

const dash = /[\p{Dash_Punctuation}\u2212\u00ad]/gu;
const number = /^\+?\d+$/;
// Between the parts of a number: `030 / 989365`.
const punctuation = /^[()./~,;:+]*$/;
// `ext. 44` without its number. In front of digits, the other labels may be names.
const extensionLabel =
  /(?<![\p{Letter}\d])\(?(?:ext(?:n|ension|ensi[oó]n)?|wewn?|доб)[.:=\s]{0,9}(?=\d{1,11}(?!\d))/giu;

/**
 * The words of a search, folded. A word is divided at its hyphens, so that `Nowak-Kowalska` finds `Nowak Kowalska` too.
 * Phone numbers become what is part of their E.164 form.
 */
export function searchWords(search: string): string[] {
  const words: string[] = [];
  let run: string[] = [];
  const endRun = () => {
    words.push(...phoneWords(run));
    run = [];
  };
  for (const word of withoutPunctuation(withoutInvisible(search)).split(/\s+/)) {
    const joined = word.replace(dash, '');
    if (number.test(joined)) run.push(joined);
    else if (joined !== '+' && !(run.length > 0 ? punctuation.test(joined) : joined === '')) {
      endRun();
      words.push(...word.split(dash).flatMap((part) => fold(part).split(/\s+/)));
    }
  }
  endRun();
  return words.filter(Boolean);
}

// Within and around numbers: `(601) 234.762`, `+44 (0)20 7946`, `555-0100 ext. 12`, `ext. 12`.
function withoutPunctuation(search: string): string {
  return withoutExtensionLabels(withAsciiDigits(search.normalize('NFKC')))
    .replace(extensionLabel, ' ')
    .replace(/\(0\)|\btel:/gi, ' ')
    .replace(/(?<=\d)[()./~]+(?=[\d\s()+]|$)|(?<=^|\s)\(+(?=\+?\d)/g, ' ');
}

// The prefixes that people dial before a number, at home and abroad, are not part of E.164.
function phoneWords(run: string[]): string[] {
  const digits = run.join('').replaceAll('+', '');
  if (digits.length < 4) return run;
  const isAbroad = run[0]?.startsWith('+') || run[0]?.startsWith('00');
  return run.map((word, i) => {
    if (i === 0 && digits.length === 11 && word.startsWith('8')) return word.slice(1);
    if (i > 0 && !(i === 1 && isAbroad)) return word;
    const dialed = word.replace(/^0+/, '');
    return dialed === '' && run.length === 1 ? word : dialed;
  });
}
