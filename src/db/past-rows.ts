// SQL for the rows of one customer at a past instant. The query `asked` holds the workspace, the customer and the instant,
// and `past` the earlier states of rows that have changed since.

/** Queries by table, which replace the tables of a statement. Each query may read those above it. */
export type PastTables = Record<string, string>;

/** Returns SQL for the rows dated up to the instant, for tables without past states. */
export function rowsUntil(table: string, time: string): string {
  return `SELECT t.*, true AS "isToday" FROM asked a JOIN "${table}" t USING ("workspaceId", "customerId") WHERE t."${time}" <= a."at"`;
}

/** Returns SQL for the rows unchanged since the instant, and the past states of the others. */
export function versionedRows(table: string, time: string): string {
  return `${rowsUntil(table, time)} AND (t."changedAt" IS NULL OR t."changedAt" <= a."at")
    UNION ALL SELECT t.*, false FROM asked a, past p CROSS JOIN LATERAL jsonb_populate_record(NULL::"${table}", p."state") t
    WHERE p."entity" = '${table}' AND t."${time}" <= a."at"`;
}

/** Returns SQL for the rows of a query in the shape of a table, with some columns overridden. */
export function withOverrides(table: string, query: string, columns: Record<string, string>): string {
  const overrides = Object.entries(columns).map(([name, sql]) => `'${name}', ${sql}`);
  return `SELECT r.* FROM asked a CROSS JOIN (${query}) t
    CROSS JOIN LATERAL jsonb_populate_record(NULL::"${table}", to_jsonb(t) || jsonb_build_object(${overrides.join(', ')})) r`;
}

/** Override of parts, which may have moved to another customer since the instant, together with what they belong to. */
export const sameCustomer = { customerId: 'a."customerId"' };

/** Returns SQL for a time that is null until it has come. */
export function ifPast(time: string): string {
  return `CASE WHEN t."${time}" <= a."at" THEN t."${time}" END`;
}
