import { isUtf8 } from 'node:buffer';
import { DomainError } from '../../lib/errors.ts';
import type { ImportFile } from '../format.ts';

export const notUtf8 = 'Not valid UTF-8. Convert the file first, for example with iconv.';
export const utf16 = 'The encoding is UTF-16, not UTF-8. Convert the file first, for example with iconv.';

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Returns the first chunk of a file without a UTF-8 byte order mark. */
export function withoutMark(first: Buffer): Buffer {
  return first.subarray(0, 3).equals(utf8Mark) ? first.subarray(3) : first;
}

/** Returns whether a file begins with a byte order mark of UTF-16 or UTF-32. */
export function isMarkedUtf16(first: Buffer): boolean {
  const [a, b] = first;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
}

/** Reads a whole file as text. Throws if the file is not UTF-8. */
export async function textOf(file: ImportFile): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.open()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (isMarkedUtf16(bytes)) throw new DomainError('INVALID_INPUT', `Cannot read ${file.path}: ${utf16}`);
  if (!isUtf8(bytes)) throw new DomainError('INVALID_INPUT', `Cannot read ${file.path}: ${notUtf8}`);
  return withoutMark(bytes).toString('utf8');
}
