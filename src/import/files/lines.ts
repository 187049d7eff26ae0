import { isUtf8 } from 'node:buffer';
import type { ImportFile } from '../format.ts';
import { isMarkedUtf16, notUtf8, utf16, withoutMark } from './encoding.ts';

/** A line, numbered from 1, with either its text or the reason why it cannot be read. */
export type Line = { number: number } & ({ text: string } | { flaw: string });

/** Maximum length of a line in bytes. */
export const maxLineBytes = 10_000_000;

export const tooLong = `This row is longer than ${maxLineBytes / 1_000_000} MB. Split it.`;

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/**
 * Reads the lines of a file. Only LF, CRLF and a lone CR end a line: JSON text may contain U+2028, at which Node's
 * readline splits. Works on bytes, so that a line that is not UTF-8 does not affect its neighbors.
 */
export async function* linesOf(file: ImportFile): AsyncGenerator<Line> {
  let [number, isUtf16] = [0, false];
  for await (const bytes of splitLines(file.open())) {
    number += 1;
    if (number === 1) isUtf16 = bytes !== null && isMarkedUtf16(bytes);
    yield lineOf(number, bytes && number === 1 ? withoutMark(bytes) : bytes, isUtf16);
  }
}

function lineOf(number: number, bytes: Buffer | null, isUtf16: boolean): Line {
  if (bytes === null) return { number, flaw: tooLong };
  // In UTF-16, splitting at the two bytes of a line break leaves lines without content.
  if (isUtf16) return bytes.some((byte) => byte > 0x20) ? { number, flaw: utf16 } : { number, text: '' };
  if (!isUtf8(bytes)) return { number, flaw: notUtf8 };
  const text = bytes.toString('utf8');
  return text.includes('\u0000')
    ? {
        number,
        flaw: 'This line contains NUL bytes, as UTF-16 does. Convert the file to UTF-8 first, for example with iconv.',
      }
    : { number, text };
}

// Yields null for a line that is too long, without keeping its bytes.
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let [rest, restBytes, endsInReturn]: [Buffer[], number, boolean] = [[], 0, false];
  const keep = (piece: Buffer) => {
    restBytes += piece.length;
    if (restBytes > maxLineBytes) rest = [];
    else if (piece.length > 0) rest.push(piece);
  };
  const take = (): Buffer | null => {
    const line = restBytes > maxLineBytes ? null : rest.length === 1 && rest[0] ? rest[0] : Buffer.concat(rest);
    [rest, restBytes] = [[], 0];
    return line;
  };
  for await (const chunk of chunks) {
    let start = endsInReturn && chunk[0] === lineFeed ? 1 : 0;
    if (chunk.length > 0) endsInReturn = chunk.at(-1) === carriageReturn;
    let nextReturn = positionOf(chunk, carriageReturn, start);
    for (;;) {
      const nextFeed = positionOf(chunk, lineFeed, start);
      if (nextReturn < start) nextReturn = positionOf(chunk, carriageReturn, start);
      const end = Math.min(nextFeed, nextReturn);
      keep(chunk.subarray(start, end));
      if (end === chunk.length) break;
      yield take();
      start = end + (end === nextReturn && chunk[end + 1] === lineFeed ? 2 : 1);
    }
  }
  if (restBytes > 0) yield take();
}

function positionOf(chunk: Buffer, byte: number, from: number): number {
  const position = chunk.indexOf(byte, from);
  return position === -1 ? chunk.length : position;
}
