import { withoutInvisible } from '../../lib/text/invisible.ts';

/**
 * Makes a text harmless for a model and for what shows the model's reply: one line without invisible characters,
 * markup, and links that a program would follow. Cuts it after `most` characters.
 */
export function neutralize(text: string, most: number): { value: string; isTruncated: boolean } {
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

function plain(text: string): string {
  return (
    withoutInvisible(text.replace(/[\s\p{Zl}\p{Zp}]+/gu, ' '))
      .replace(/[\p{Co}\p{Cn}\p{Cs}\u2800]/gu, '')
      // No more than two marks on a letter, or they cover the lines above.
      .replace(/(\p{M}{2})\p{M}+/gu, '$1')
      // Markup and the markers need these.
      .replaceAll('<', '‹')
      .replaceAll('>', '›')
      .replaceAll('`', "'")
      .replace(/!\[/g, '! [')
      .replace(/\]\s*([([:])/g, '] $1')
      .replace(/:\/\//g, ':/ /')
      .replace(/\b(javascript|vbscript|data|mailto|file|tel|sms)\s*:/gi, '$1 :')
      .replace(/\/\/(?=\S)/g, '/ /')
      .replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})/gu, '[.]')
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
