import { models } from '../db/datamodel.ts';
import { encodeId, type IdType, isIdType } from '../lib/ids.ts';
import { tables } from '../lib/tables.ts';
import { internalColumns } from './export-sql.ts';
import { relations } from './references.ts';

/** Returns an exported row and its related rows with the IDs of the API. */
export function documentOf(table: string, row: object): Record<string, unknown> {
  // A past state has all columns of its row.
  const fields = Object.entries(row).filter(([name]) => !internalColumns.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, jsonOf(fieldOf(table, name), value)]));
}

function jsonOf({ rowsOf, idsOf }: Field, value: unknown): unknown {
  if (rowsOf && Array.isArray(value)) return value.map((row) => documentOf(rowsOf, row));
  if (rowsOf && value) return documentOf(rowsOf, value);
  return idsOf && typeof value === 'string' ? encodeId(idsOf, value) : value;
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
