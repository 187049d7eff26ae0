import { withoutExtensionLabels } from '../../lib/contact/phone-number.ts';
import { withAsciiDigits } from '../../lib/text/digits.ts';
import { fold } from '../../lib/text/fold.ts';
import { withoutInvisible } from '../../lib/text/invisible.ts';

const dash = /[\p{Dash_Punctuation}\u2212\u00ad]/gu;
const number = /^\+?\d+$/;
// Punctuation between the parts of a number, as in `030 / 989365`.
const punctuation = /^[()./~,;:+]*$/;
// The label of an extension without its number, as in `ext. 44`. Other labels, such as `x`, could be names.
const extensionLabel =
  /(?<![\p{Letter}\d])\(?(?:ext(?:n|ension|ensi[oó]n)?|wewn?|доб)[.:=\s]{0,9}(?=\d{1,11}(?!\d))/giu;

/**
 * Splits a search into folded words. Words are also split at hyphens, so that `Nowak-Kowalska` finds `Nowak Kowalska`
 * too. A phone number becomes words that are part of its E.164 form.
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

// Removes punctuation within and around numbers: `(601) 234.762`, `+44 (0)20 7946`, `555-0100 ext. 12`, `ext. 12`.
function withoutPunctuation(search: string): string {
  return withoutExtensionLabels(withAsciiDigits(search.normalize('NFKC')))
    .replace(extensionLabel, ' ')
    .replace(/\(0\)|\btel:/gi, ' ')
    .replace(/(?<=\d)[()./~]+(?=[\d\s()+]|$)|(?<=^|\s)\(+(?=\+?\d)/g, ' ');
}

// Removes national and international dialing prefixes, which are not part of E.164.
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
