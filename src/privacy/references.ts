import { models } from '../db/datamodel.ts';
import { Datamodel } from '../query/datamodel.ts';

/** Relations between the tables. */
export const relations = new Datamodel(models);

/** Foreign key. */
export type Reference = {
  /** Table with the foreign key. */
  table: string;
  /** Columns of the foreign key, without the workspace. */
  columns: string[];
  /** Whether a row cannot exist without the row that it refers to. */
  isRequired: boolean;
  /** Whether it refers to the ID of the other row. */
  isToId: boolean;
};

/** Returns the foreign keys that refer to a table. */
export function referencesTo(table: string): Reference[] {
  return Object.entries(models).flatMap(([referring, { fields }]) =>
    fields.flatMap(({ name, type, isRequired, relationFromFields = [] }) => {
      if (type !== table || relationFromFields.length === 0) return [];
      const on = (relations.relation(referring, name)?.on ?? []).filter(([, own]) => own !== 'workspaceId');
      const isToId = on.every(([column]) => column === 'id');
      return [{ table: referring, columns: on.map(([, own]) => own), isRequired, isToId }];
    }),
  );
}

/** Whether the rows of a table have a customer, rather than only repeating that of a row that they belong to. */
export function hasCustomer(table: string): boolean {
  return models[table]?.fields.some(({ type }) => type === 'Customer') ?? false;
}

/** Whether the customer of a row in a table is never null. */
export function alwaysHasCustomer(table: string): boolean {
  return models[table]?.fields.some(({ type, isRequired }) => type === 'Customer' && isRequired) ?? false;
}

/** Sorts tables so that each one comes before those that it refers to. */
export function referringFirst(tables: string[]): string[] {
  const sorted = new Set<string>();
  const seen = new Set<string>();
  const add = (table: string) => {
    if (seen.has(table) || !tables.includes(table)) return;
    seen.add(table);
    for (const reference of referencesTo(table)) add(reference.table);
    sorted.add(table);
  };
  for (const table of tables) add(table);
  return [...sorted];
}
