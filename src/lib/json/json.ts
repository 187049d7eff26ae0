import { randomUUID } from 'node:crypto';
import { DomainError, invalid } from '../errors.ts';

/** Maximum nesting of lists and objects in JSON input. PostgreSQL runs out of stack at a few thousand levels. */
export const maxJsonLevels = 40;

/** Error message for a number that a double cannot hold exactly. */
export const inexactNumber = 'This number has more digits than a JSON number can hold. Send it as text, in quotes.';

export class NestedTooDeep extends DomainError {
  constructor(field: (string | number)[]) {
    super('INVALID_INPUT', `Must not be nested deeper than ${maxJsonLevels} levels.`, { field });
  }
}

/**
 * Parses a JSON text. Throws INVALID_INPUT with the path if it is nested too deep or contains a number that JSON.parse
 * would change. Throws SyntaxError if it is not JSON.
 */
export function parseJson(text: string): unknown {
  const { tooDeepAt, inexact } = scan(text);
  if (tooDeepAt !== null) throw new NestedTooDeep(pathAt(text, tooDeepAt));
  const value: unknown = JSON.parse(text);
  if (inexact) throw invalid(inexactNumber, ...pathOf(text, inexact));
  return value;
}

/** Whether JavaScript can parse and print a number without changing it. */
export function isExact(number: string): boolean {
  const kept = String(Number(number));
  return kept === number || (number.length <= mostDigits && decimalOf(number) === decimalOf(kept));
}

type Range = { start: number; end: number };

const code = (character: string) => character.charCodeAt(0);
const [quote, backslash, lowerE, upperE] = [code('"'), code('\\'), code('e'), code('E')];
const [openBracket, closeBracket, openBrace, closeBrace] = [code('['), code(']'), code('{'), code('}')];
const [colon, comma] = [code(':'), code(',')];
const [plus, minus, point, zero, nine] = [code('+'), code('-'), code('.'), code('0'), code('9')];
// No double has more digits, and comparing longer numbers would be slow.
const mostDigits = 400;
// A number with at most this many digits and no exponent is always exact.
const certainDigits = 15;

// Scans the text in one pass, because every request needs it.
function scan(text: string): { tooDeepAt: number | null; inexact: Range | null } {
  let depth = 0;
  let inexact: Range | null = null;
  for (let i = 0; i < text.length; i++) {
    const at = text.charCodeAt(i);
    if (at === quote) i = endOfString(text, i);
    else if (at === openBracket || at === openBrace) {
      if (++depth > maxJsonLevels) return { tooDeepAt: i, inexact };
    } else if (at === closeBracket || at === closeBrace) depth -= 1;
    else if (isDigit(at)) {
      const start = i;
      let hasExponent = false;
      for (let next = text.charCodeAt(i + 1); isInNumber(next); next = text.charCodeAt(i + 1)) {
        hasExponent ||= next === lowerE || next === upperE;
        i += 1;
      }
      const isCertain = !hasExponent && i - start < certainDigits;
      if (!isCertain && !inexact && !isExact(text.slice(start, i + 1))) inexact = { start, end: i + 1 };
    }
  }
  return { tooDeepAt: null, inexact };
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

// Returns the path at an index. The text after it need not be valid JSON.
function pathAt(text: string, end: number): (string | number)[] {
  const path: (string | number)[] = [];
  let name = '';
  for (let i = 0; i < end; i++) {
    const at = text.charCodeAt(i);
    const last = path.length - 1;
    if (at === quote) {
      const start = i;
      i = endOfString(text, i);
      name = text.slice(start, i + 1);
    } else if (at === openBracket) path.push(0);
    else if (at === openBrace) path.push('');
    else if (at === closeBracket || at === closeBrace) path.pop();
    else if (at === colon && last >= 0) path[last] = String(JSON.parse(name));
    else if (at === comma && typeof path[last] === 'number') path[last] += 1;
  }
  return path;
}

function isDigit(at: number): boolean {
  return at >= zero && at <= nine;
}

function isInNumber(at: number): boolean {
  return isDigit(at) || at === point || at === lowerE || at === upperE || at === plus || at === minus;
}

// Removes insignificant zeros: 1.50, 15e-1 and 1.5 are the same number.
function decimalOf(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return significant === ''
    ? '0'
    : `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

// Parses the text again with a marker in place of the number, and looks for the marker.
function pathOf(text: string, { start, end }: Range): (string | number)[] {
  const marker = randomUUID();
  const from = text[start - 1] === '-' ? start - 1 : start;
  return pathTo(marker, JSON.parse(`${text.slice(0, from)}"${marker}"${text.slice(end)}`)) ?? [];
}

function pathTo(marker: string, value: unknown): (string | number)[] | null {
  if (value === marker) return [];
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, each] of Object.entries(value)) {
    const path = pathTo(marker, each);
    if (path) return [Array.isArray(value) ? Number(name) : name, ...path];
  }
  return null;
}
