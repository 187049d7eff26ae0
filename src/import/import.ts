import { setImmediate } from 'node:timers/promises';
import type { Db, Tx } from '../db/database.ts';
import { transact } from '../db/transact.ts';
import { refused } from '../lib/written.ts';
import { openFiles } from './files.ts';
import { type ImportFormat, type ImportItem, type ImportRecord, recordTypes } from './format.ts';
import { type Reject, RejectsFile } from './rejects.ts';
import { count, emptySummary, type ImportSummary, importSummary } from './summary.ts';
import { writers } from './writers.ts';

export type ImportRun = {
  format: ImportFormat;
  source: string;
  paths: string[];
  undatedAt: Date | null;
  /** Does everything and takes it back. */
  isDryRun: boolean;
  rejectsPath: string | null;
  onProgress?: (progress: { rows: number; bytesRead: number; bytes: number }) => void;
};

const batchRows = 5_000;
const batchItems = 2_000;
const batchTimeoutMs = 600_000;

/**
 * Streams files into the domains' bulk writes, a transaction a batch. A killed import goes on after its last batch; a
 * repeated one finds everything as it is. Refused rows never stop it.
 */
export async function importFiles(db: Db, run: ImportRun): Promise<ImportSummary> {
  const opened = await openFiles(run.paths);
  const rejects = new RejectsFile(run.rejectsPath);
  const checkpoint = checkpointOf(run.source, opened.fingerprint);
  const reached = run.isDryRun ? null : await checkpoint.read(db);
  const summary = reached?.summary ?? emptySummary();
  await rejects.openAt(reached?.rejectsLength ?? 0);

  const items = skip(run.format.read(opened.files, run), reached?.items ?? 0);
  let done = reached?.items ?? 0;
  const writeAll = async (inBatch: (write: (tx: Tx) => Promise<void>) => Promise<void>) => {
    for await (const batch of readAhead(batches(items))) {
      const [before, rejectsLength] = [structuredClone(summary), rejects.length];
      await inBatch(async (tx) => {
        await forgetPlans(tx);
        // The second try of a batch begins where the first one did.
        Object.assign(summary, structuredClone(before));
        rejects.rewind(rejectsLength);
        const written = await writeBatch(tx, batch, summary);
        await rejects.append(written);
        if (!run.isDryRun)
          await checkpoint.write(tx, { items: done + batch.length, rejectsLength: rejects.length, summary });
      });
      done += batch.length;
      run.onProgress?.({ rows: summary.rows, bytesRead: opened.bytesRead(), bytes: opened.bytes });
    }
  };

  try {
    if (run.isDryRun) await inOneThatIsTakenBack(db, (tx) => writeAll((write) => write(tx)));
    else {
      await writeAll((write) => transact(db, write, batchTimeoutMs));
      await checkpoint.clear(db);
    }
  } finally {
    await rejects.close();
  }
  return summary;
}

// A session plans its foreign-key checks once, and on an empty table any index looks as good as the right one: kept for
// a whole import, such plans took 330 s in place of 20. Planned anew, they see how the tables have grown.
async function forgetPlans(tx: Tx): Promise<void> {
  await tx.$executeRaw`DISCARD PLANS`;
}

async function writeBatch(tx: Tx, batch: ImportItem[], summary: ImportSummary): Promise<Reject[]> {
  const rejects: Reject[] = [];
  for (const item of batch) {
    if (!('reason' in item)) continue;
    count(summary, null, 'REFUSED', item.lines.length);
    rejects.push(item);
  }
  for (const type of recordTypes) {
    const records = batch.filter((item): item is ImportRecord => 'type' in item && item.type === type);
    if (records.length === 0) continue;
    const results = await writers[type](
      tx,
      records.map(({ input }) => input),
    );
    for (const [i, { lines }] of records.entries()) {
      const result = results[i];
      if (!result) throw new Error(`The write of ${type} gave fewer results than it was given records.`);
      count(summary, type, refused(result) ? 'REFUSED' : result.outcome, lines.length);
      if (refused(result))
        rejects.push({ lines, type, code: result.code, reason: result.message, field: result.details.field });
    }
  }
  return rejects.sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
}

async function* batches(items: AsyncIterable<ImportItem>): AsyncGenerator<ImportItem[]> {
  let batch: ImportItem[] = [];
  let rows = 0;
  for await (const item of items) {
    batch.push(item);
    rows += item.lines.length;
    // In small steps, or the answers of the database to the batch before would wait until this one is read.
    if (batch.length % 20 === 0) await setImmediate();
    if (rows < batchRows && batch.length < batchItems) continue;
    yield batch;
    batch = [];
    rows = 0;
  }
  if (batch.length > 0) yield batch;
}

// While the database takes one batch, the next one is read.
async function* readAhead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = items.next();
  for (;;) {
    const { value, done } = await next;
    if (done) return;
    next = items.next();
    // Whoever stops early must not leave a rejection behind that nobody sees.
    next.catch(() => undefined);
    yield value;
  }
}

async function* skip(items: AsyncIterable<ImportItem>, number: number): AsyncGenerator<ImportItem> {
  let left = number;
  for await (const item of items) {
    if (left > 0) left -= 1;
    else yield item;
  }
}

class TakenBack extends Error {}

async function inOneThatIsTakenBack(db: Db, work: (tx: Tx) => Promise<void>): Promise<void> {
  const run = transact(
    db,
    async (tx) => {
      await work(tx);
      throw new TakenBack();
    },
    batchTimeoutMs * 100,
  );
  await run.catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error;
  });
}

type Reached = { items: number; rejectsLength: number; summary: ImportSummary };

function checkpointOf(source: string, fingerprint: string) {
  const keyOf = ({ workspaceId }: { workspaceId: string }) => ({ workspaceId, source, fingerprint });
  return {
    async read(db: Db): Promise<Reached | null> {
      const row = await db.importCheckpoint.findUnique({ where: { workspaceId_source_fingerprint: keyOf(db) } });
      return row && { items: row.items, rejectsLength: row.rejectsLength, summary: importSummary.parse(row.summary) };
    },
    async write(tx: Tx, { items, rejectsLength, summary }: Reached): Promise<void> {
      const reached = { items, rejectsLength, summary, updatedAt: new Date() };
      const key = keyOf(tx);
      await tx.importCheckpoint.upsert({
        where: { workspaceId_source_fingerprint: key },
        create: { ...key, ...reached },
        update: reached,
      });
    },
    async clear(db: Db): Promise<void> {
      await db.importCheckpoint.deleteMany({ where: keyOf(db) });
    },
  };
}
