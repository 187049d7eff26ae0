import { noteEvent, operator } from '../db/audit-event.ts';
import type { Db, Tx } from '../db/database.ts';
import { transact } from '../db/transact.ts';
import { pace } from '../lib/pace.ts';
import { attempt, refused, writePassed } from '../lib/written.ts';
import { openFiles } from './files.ts';
import { type ImportFormat, type ImportItem, type RecordType, type Refusal, recordTypes } from './format.ts';
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

const firstBatchWeight = 500;
const batchWeight = 10_000;
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

  const items = parsed(skip(run.format.read(opened.files, run), reached?.items ?? 0));
  let done = reached?.items ?? 0;
  const writeAll = async (inBatch: (write: (tx: Tx) => Promise<void>) => Promise<void>) => {
    for await (const batch of readAhead(items)) {
      const [before, rejectsLength] = [structuredClone(summary), rejects.length];
      await inBatch(async (tx) => {
        await prepare(tx);
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
      await checkpoint.clear(db, summary);
    }
  } finally {
    await rejects.close();
  }
  return summary;
}

// A batch that a crash of the server loses is written again, so no commit need wait for the disk. A session plans a
// statement once, and on a small table any index looks as good as the right one: planned anew with each batch, look-ups
// see how the tables have grown.
async function prepare(tx: Tx): Promise<void> {
  await tx.sendAll([
    { text: 'SET LOCAL synchronous_commit = off', values: [] },
    { text: 'DISCARD PLANS', values: [] },
  ]);
}

async function writeBatch(tx: Tx, batch: Parsed[], summary: ImportSummary): Promise<Reject[]> {
  const rejects: Reject[] = [];
  for (const each of batch) {
    if (!('reason' in each)) continue;
    count(summary, null, 'REFUSED', each.lines.length);
    rejects.push(each);
  }
  for (const type of recordTypes) {
    const records = batch.filter((each): each is ParsedRecord => 'type' in each && each.type === type);
    if (records.length === 0) continue;
    const results = await writePassed(
      records.map(({ item }) => item),
      (passed) => writers[type].write(tx, passed),
    );
    for (const [i, result] of results.entries()) {
      const lines = records[i]?.lines ?? [];
      count(summary, type, refused(result) ? 'REFUSED' : result.outcome, lines.length);
      if (refused(result))
        rejects.push({ lines, type, code: result.code, reason: result.message, field: result.details.field });
    }
  }
  return rejects.sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
}

type ParsedRecord = { type: RecordType; item: unknown; weight: number; lines: number[] };
type Parsed = ParsedRecord | Refusal;

async function* parsed(items: AsyncIterable<ImportItem>): AsyncGenerator<Parsed> {
  for await (const item of items) {
    if ('reason' in item) yield item;
    else {
      const { type, input, lines } = item;
      const writer = writers[type];
      const parsed = attempt(() => writer.parse(input));
      yield { type, item: parsed, weight: refused(parsed) ? 1 : writer.weigh(parsed), lines };
    }
  }
}

// While the database takes one batch, the next one is read.
async function* readAhead(items: AsyncIterable<Parsed>): AsyncGenerator<Parsed[]> {
  let isAwaited = true;
  const upcoming = batches(
    items,
    pace(() => isAwaited),
  );
  let next = upcoming.next();
  for (;;) {
    isAwaited = true;
    const { value, done } = await next;
    if (done) return;
    isAwaited = false;
    next = upcoming.next();
    // Whoever stops early must not leave a rejection behind that nobody sees.
    next.catch(() => undefined);
    yield value;
  }
}

// They begin small and double: what the first have written shows the database how to plan for the rest.
async function* batches(items: AsyncIterable<Parsed>, giveWay: ReturnType<typeof pace>): AsyncGenerator<Parsed[]> {
  let batch: Parsed[] = [];
  let weight = 0;
  let wanted = firstBatchWeight;
  for await (const item of items) {
    await giveWay();
    batch.push(item);
    weight += 'weight' in item ? item.weight : 1;
    if (weight < wanted) continue;
    yield batch;
    wanted = Math.min(wanted * 2, batchWeight);
    batch = [];
    weight = 0;
  }
  if (batch.length > 0) yield batch;
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
    // What was read of the files is gone: it cannot be done a second time.
    1,
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
    /** The file is through. Its rows are not noted one by one, which would double them; that it was read is. */
    async clear(db: Db, { rows, rowsRefused }: ImportSummary): Promise<void> {
      await transact(db, async (tx) => {
        await tx.importCheckpoint.deleteMany({ where: keyOf(tx) });
        const changes = {
          source: [null, source],
          fingerprint: [null, fingerprint],
          rows: [null, rows],
          rowsRefused: [null, rowsRefused],
        };
        await noteEvent(tx, operator('import'), { action: 'CREATED', entity: 'Import', changes });
      });
    },
  };
}
