import { randomUUID } from 'node:crypto';
import { DomainError, invalid } from './errors.ts';

/** Levels of lists and objects in any JSON that is taken: PostgreSQL runs out of stack at some thousands. */
export const maxJsonLevels = 40;

/** What to say of a number that a double cannot hold. */
export const inexactNumber = 'This number has more digits than a JSON number keeps. Send it as text, in quotes.';

export class NestedTooDeep extends DomainError {
  constructor(field: (string | number)[]) {
    super('INVALID_INPUT', `Must not be nested deeper than ${maxJsonLevels} levels.`, { field });
  }
}

/**
 * The value of a JSON text. INVALID_INPUT if it is nested too deep, or if it holds a number that JSON.parse would change,
 * with the path of what is wrong; a SyntaxError if it is not JSON.
 */
export function parseJson(text: string): unknown {
  const { tooDeepAt, inexact } = scan(text);
  if (tooDeepAt !== null) throw new NestedTooDeep(pathAt(text, tooDeepAt));
  const value: unknown = JSON.parse(text);
  if (inexact) throw invalid(inexactNumber, ...pathOf(text, inexact));
  return value;
}

/** Whether a number is still the same after JavaScript has read and written it. */
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
// Beyond these no double has digits, and comparing them would take long.
const mostDigits = 400;
// So many digits without an exponent always fit.
const certainDigits = 15;

// One pass, as every request goes through it.
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

// Where a place is, of a text that may be no JSON after it.
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

// Without zeros that say nothing: 1.50, 15e-1 and 1.5 are one number.
function decimalOf(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return significant === ''
    ? '0'
    : `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

// Read once more with a text in place of the number, so that it can be found.
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
