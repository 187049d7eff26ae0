import { type PastTables, rowsUntil } from '../db/past-rows.ts';
import { workspace } from '../db/statements.ts';
import { domains } from '../domains.ts';
import type { Domain } from '../manifest.ts';
import { pastTables } from './generated/past-tables.ts';

/**
 * Builds a `WITH` clause whose queries replace the tables under the same names. Each returns one customer's rows at a
 * past instant, by event time. The SELECT that follows reads them unchanged. Tables without a query here are read as
 * they are today.
 */
export function tablesAsOf(customer: string, instant: string): string {
  const asked = `SELECT ${workspace} AS "workspaceId", ${customer} AS "customerId", ${instant}::timestamptz AS "at"`;
  return `WITH ${Object.entries({ asked, past, ...tables })
    .map(([name, query]) => `"${name}" AS MATERIALIZED (${query})`)
    .join(', ')}`;
}

const past = `SELECT p."entity", p."state" FROM asked a JOIN "PastState" p USING ("workspaceId", "customerId")
  WHERE (p."since" IS NULL OR p."since" <= a."at") AND a."at" < p."until"`;

// The queries of the domains come first, because they read other tables as they are today.
const byDomain: Record<string, PastTables> = pastTables;
const tables: PastTables = Object.assign(
  {},
  ...Object.entries<Domain>(domains).map(([name, { tables = {} }]) => {
    const own = byDomain[name] ?? {};
    const dated = Object.entries(tables).filter(
      ([table, { customerRows }]) => customerRows === 'OWN' && !(table in own),
    );
    return {
      ...own,
      ...Object.fromEntries(dated.flatMap(([table, { time }]) => (time ? [[table, rowsUntil(table, time)]] : []))),
    };
  }),
);
