import { createHash } from 'node:crypto';
import { invalid } from '../lib/errors.ts';

/** Opaque position in one list of one workspace: the sort values of a row. Of no use in any other list. */
export function encodeCursor(list: string, values: unknown[]): string {
  const plain = values.map((value) =>
    typeof value === 'number' ? value : value instanceof Date ? value.toISOString() : String(value),
  );
  return Buffer.from(JSON.stringify([tag(list), ...plain])).toString('base64url');
}

/** The sort values behind a cursor of this list; INVALID_INPUT for any other text. */
export function decodeCursor(
  list: string,
  cursor: string,
  field: string,
  columns: string[],
): (string | number | Date)[] {
  const refusal = invalid('Is no cursor of this list, in this order.', field);
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refusal;
  }
  if (!Array.isArray(parsed) || parsed.length !== columns.length + 1 || parsed[0] !== tag(list)) throw refusal;
  return columns.map((column, i) => {
    const value: unknown = parsed[i + 1];
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (typeof value !== 'string') throw refusal;
    if (/At$/.test(column)) return validDate(value) ?? raise(refusal);
    if (/^id$|[a-z]Id$/.test(column) && !uuidShape.test(value)) throw refusal;
    if (value.includes('\u0000')) throw refusal;
    return value;
  });
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function validDate(value: string): Date | null {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function raise(error: Error): never {
  throw error;
}

function tag(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 8);
}
