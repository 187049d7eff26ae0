import { decimalsOf } from '../lib/money.ts';
import type { PiiClass } from '../lib/pii.ts';
import type { Context } from './context.ts';

/** Who asks, while their answer is written. `note` notes that they were shown personal data of whom it is about. */
export type Asked = { context: Context; note: (piiClass: PiiClass) => void; values: Record<string, unknown> };

/** Writes what is answered for one field, as JSON; of the row it reads just the columns of that field. */
export type Write = (row: Json, asked: Asked) => string;

/** Makes of a value what is answered. */
export type Finish = (given: unknown, asked: Asked) => unknown;

/**
 * Rows in JSON as PostgreSQL writes it, read column by column. Most of an answer is passed on as it stands: to parse it
 * and to write it again would cost more than all the rest.
 */
export class Json {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value of the next column, as it stands. */
  column(): string {
    // The names of columns are ours, and have no colon.
    const start = this.#text.indexOf(':', this.#at) + 1;
    this.#at = endOfValue(this.#text, start);
    return this.#text.slice(start, this.#at);
  }

  /** What `write` makes of the row that is the value of the next column; `none` where that is null. */
  row(write: (row: Json) => string, none = 'null'): string {
    this.#at = this.#text.indexOf(':', this.#at) + 1;
    return this.#isNull() ? none : this.#object(write);
  }

  /** The same of every row of a list. */
  rows(write: (row: Json) => string): string {
    this.#at = this.#text.indexOf(':', this.#at) + 1;
    if (this.#isNull()) return '[]';
    let written = '';
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === openBrace) written += (written && ',') + this.#object(write);
      else {
        this.#at += 1;
        if (code === closeBracket) return `[${written}]`;
      }
    }
  }

  skip(columns: number): void {
    for (let i = 0; i < columns; i++) this.column();
  }

  #object(write: (row: Json) => string): string {
    const written = write(this);
    this.#at = this.#text.indexOf('}', this.#at) + 1;
    return written;
  }

  #isNull(): boolean {
    if (!this.#text.startsWith('null', this.#at)) return false;
    this.#at += 4;
    return true;
  }
}

const [quote, backslash, comma] = [34, 92, 44];
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125];

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === quote) return endOfText(text, start);
  return first === openBrace || first === openBracket ? endOfNested(text, start) : endOfPlain(text, start);
}

function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    // An even number of them escape one another.
    if ((end - before) % 2 === 1) return end + 1;
  }
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at) - 1;
    else if (code === openBrace || code === openBracket) depth += 1;
    else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
}

function endOfPlain(text: string, start: number): number {
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || code === closeBrace || code === closeBracket) return at;
  }
}

export const asItStands: Write = (row) => row.column();

/** As the API writes instants: UTC, with milliseconds. PostgreSQL writes `"2026-11-24T12:00:00.5+00:00"`. */
export const asInstant: Write = (row) => {
  const given = row.column();
  if (given === 'null') return given;
  const fraction = given.charAt(20) === '.' ? given.slice(21, -7) : '';
  return `${given.slice(0, 20)}.${fraction.slice(0, 3).padEnd(3, '0')}Z"`;
};

/** An amount and its currency, as `formatAmount` writes it: at least the currency's decimals, and no further zeros. */
export function amountOf(row: Json): { amount: string; currencyCode: string } | null {
  const [amount, currencyCode] = [row.column(), row.column()];
  if (amount === 'null') return null;
  const decimals = decimalsOf(currencyCode.slice(1, -1));
  const [whole = '', places = ''] = amount.split('.');
  let length = places.length;
  while (length > decimals && places.charCodeAt(length - 1) === 48) length -= 1;
  const written = places.slice(0, length).padEnd(decimals, '0');
  return { amount: written ? `"${whole}.${written}"` : `"${whole}"`, currencyCode };
}

/** What JavaScript makes of a value. */
export function finished(finish: Finish): Write {
  return (row, asked) => {
    const given = row.column();
    return given === 'null' ? given : JSON.stringify(finish(JSON.parse(given), asked) ?? null);
  };
}
