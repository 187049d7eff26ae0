// A noncharacter, which no text has. It stands behind what is left of a cut row, before the line breaks that are gone.
const mark = '\uFDD2';

const [lineFeed, carriageReturn, comma, quote] = [0x0a, 0x0d, 0x2c, 0x22];
const delimiters = { LF: '\n', CRLF: '\r\n', CR: '\r' };

/**
 * Cuts rows of CSV that have more bytes than this, so that the parser holds no more of them and reads the rows after. As
 * for the parser, a quote opens only where a cell begins, and rows end as the first one does.
 */
export class RowLimit {
  /** Where the row after one that is cut begins cannot be known: a quote in it is not closed. */
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

  /** What is left of the next chunk. */
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

  /** What is left to pass at the end of the file. */
  end(): Buffer {
    if (!this.#cut) return Buffer.alloc(0);
    this.isLost ||= this.#at === 'quoted';
    return this.#closeCut(this.#cut);
  }

  /** How many line breaks are gone from a row that was cut; null for any other. */
  lineBreaksCutFrom(cells: string[]): number | null {
    const [, lineBreaks] = (this.#hasCut && cells.at(-1)?.split(mark)) || [];
    return lineBreaks === undefined ? null : Number(lineBreaks);
  }

  // Up to the next quote, and with too few bytes for a row to become too long, only the last row matters: much faster than
  // byte by byte. Gives how many bytes it passed.
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
    // Only now is it known that the first row ended with the byte before.
    if (this.#delimiter === 'CR') [this.#at, this.#rowBytes] = ['cellStart', 0];
  }

  #skip(cut: { lineBreaks: number }, before: string, byte: number): void {
    if (byte === carriageReturn || (byte === lineFeed && this.#previous !== carriageReturn)) cut.lineBreaks += 1;
    // Something stands right behind the quote that should end a cell: it began another.
    if (before === 'quoteInQuoted' && this.#at === 'unquoted' && byte !== carriageReturn) this.isLost = true;
  }

  #closeCut({ isQuoted, lineBreaks }: { isQuoted: boolean; lineBreaks: number }): Buffer {
    this.#cut = null;
    const delimiter = delimiters[this.#delimiter ?? 'LF'];
    const gone = lineBreaks - (this.#delimiter === 'CRLF' && this.#previous === carriageReturn ? 1 : 0);
    return Buffer.from(`${mark}${gone}${isQuoted ? '"' : ''}${delimiter}`);
  }
}
