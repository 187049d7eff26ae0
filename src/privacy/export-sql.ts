import { keyOf, models } from '../db/datamodel.ts';
import { tableOf } from '../lib/tables.ts';
import { hasCustomer, relations } from './references.ts';

/** Columns that an export leaves out: the tenant, and values derived from other columns. */
export const internalColumns = new Set(['workspaceId', 'searchText', 'sortName', 'labelKey']);

/**
 * Returns SQL for what an export shows of a row: its columns, all rows that cannot exist without it, and the labels of
 * rows that it refers to. Of a customer, it shows all rows. Times are in UTC, and amounts are text.
 */
export function exportedColumns(table: string, alias: string): string[] {
  const parts = fieldsOf(table).filter(({ name, type, isList }) => isList && isPart(table, name, type));
  const labels = Object.entries(tableOf(table)?.exportedLabels ?? {});
  return [
    ...columnsOf(table, alias),
    ...parts.map(({ name, type }) => relatedRows(table, alias, name, (part) => exportedColumns(type, part))),
    ...labels.map(([name, label]) =>
      relatedRows(table, alias, name, (other) => [`${other}."id"`, `${other}."${label}"`]),
    ),
  ];
}

/** Returns SQL for the rows on the other side of a relation: an array in the order of their keys, or one object. */
export function relatedRows(table: string, alias: string, name: string, columns: (alias: string) => string[]): string {
  const relation = relations.relation(table, name);
  if (!relation) throw new Error(`${table} has no relation ${name}.`);
  const other = `${alias}_`;
  const on = relation.on.map(([column, own]) => `${other}."${column}" = ${alias}."${own}"`).join(' AND ');
  const rows = `SELECT ${columns(other).join(', ')} FROM "${relation.model}" ${other} WHERE ${on}`;
  if (!relation.isList) return `(SELECT row_to_json(x) FROM (${rows}) x) AS "${name}"`;
  const order = keyOf(relation.model).map((column) => `${other}."${column}"`);
  return `(SELECT coalesce(json_agg(x), '[]') FROM (${rows} ORDER BY ${order.join(', ')}) x) AS "${name}"`;
}

/** Returns SQL for columns of a table as an export shows them. Defaults to all. */
export function columnsOf(table: string, alias: string, names?: string[]): string[] {
  return fieldsOf(table)
    .filter(({ name, kind }) => kind !== 'object' && (names?.includes(name) ?? !internalColumns.has(name)))
    .map(({ name, type }) => `${shown[type]?.(`${alias}."${name}"`) ?? `${alias}."${name}"`} AS "${name}"`);
}

const shown: Record<string, (column: string) => string> = {
  DateTime: (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  Decimal: (column) => `trim_scale(${column})::text`,
};

function fieldsOf(table: string) {
  return models[table]?.fields ?? [];
}

function isPart(table: string, relation: string, type: string): boolean {
  if (table === 'Customer') return type in models && type !== 'Customer' && !tableOf(type)?.isInternal;
  // A row with a customer is exported with the other rows of its customer.
  if (!(type in models) || hasCustomer(type)) return false;
  const { inverse } = relations.relation(table, relation) ?? {};
  return fieldsOf(type).some(({ name, isRequired }) => name === inverse && isRequired);
}
