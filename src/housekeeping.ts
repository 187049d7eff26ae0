import { listWorkspaces } from './access/workspaces.ts';
import { refreshRfmBounds } from './customer-context/rfm.ts';
import type { Database, Db } from './db/database.ts';
import type { Batches } from './privacy/batches.ts';
import { executeErasures, type OnFault } from './privacy/execute-erasures.ts';
import { applyRetention } from './privacy/retention.ts';

const everyMs = 60_000;
const dayMs = 24 * 3_600_000;

/**
 * Does in every workspace, each minute, what nobody asks for by a request: forgets who is to be forgotten, removes what
 * is older than it is kept, counts anew what scores are measured by. Several processes may do so at once. Gives how to
 * stop it, which waits for the batch that runs.
 */
export function keepHouse(database: Database, onFault: OnFault): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running = Promise.resolve();
  const run = async () => {
    for (const { id } of await listWorkspaces(database)) {
      if (signal.aborted) return;
      // One workspace's trouble is not another's.
      await tidy(database.forWorkspace(id), new Date(), { signal }, onFault).catch((fault) => {
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

/** One round in one workspace. */
export async function tidy(db: Db, now = new Date(), batches: Batches = {}, onFault?: OnFault): Promise<void> {
  await executeErasures(db, now, batches, onFault);
  await applyRetention(db, now, batches);
  await refreshRfmBounds(db, now);
  const { workspaceId } = db;
  const aDayAgo = { lt: new Date(now.getTime() - dayMs) };
  await db.idempotencyRecord.deleteMany({ where: { workspaceId, createdAt: aDayAgo } });
  await db.rateLimit.deleteMany({ where: { workspaceId, startedAt: aDayAgo } });
}
