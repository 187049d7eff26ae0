import pg from 'pg';
import type { Database } from '../src/db/database.ts';
import type { Statement } from './database.ts';

/** Whether a statement is the request's own: not one that binds its session, reads its key, counts its points or notes its reads. */
export function isOfRequest({ sql }: Statement): boolean {
  return !/set_config|rapport_api_key|DISCARD|SET ROLE|"RateLimit"|rapport_record_reads/.test(sql);
}

/**
 * The rows that PostgreSQL reads for these statements, which are explained and run again, and taken back. By the plans'
 * own figures or by the tables' counters, which see into functions too; the greater counts.
 */
export async function rowsReadBy(statements: Statement[], database: Database, workspaceId: string): Promise<number> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.workspace_id', $1, true)", [workspaceId]);
    const before = await fetched(client);
    let planned = 0;
    for (const [i, { sql, values }] of statements.entries()) {
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

// Counted by this session and not yet reported.
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

// What the nodes that read a table or an index have gone through, kept or not.
function rowsIn(node: PlanNode): number {
  const count = (property: string) => Number(node[property] ?? 0);
  const each = count('Actual Rows') + count('Rows Removed by Filter') + count('Rows Removed by Index Recheck');
  const own = 'Relation Name' in node || 'Index Name' in node ? each * count('Actual Loops') : 0;
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsIn(child), own);
}
