import { encodeIdAt, type IdType } from '../lib/ids.ts';
import { decimalsOf } from '../lib/money.ts';
import type { PiiClass } from '../lib/pii.ts';
import type { AnswerBytes } from './answer-bytes.ts';
import type { Context } from './context.ts';

/** Request whose response is serialized. `note` records that it read personal data of the customer. */
export type Asked = { context: Context; note: (piiClass: PiiClass) => void; values: Record<string, unknown> };

/** Serializes a field to JSON. Reads only the columns of that field from the row. */
export type Write = (row: Json, out: AnswerBytes, asked: Asked) => void;

/** Computes the value of a field from its column. */
export type Finish = (given: unknown, asked: Asked) => unknown;

/**
 * Reads rows in the JSON of PostgreSQL column by column. Most of it is copied to the response unchanged, because
 * parsing and serializing it again would cost more than all other work.
 */
export class Json {
  readonly text: string;
  /** Start of the column value that was read last. */
  start = 0;
  /** End of the column value that was read last. */
  end = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Moves to the next column. Returns whether its value is not null. */
  next(): boolean {
    this.#begin();
    this.end = endOfValue(this.text, this.start);
    return this.text.charCodeAt(this.start) !== letterN;
  }

  /** Returns the JSON text of the next column. */
  column(): string {
    this.next();
    return this.text.slice(this.start, this.end);
  }

  /** Serializes the row in the next column with `write`. Writes null if the column is null. */
  row(out: AnswerBytes, write: (row: Json) => void): void {
    this.#begin();
    if (this.#isNull()) out.put('null');
    else this.#object(write);
  }

  /** Serializes every row of the list in the next column with `write`. */
  rows(out: AnswerBytes, write: (row: Json) => void): void {
    this.#begin();
    out.put('[');
    if (!this.#isNull()) this.#elements(out, write);
    out.put(']');
  }

  skip(columns: number): void {
    for (let i = 0; i < columns; i++) this.next();
  }

  // Column names are generated and contain no colon.
  #begin(): void {
    this.start = this.text.indexOf(':', this.end) + 1;
    this.end = this.start;
  }

  #elements(out: AnswerBytes, write: (row: Json) => void): void {
    for (let isFirst = true; ; ) {
      const code = this.text.charCodeAt(this.end);
      if (code === openBrace) {
        if (!isFirst) out.put(',');
        isFirst = false;
        this.#object(write);
      } else {
        this.end += 1;
        if (code === closeBracket) return;
      }
    }
  }

  #object(write: (row: Json) => void): void {
    write(this);
    this.end = this.text.indexOf('}', this.end) + 1;
  }

  #isNull(): boolean {
    if (this.text.charCodeAt(this.start) !== letterN) return false;
    this.end += 4;
    return true;
  }
}

const [quote, backslash, comma, letterN, zero, point] = [34, 92, 44, 110, 48, 46];
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
    // An even number of backslashes does not escape the quote.
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

export const asItStands: Write = (row, out) => {
  row.next();
  out.put(row.text, row.start, row.end);
};

/** Serializes an instant in UTC with milliseconds. PostgreSQL writes `"2026-11-24T12:00:00.5+00:00"`. */
export const asInstant: Write = (row, out) => {
  if (!row.next()) return out.put('null');
  const { text, start, end } = row;
  const seconds = start + 20;
  // An offset of six characters and the quotation mark follow the fraction.
  const places = text.charCodeAt(seconds) === point ? Math.min(end - 7 - seconds - 1, 3) : 0;
  out.put(text, start, seconds);
  out.put('.');
  out.put(text, seconds + 1, seconds + 1 + places);
  out.put('000Z"', places);
};

export function asId(type: IdType): Write {
  return (row, out) => {
    if (!row.next()) return out.put('null');
    out.put('"');
    encodeIdAt(type, row.text, row.start + 1, out);
    out.put('"');
  };
}

/**
 * Serializes an amount and its currency from two columns. Formats the amount like `formatAmount`, with at least the
 * decimals of the currency and no further trailing zeros. Writes the key of each part before the part.
 */
export function asMoney(parts: { key: string; name: string }[]): Write {
  return (row, out) => {
    const [isKnown, { text, start, end }] = [row.next(), row];
    const currencyCode = row.column();
    if (!isKnown) return out.put('null');
    const decimals = decimalsOf(currencyCode.slice(1, -1));
    out.put('{');
    for (const { key, name } of parts) {
      out.put(key);
      if (name === 'amount') putAmount(out, text, start, end, decimals);
      else out.put(name === 'currencyCode' ? currencyCode : '"Money"');
    }
    out.put('}');
  };
}

function putAmount(out: AnswerBytes, text: string, start: number, end: number, decimals: number): void {
  let dot = start;
  while (dot < end && text.charCodeAt(dot) !== point) dot += 1;
  let last = end;
  while (last > dot + 1 + decimals && text.charCodeAt(last - 1) === zero) last -= 1;
  const places = Math.max(last - dot - 1, 0);
  out.put('"');
  out.put(text, start, places > 0 ? last : dot);
  if (places < decimals) {
    if (places === 0) out.put('.');
    for (let i = places; i < decimals; i++) out.put('0');
  }
  out.put('"');
}

/** Serializes a value that JavaScript computes. */
export function finished(finish: Finish): Write {
  return (row, out, asked) => {
    const given = row.column();
    out.put(given === 'null' ? given : JSON.stringify(finish(JSON.parse(given), asked) ?? null));
  };
}
