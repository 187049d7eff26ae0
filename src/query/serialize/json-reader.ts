import type { AnswerBytes } from './response-buffer.ts';

/** Request whose response is serialized. */
export type Asked<Context> = {
  context: Context;
  /** Values that the statement was run with, for fields that report on them. */
  values: Record<string, unknown>;
  /** ID of the person whose data the current object holds. Null if unknown. */
  owner: string | null;
  /** Pages of the request, by the index of their list. */
  pages: CountedPage[];
  /** Points of what is serialized so far. */
  points: number;
};

/** Page of a list: which rows it holds, and how their cursors are encoded. */
export type Page = {
  size: number;
  /** Whether the rows are read from the end of the list. */
  isBackward: boolean;
  /** Whether there are more items on the side from which the page does not read. */
  hasOthers: boolean;
  /** Encodes the position of a row, from the values of the columns that the list is sorted by. */
  cursorOf(position: unknown[]): string;
};

/** A page of a request, with the points that each list adds apart from its rows, such as those of its total. */
export type CountedPage = Page & { points: number };

/** Serializes a field to JSON. Reads only the columns of that field from the row. */
export type Write<Context> = (row: Json, out: AnswerBytes, asked: Asked<Context>) => void;

/** Computes the value of a field from its column. */
export type Finish<Context> = (given: unknown, asked: Asked<Context>) => unknown;

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

  /** Serializes the row in the next column with `write`. Writes null if the column is null. Returns whether it is not. */
  row(out: AnswerBytes, write: (row: Json) => void): boolean {
    this.#begin();
    const isRow = !this.#isNull();
    if (isRow) this.#object(write);
    else out.put('null');
    return isRow;
  }

  /** Serializes every row of the list in the next column with `write`. */
  rows(out: AnswerBytes, write: (row: Json) => void): void {
    this.#begin();
    out.put('[');
    if (!this.#isNull()) this.#elements(out, write);
    out.put(']');
  }

  /** Moves to the list in the next column. Returns the index at which it starts, for `each`. */
  list(): number {
    this.#begin();
    return this.start;
  }

  /** Calls `read` at every row of the list that starts at an index. It reads all columns of the row. */
  each(start: number, read: (index: number) => void): void {
    this.start = start;
    this.end = start;
    if (this.#isNull()) return;
    for (let index = 0; ; ) {
      const code = this.text.charCodeAt(this.end);
      if (code === openBrace) {
        read(index);
        this.end = this.text.indexOf('}', this.end) + 1;
        index += 1;
      } else {
        this.end += 1;
        if (code === closeBracket) return;
      }
    }
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

const [quote, backslash, comma, letterN] = [34, 92, 44, 110];
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

/** Copies the JSON of PostgreSQL unchanged. */
export const copied: Write<unknown> = (row, out) => {
  row.next();
  out.put(row.text, row.start, row.end);
};

/** Serializes a value that JavaScript computes. */
export function finished<Context>(finish: Finish<Context>): Write<Context> {
  return (row, out, asked) => {
    const given = row.column();
    out.put(given === 'null' ? given : JSON.stringify(finish(JSON.parse(given), asked) ?? null));
  };
}
