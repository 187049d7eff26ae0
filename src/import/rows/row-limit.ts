// A noncharacter, which no text contains. It follows the rest of a cut row and precedes the count of dropped line
// breaks.
const mark = '\uFDD2';

const [lineFeed, carriageReturn, comma, quote] = [0x0a, 0x0d, 0x2c, 0x22];
const delimiters = { LF: '\n', CRLF: '\r\n', CR: '\r' };

/**
 * Cuts CSV rows longer than the limit, so that the parser never holds more of them and reads the rows that follow. Like
 * the parser, it opens a quote only at the start of a cell, and takes the row delimiter from the first row.
 */
export class RowLimit {
  /** True if the start of the row after a cut one cannot be determined, because a quote in it is not closed. */
  isLost = false;
  readonly #maxBytes: number;
  #at: 'cellStart' | 'unquoted' | 'quoted' | 'quoteInQuoted' = 'cellStart';
  #delimiter: keyof typeof delimiters | null = null;
  #previous = 0;
  #rowBytes = 0;
  #cut: { isQuoted: boolean; lineBreaks: number } | null = null;
  #hasCut = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Returns the part of the next chunk to pass on. */
  pass(chunk: Buffer): Buffer {
    const kept: Buffer[] = [];
    let start = 0;
    for (let i = 0; i < chunk.length && !this.isLost; i++) {
      i += this.#passPlain(chunk, i);
      if (i === chunk.length) break;
      const byte = chunk[i] ?? 0;
      const before = this.#at;
      if (this.#endsRow(byte)) {
        if (this.#cut) {
          kept.push(this.#closeCut(this.#cut));
          start = i + 1;
        }
        this.#rowBytes = 0;
      } else if (this.#cut) {
        this.#skip(this.#cut, before, byte);
      } else if (++this.#rowBytes > this.#maxBytes && before !== 'quoteInQuoted' && this.#previous !== carriageReturn) {
        kept.push(chunk.subarray(start, i));
        this.#cut = { isQuoted: before === 'quoted', lineBreaks: 0 };
        [this.#hasCut, this.isLost] = [true, this.#delimiter === null];
        this.#skip(this.#cut, before, byte);
      }
      this.#previous = byte;
    }
    if (!this.#cut) kept.push(chunk.subarray(start));
    return kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept);
  }

  /** Returns the remaining bytes to pass on at the end of the file. */
  end(): Buffer {
    if (!this.#cut) return Buffer.alloc(0);
    this.isLost ||= this.#at === 'quoted';
    return this.#closeCut(this.#cut);
  }

  /** Returns how many line breaks were dropped from a cut row. Null for any other row. */
  lineBreaksCutFrom(cells: string[]): number | null {
    const [, lineBreaks] = (this.#hasCut && cells.at(-1)?.split(mark)) || [];
    return lineBreaks === undefined ? null : Number(lineBreaks);
  }

  // Skips to the next quote if no row can exceed the limit before it. Only the last row matters then, which is much
  // faster than reading byte by byte. Returns the number of bytes skipped.
  #passPlain(chunk: Buffer, start: number): number {
    if (this.#cut || this.#delimiter === null || (this.#at !== 'cellStart' && this.#at !== 'unquoted')) return 0;
    const next = chunk.indexOf(quote, start);
    const run = chunk.subarray(start, next < 0 ? chunk.length : next);
    if (run.length === 0 || this.#rowBytes + run.length > this.#maxBytes) return 0;
    const delimiter = delimiters[this.#delimiter];
    const isSplit = this.#delimiter === 'CRLF' && this.#previous === carriageReturn && run[0] === lineFeed;
    const at = run.lastIndexOf(delimiter);
    const rowStart = at < 0 ? Number(isSplit) : at + delimiter.length;
    this.#rowBytes = run.length - rowStart + (rowStart === 0 ? this.#rowBytes : 0);
    this.#previous = run.at(-1) ?? 0;
    this.#at = rowStart === run.length || this.#previous === comma ? 'cellStart' : 'unquoted';
    return run.length;
  }

  #endsRow(byte: number): boolean {
    if (this.#delimiter === null && this.#at === 'unquoted') this.#findDelimiter(byte);
    if (this.#at === 'quoted' || (byte === quote && this.#at !== 'unquoted')) {
      if (byte === quote) this.#at = this.#at === 'quoted' ? 'quoteInQuoted' : 'quoted';
      return false;
    }
    const isEnd =
      this.#delimiter === 'CR'
        ? byte === carriageReturn
        : byte === lineFeed && (this.#delimiter === 'LF' || this.#previous === carriageReturn);
    this.#at = isEnd || byte === comma ? 'cellStart' : 'unquoted';
    return isEnd;
  }

  #findDelimiter(byte: number): void {
    if (this.#previous === carriageReturn) this.#delimiter = byte === lineFeed ? 'CRLF' : 'CR';
    else if (byte === lineFeed) this.#delimiter = 'LF';
    // Only the byte after a CR shows that the CR ended the first row.
    if (this.#delimiter === 'CR') [this.#at, this.#rowBytes] = ['cellStart', 0];
  }

  #skip(cut: { lineBreaks: number }, before: string, byte: number): void {
    if (byte === carriageReturn || (byte === lineFeed && this.#previous !== carriageReturn)) cut.lineBreaks += 1;
    // A closing quote is followed by other text, so it was an opening quote.
    if (before === 'quoteInQuoted' && this.#at === 'unquoted' && byte !== carriageReturn) this.isLost = true;
  }

  #closeCut({ isQuoted, lineBreaks }: { isQuoted: boolean; lineBreaks: number }): Buffer {
    this.#cut = null;
    const delimiter = delimiters[this.#delimiter ?? 'LF'];
    const gone = lineBreaks - (this.#delimiter === 'CRLF' && this.#previous === carriageReturn ? 1 : 0);
    return Buffer.from(`${mark}${gone}${isQuoted ? '"' : ''}${delimiter}`);
  }
}
