import { models } from '../db/datamodel.ts';
import { encodeId, type IdType, isIdType } from '../lib/ids.ts';
import { tables } from '../lib/tables.ts';
import { relations } from './references.ts';

// Internal columns that the export leaves out: the tenant, and values derived from other columns.
const internal = new Set(['workspaceId', 'searchText', 'sortName', 'labelKey']);

/** Returns a row of a table and its related rows as JSON. */
export function documentOf(table: string, row: object): Record<string, unknown> {
  const fields = Object.entries(row).filter(([name]) => !internal.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, jsonOf(fieldOf(table, name), value)]));
}

function jsonOf({ rowsOf, idsOf }: Field, value: unknown): unknown {
  if (rowsOf && Array.isArray(value)) return value.map((row) => documentOf(rowsOf, row));
  if (rowsOf && value) return documentOf(rowsOf, value);
  return idsOf && typeof value === 'string' ? encodeId(idsOf, value) : plain(value);
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint' || isDecimal(value)) return String(value);
  return value;
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'toFixed' in value;
}

/** Table of the related rows that a field holds, or type of the IDs in it. */
type Field = { rowsOf: string | null; idsOf: IdType | null };

const fields = new Map<string, Field>();

function fieldOf(table: string, name: string): Field {
  const key = `${table}.${name}`;
  const known = fields.get(key);
  if (known) return known;
  // A past state holds rows of other tables under the names of those tables.
  const rowsOf = name in models ? name : (relations.relation(table, name)?.model ?? null);
  const type = name === 'id' ? table : (referredBy(table, name) ?? namedBy(name) ?? '');
  const field = { rowsOf, idsOf: isIdType(type) ? type : null };
  fields.set(key, field);
  return field;
}

// Returns the table to whose IDs a foreign key refers.
function referredBy(table: string, column: string): string | undefined {
  return models[table]?.fields
    .map(({ name }) => relations.relation(table, name))
    .find((relation) => relation?.on.some(([other, own]) => other === 'id' && own === column))?.model;
}

// A column of IDs without a foreign key is named after the prefix of the IDs.
function namedBy(column: string): string | undefined {
  return tables.find(({ idPrefix }) => `${idPrefix}Id` === column)?.name;
}
