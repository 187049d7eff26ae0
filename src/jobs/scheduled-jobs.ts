import { refitCustomerValue } from '../customer-value/refit.ts';
import type { Database, Db } from '../db/database.ts';
import type { BatchOptions } from '../db/write/batches.ts';
import { computeRfmBounds } from '../orders/statistics/rfm.ts';
import { executeErasures, type OnFault } from '../privacy/execute-erasures.ts';
import { applyRetention } from '../privacy/retention.ts';
import { recountPairs } from '../recommendations/count-pairs.ts';

const everyMs = 60_000;

type Job = (db: Db, now: Date, batches: BatchOptions, onFault?: OnFault) => Promise<unknown>;

// Keyed by the names in the SQL function `rapport_due_jobs`, which decides when each job is due.
const jobs: Record<string, Job> = {
  erasures: executeErasures,
  retention: applyRetention,
  rfmBounds: computeRfmBounds,
  customerValue: refitCustomerValue,
  productPairs: recountPairs,
  idempotencyRecords: (db, now) => deleteOld(db, 'IdempotencyRecord', 'createdAt', now),
  rateLimits: (db, now) => deleteOld(db, 'RateLimit', 'startedAt', now),
};

type DueJobs = { workspaceId: string; jobs: string[] };

/**
 * Runs due jobs every minute: erases customers, removes interactions past their retention, refreshes RFM bounds, fits
 * the models of customer value and counts products that are bought together every day, and deletes old internal
 * records. Several processes may run it at once.
 * Returns a function that stops it and waits for the running batch.
 */
export function startScheduledJobs(database: Database, onFault: OnFault): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running = Promise.resolve();
  const run = async () => {
    const now = new Date();
    const text = 'SELECT "workspaceId", "jobs" FROM rapport_due_jobs($1)';
    const { rows } = await database.pool.query<DueJobs>({ name: 'due_jobs', text, values: [now] });
    for (const { workspaceId, jobs } of rows) {
      if (signal.aborted) return;
      await runJobs(database.forWorkspace(workspaceId), jobs, now, { signal }, onFault).catch((fault) => {
        if (fault !== signal.reason) onFault(fault);
      });
    }
  };
  const start = () => {
    running = running.then(run).catch(onFault);
  };
  const timer = setInterval(start, everyMs).unref();
  start();
  return () => {
    stopping.abort();
    clearInterval(timer);
    return running;
  };
}

/** Runs the due jobs of a workspace. A failed job stops the rest, unless `onFault` handles its error. */
export async function runScheduledJobs(
  db: Db,
  now = new Date(),
  batches: BatchOptions = {},
  onFault?: OnFault,
): Promise<void> {
  const text = 'SELECT "jobs" FROM rapport_due_jobs($1) WHERE "workspaceId" = $2::uuid';
  const [due] = await db.query<DueJobs>({ text, values: [now, db.workspaceId] });
  await runJobs(db, due?.jobs ?? [], now, batches, onFault);
}

async function runJobs(db: Db, due: string[], now: Date, batches: BatchOptions, onFault?: OnFault): Promise<void> {
  for (const name of due)
    try {
      await jobs[name]?.(db, now, batches, onFault);
    } catch (fault) {
      if (!onFault || fault === batches.signal?.reason) throw fault;
      onFault(fault);
    }
}

// A day covers the lifetime of an idempotency key and the minute of a rate limit.
async function deleteOld(db: Db, table: 'IdempotencyRecord' | 'RateLimit', column: string, now: Date): Promise<void> {
  const text = `DELETE FROM "${table}" WHERE "workspaceId" = $1::uuid AND "${column}" < $2::timestamptz - interval '1 day'`;
  await db.query({ text, values: [db.workspaceId, now] });
}
