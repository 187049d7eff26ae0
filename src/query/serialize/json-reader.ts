import type { ResponseBuffer } from './response-buffer.ts';

/**
 * Reads rows in the JSON of PostgreSQL column by column. Most of it is copied to the response unchanged, because
 * parsing and serializing it again would cost more than all other work.
 */
export class JsonReader {
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
  row(out: ResponseBuffer, write: (row: JsonReader) => void): boolean {
    this.#begin();
    const isRow = !this.#isNull();
    if (isRow) this.#object(write);
    else out.put('null');
    return isRow;
  }

  /** Serializes every row of the list in the next column with `write`. */
  rows(out: ResponseBuffer, write: (row: JsonReader) => void): void {
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

  #elements(out: ResponseBuffer, write: (row: JsonReader) => void): void {
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

  #object(write: (row: JsonReader) => void): void {
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
