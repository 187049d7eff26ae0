import { isUtf8 } from 'node:buffer';
import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { DomainError } from '../../lib/errors.ts';
import type { ImportFile } from '../format.ts';
import { RowLimit } from '../rows/row-limit.ts';
import { isMarkedUtf16, notUtf8, utf16 } from './encoding.ts';
import { maxLineBytes, tooLong } from './lines.ts';

/**
 * A row, with the number of its first line, since a quoted cell may hold line breaks. `flaw` is the reason if the row
 * cannot be read, otherwise null.
 */
export type CsvRow = { line: number; cells: string[]; flaw: string | null };

const unclosed = 'A quote opened here is never closed.';
const lost = `The row that begins here is longer than ${maxLineBytes / 1_000_000} MB; it may have an unclosed quote. The rest of the file is not read.`;

/** Reads the rows of a file in chunks. One promise per row would cost more than reading it. */
export async function* csvRowsOf(file: ImportFile, maxRowBytes = maxLineBytes): AsyncGenerator<CsvRow[]> {
  const { push, end } = csvReader();
  const limit = new RowLimit(maxRowBytes);
  const utf8 = utf8Marker();
  const shared = sharedWithRowAbove();
  let line = 1;
  const numbered = (rows: string[][]) =>
    rows.map((read): CsvRow => {
      const lineBreaksGone = limit.lineBreaksCutFrom(read);
      if (lineBreaksGone !== null) {
        const row = { line, cells: [], flaw: tooLong };
        line += 1 + lineBreaksIn(read) + lineBreaksGone;
        return row;
      }
      const cells = shared(read);
      const row = { line, cells, flaw: utf8.isMarked(cells) ? notUtf8 : null };
      line += 1 + lineBreaksIn(cells);
      return row;
    });
  let isFirst = true;
  for await (const chunk of file.open()) {
    if (isFirst && isMarkedUtf16(chunk)) {
      throw new DomainError('INVALID_INPUT', `Cannot read ${file.path}: ${utf16}`);
    }
    isFirst = false;
    yield numbered(await push(utf8.mark(limit.pass(chunk))));
    if (limit.isLost) return yield [{ line, cells: [], flaw: lost }];
  }
  const rest = limit.end();
  if (limit.isLost) return yield [{ line, cells: [], flaw: unclosed }];
  const { rows, isUnclosed } = await end(Buffer.concat([utf8.mark(rest), utf8.rest()]));
  yield numbered(rows);
  if (isUnclosed) yield [{ line, cells: [], flaw: unclosed }];
}

function csvReader() {
  const rows: string[][] = [];
  let isUnclosed = false;
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true });
  parser.on('data', (cells: string[]) => rows.push(cells));
  const ended = finished(parser).catch((error: unknown) => {
    isUnclosed = error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED';
    if (!isUnclosed) throw error;
  });
  ended.catch(() => undefined);
  return {
    async push(chunk: Buffer): Promise<string[][]> {
      const isWritten = new Promise<boolean>((resolve) => parser.write(chunk, (error) => resolve(!error)));
      if (!(await isWritten)) await ended;
      return rows.splice(0);
    },
    /** Returns the last rows, and whether the file ends inside quotes. */
    async end(chunk: Buffer) {
      parser.end(chunk);
      await ended;
      return { rows: rows.splice(0), isUnclosed };
    },
  };
}

function lineBreaksIn(cells: string[]): number {
  let number = 0;
  for (const cell of cells)
    if (cell.includes('\n') || cell.includes('\r')) number += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
  return number;
}

// Many cells repeat the cell above them. Sharing one string between them saves memory.
function sharedWithRowAbove(): (cells: string[]) => string[] {
  let above: string[] = [];
  return (cells) => {
    for (const [i, text] of above.entries()) if (text === cells[i]) cells[i] = text;
    above = cells;
    return cells;
  };
}

// Noncharacters, which no text contains: one marks bytes that are not UTF-8, the other stands for a U+FFFD in the file.
const [mark, replacement] = ['\uFDD0', '\uFDD1'];
const replacementBytes = Buffer.from('\uFFFD').toString('latin1');

// Turns every chunk into valid UTF-8, with a mark in place of invalid bytes. Valid chunks pass through unchanged.
function utf8Marker() {
  let pending = Buffer.alloc(0);
  let hasMarks = false;
  const marked = (bytes: Buffer): Buffer => {
    if (isUtf8(bytes)) return bytes;
    hasMarks = true;
    const kept = bytes.toString('latin1').replaceAll(replacementBytes, Buffer.from(replacement).toString('latin1'));
    const text = Buffer.from(kept, 'latin1').toString('utf8');
    return Buffer.from(text.replaceAll('\uFFFD', mark).replaceAll(replacement, '\uFFFD'));
  };
  return {
    mark(chunk: Buffer): Buffer {
      const bytes = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
      const end = bytes.length - incompleteBytes(bytes);
      pending = Buffer.from(bytes.subarray(end));
      return marked(bytes.subarray(0, end));
    },
    rest: () => marked(pending),
    isMarked: (cells: string[]) => hasMarks && cells.some((cell) => cell.includes(mark)),
  };
}

// Returns how many bytes at the end belong to a character that the next chunk completes.
function incompleteBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
