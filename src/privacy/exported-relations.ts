import { models } from '../db/datamodel.ts';
import { tableOf } from '../lib/tables.ts';
import { hasCustomer, relations } from './references.ts';

type Include = true | { include: Relations } | { select: Record<string, true> };
type Relations = Record<string, Include>;

/**
 * Returns the related rows that belong in an export, as Prisma's `include`: all rows of a customer, and all rows that
 * cannot exist without the row of this table.
 */
export function exportedRelations(table: string): Relations {
  const parts = (models[table]?.fields ?? []).filter(
    ({ name, type, isList }) => isList && type in models && isPart(table, name, type),
  );
  const labels = Object.entries(tableOf(table)?.exportedLabels ?? {});
  return {
    ...Object.fromEntries(parts.map(({ name, type }) => [name, withRelations(type)])),
    ...Object.fromEntries(
      labels.map(([relation, label]) => [relation, { select: { id: true, [label]: true } } as const]),
    ),
  };
}

function withRelations(table: string): Include {
  const include = exportedRelations(table);
  return Object.keys(include).length > 0 ? { include } : true;
}

function isPart(table: string, relation: string, type: string): boolean {
  if (table === 'Customer') return type !== 'Customer' && !tableOf(type)?.isInternal;
  // A row with a customer is exported with the other rows of its customer.
  if (hasCustomer(type)) return false;
  const { inverse } = relations.relation(table, relation) ?? {};
  return models[type]?.fields.some(({ name, isRequired }) => name === inverse && isRequired) ?? false;
}
