import { classOfText, isPiiClass, type PiiClass } from '../lib/pii.ts';
import { tableOf } from '../lib/tables.ts';
import type { ColumnKind } from '../manifest.ts';

/** Returns the kind of a column. Columns that are not listed hold no text and count as CODE. */
export function kindOf(table: string, column: string): ColumnKind {
  return tableOf(table)?.columns?.[column] ?? 'CODE';
}

/**
 * Returns the class of a value, from its column or the value itself. Null if it is never masked. For CONTACT, the row
 * must tell.
 */
export function classOfValue(table: string, column: string, value: unknown): PiiClass | null {
  const kind = kindOf(table, column);
  if (kind === 'IF_CONTACT') return classOfText(value);
  return isPiiClass(kind) ? kind : null;
}

/**
 * Returns all classes whose scopes are needed to see this value. A value alone does not reveal for certain whether it
 * is an email address or a phone number.
 */
export function classesOfColumn(table: string, column: string, value: unknown): PiiClass[] {
  if (kindOf(table, column) === 'CONTACT') return ['EMAIL', 'PHONE'];
  const piiClass = classOfValue(table, column, value);
  return piiClass ? [piiClass] : [];
}
