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
    if (this.#passWhole(chunk)) return chunk;
    const kept: Buffer[] = [];
    let start = 0;
    for (let i = 0; i < chunk.length && !this.isLost; i++) {
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

  // Without a quote, and with too few bytes for a row to become too long, only the last row of a chunk matters: five times as
  // fast as byte by byte.
  #passWhole(chunk: Buffer): boolean {
    const isPlain = this.#at === 'cellStart' || this.#at === 'unquoted';
    if (!isPlain || this.#cut || this.#delimiter === null || this.#rowBytes + chunk.length > this.#maxBytes)
      return false;
    if (chunk.length === 0 || chunk.includes(quote)) return false;
    const last = chunk.at(-1) ?? 0;
    const delimiter = delimiters[this.#delimiter];
    const begins = this.#delimiter === 'CRLF' && this.#previous === carriageReturn && chunk[0] === lineFeed ? 1 : 0;
    const at = chunk.lastIndexOf(delimiter);
    const rowStart = at < 0 ? begins : at + delimiter.length;
    this.#rowBytes = chunk.length - rowStart + (rowStart === 0 ? this.#rowBytes : 0);
    this.#at = rowStart === chunk.length || last === comma ? 'cellStart' : 'unquoted';
    this.#previous = last;
    return true;
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
