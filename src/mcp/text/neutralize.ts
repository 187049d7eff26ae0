import { withoutInvisible } from '../../lib/text/invisible.ts';

/**
 * Makes a text harmless for a model and for what shows the model's reply: one line without invisible characters,
 * markup, and links that a program would follow. Cuts it after `most` characters.
 */
export function neutralize(text: string, most: number): { value: string; isTruncated: boolean } {
  if (text.length <= most && harmless.test(text)) return { value: text, isTruncated: false };
  const characters = [...plain(text)];
  if (characters.length <= most) return { value: characters.join(''), isTruncated: false };
  return {
    value: `${characters
      .slice(0, most - 1)
      .join('')
      .trimEnd()}…`,
    isTruncated: true,
  };
}

// Words in Latin or Cyrillic letters with single spaces between them, which `plain` returns unchanged.
const harmless =
  /^[\w\u00c0-\u024f\u0400-\u0482\u048a-\u04ff,'#-]+(?: [\w\u00c0-\u024f\u0400-\u0482\u048a-\u04ff,'#-]+)*$/;

// The build would otherwise compile these with each call, because the oldest Node does not know their Unicode version.
const unassigned = /[\p{Co}\p{Cn}\p{Cs}\u2800]/gu;
const stackedMarks = /(\p{M}{2})\p{M}+/gu;
const dotInName = /(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})/gu;

function plain(text: string): string {
  return (
    withoutInvisible(text.replace(/[\s\p{Zl}\p{Zp}]+/gu, ' '))
      .replace(unassigned, '')
      // No more than two marks on a letter, or they cover the lines above.
      .replace(stackedMarks, '$1')
      // Markup and the markers need these.
      .replaceAll('<', '‹')
      .replaceAll('>', '›')
      .replaceAll('`', "'")
      .replace(/!\[/g, '! [')
      .replace(/\]\s*([([:])/g, '] $1')
      .replace(/:\/\//g, ':/ /')
      .replace(/\b(javascript|vbscript|data|mailto|file|tel|sms)\s*:/gi, '$1 :')
      .replace(/\/\/(?=\S)/g, '/ /')
      .replace(dotInName, '[.]')
      .replace(/ {2,}/g, ' ')
      .trim()
  );
}

/** Makes every text within a JSON value harmless, and cuts each after `most` characters. */
export function harmlessJson(value: unknown, most: number): unknown {
  if (typeof value === 'string') return neutralize(value, most).value;
  if (Array.isArray(value)) return value.map((each) => harmlessJson(each, most));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [neutralize(name, most).value, harmlessJson(each, most)]),
  );
}
