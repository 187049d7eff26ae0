import { DomainError } from '../../lib/errors.ts';
import type { Db } from '../database.ts';

/** Row that records the latest run of a job. Its table has the columns "status", an enum with RUNNING and FAILED, and "startedAt". */
export type RunRow = { table: string; key: Record<string, string> };

/** Time after which a run without an outcome counts as interrupted. */
const longestRunHours = 1;

/**
 * Runs work that must not run twice at once, in any process, and records its outcome. Null if the work is running already.
 * If it fails, so does this function, and the row says FAILED.
 */
export async function runOnce<Outcome extends { status: string }>(
  db: Db,
  { table, key }: RunRow,
  work: () => Promise<Outcome>,
): Promise<Outcome | null> {
  const names = ['"workspaceId"', ...Object.keys(key).map((name) => `"${name}"`)];
  const values = [db.workspaceId, ...Object.values(key)];
  const placeholders = values.map((_, i) => (i === 0 ? '$1::uuid' : `$${i + 1}`));
  const start = `INSERT INTO "${table}" AS run (${names.join(', ')}, "status", "startedAt")
    VALUES (${placeholders.join(', ')}, 'RUNNING', now())
    ON CONFLICT (${names.join(', ')}) DO UPDATE SET "status" = 'RUNNING', "startedAt" = now()
    WHERE run."status" <> 'RUNNING' OR run."startedAt" <= now() - interval '${longestRunHours} hour' RETURNING 1`;
  const [started] = await db.query({ text: start, values });
  if (!started) return null;
  let status = 'FAILED';
  try {
    const outcome = await work();
    status = outcome.status;
    return outcome;
  } finally {
    const isRow = names.map((name, i) => `${name} = ${placeholders[i]}`).join(' AND ');
    const end = `UPDATE "${table}" SET "status" = $${values.length + 1}::"${table}Status" WHERE ${isRow}`;
    await db.query({ text: end, values: [...values, status] });
  }
}

/** Error for work that does not start because `runOnce` has found it running. */
export function runningError(work: string): DomainError {
  return new DomainError(
    'CONFLICT',
    `Another ${work} is running. Try again when it has finished, or after ${longestRunHours} hour if its process was killed.`,
  );
}
