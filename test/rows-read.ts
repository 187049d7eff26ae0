import pg from 'pg';
import { genericPlans } from '../src/db/connection/tenant-pool.ts';
import type { Database } from '../src/db/database.ts';
import type { Statement } from './database.ts';

/**
 * Returns whether a statement belongs to the request, not to binding the session, checking the key, rate limits or the
 * audit log.
 */
export function isOfRequest({ sql }: Statement): boolean {
  return !/set_config|rapport_api_key|DISCARD|SET ROLE|"RateLimit"|rapport_record_reads/.test(sql);
}

/** Sends a request twice. Returns its second answer, and the statements of the request itself. */
export async function statementsOf<Answer>(
  { flush, statements }: { flush: () => Promise<void>; statements: Statement[] },
  send: () => Promise<Answer>,
): Promise<{ answer: Answer; sent: Statement[] }> {
  await send();
  // The audit log of reads is written separately.
  await flush();
  statements.length = 0;
  const answer = await send();
  return { answer, sent: statements.filter(isOfRequest) };
}

/**
 * Counts the rows that PostgreSQL reads for these statements, by explaining and rerunning them in a transaction that is
 * rolled back. Uses the plans or the table counters, which also cover functions; the greater count wins.
 */
export async function rowsReadBy(statements: Statement[], database: Database, workspaceId: string): Promise<number> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.workspace_id', $1, true)", [workspaceId]);
    const before = await fetched(client);
    let planned = 0;
    for (const [i, { sql, values, isPlannedForValues }] of statements.entries()) {
      await client.query(`SET LOCAL plan_cache_mode = ${isPlannedForValues ? 'force_custom_plan' : genericPlans}`);
      await client.query(`PREPARE asked_${i} AS ${sql}`);
      const execute = `EXECUTE asked_${i} ${values.length > 0 ? `(${values.map(literal).join(', ')})` : ''}`;
      const { rows } = await client.query(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${execute}`);
      planned += rowsIn(rows[0]['QUERY PLAN'][0].Plan);
      await client.query(`DEALLOCATE asked_${i}`);
    }
    return Math.max(planned, (await fetched(client)) - before);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

// Counts of this session that are not reported yet.
async function fetched(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query(
    'SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::integer AS fetched FROM pg_stat_xact_user_tables',
  );
  return rows[0].fetched;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((each) => JSON.stringify(String(each))).join(',')}}`);
  return pg.escapeLiteral(String(value));
}

type PlanNode = { Plans?: PlanNode[]; [property: string]: unknown };

// Rows that the nodes that read a table or index have visited, whether or not they match.
function rowsIn(node: PlanNode): number {
  const count = (property: string) => Number(node[property] ?? 0);
  const each = count('Actual Rows') + count('Rows Removed by Filter') + count('Rows Removed by Index Recheck');
  const own = 'Relation Name' in node || 'Index Name' in node ? each * count('Actual Loops') : 0;
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsIn(child), own);
}
