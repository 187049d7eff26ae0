import { Columns } from '../src/customer-value/model/columns.ts';

/** Returns columns of at least one row. */
export function columnsOf<Name extends string>(rows: readonly Readonly<Record<Name, number>>[]): Columns<Name> {
  const columns = new Columns(Object.keys(rows[0] ?? {}) as Name[]);
  for (const row of rows) columns.push(row);
  return columns;
}
