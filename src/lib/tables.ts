import { domains } from '../domains.ts';
import type { Domain, Table } from '../manifest.ts';

type Domains = typeof domains;
type TablesOf<D> = D extends { tables: infer T } ? T : never;
type Tables = { [D in keyof Domains]: TablesOf<Domains[D]> }[keyof Domains];
type NamesWith<T, Property> = T extends unknown
  ? { [Name in keyof T]: Property extends keyof T[Name] ? Name : never }[keyof T]
  : never;

/** Names of the tables whose manifest has a property. */
export type TableWith<Property extends keyof Table> = NamesWith<Tables, Property> & string;

/** A table, with the scope that reading its rows requires. */
export type KnownTable = Table & { name: string; scope: string };

/** All tables, in the order of the domains. */
export const tables: readonly KnownTable[] = Object.values<Domain>(domains).flatMap(({ tables = {}, scopes = [] }) =>
  Object.entries(tables).map(([name, table]) => ({ ...table, name, scope: `${scopes[0]?.noun}:read` })),
);

const byName = new Map(tables.map((table) => [table.name, table]));

/** Finds the manifest of a table. */
export function tableOf(name: string): KnownTable | undefined {
  return byName.get(name);
}

/** Returns the column with the time since which a row of the table counts. */
export function timeColumnOf(name: string): string {
  const time = tableOf(name)?.time;
  if (time === undefined) throw new Error(`The manifest of ${name} has no time.`);
  return time;
}

/** Returns a property of all tables that have it, by table name. */
export function propertyOfTables<Property extends keyof Table>(property: Property) {
  const entries = tables.flatMap(({ name, [property]: value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries) as Record<TableWith<Property>, NonNullable<Table[Property]>>;
}
