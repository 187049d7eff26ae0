import type { Db, Tx } from '../db/database.ts';
import { transact } from '../db/write/transact.ts';
import { Checkpoint } from './checkpoint.ts';
import { type OpenedFiles, openFiles } from './files/files.ts';
import type { ImportFormat } from './format.ts';
import { afterBatch, firstPass, nextPass, type Progress } from './progress.ts';
import { type Attempt, type ImportRow, lacksReference } from './rows/import-row.ts';
import { RejectsFile } from './rows/rejects.ts';
import { isRowFault, rowFault } from './rows/row-fault.ts';
import { type BatchWeights, batchesOf, rowsOf } from './rows/rows.ts';
import { WaitingSubjects } from './rows/waiting-subjects.ts';
import { rejectsOf, writeRows } from './rows/write-rows.ts';
import type { ImportSummary } from './summary.ts';

export type ImportRun = {
  format: ImportFormat;
  source: string;
  paths: string[];
  undatedAt: Date | null;
  /** Imports everything and then rolls it back. */
  isDryRun: boolean;
  rejectsPath: string | null;
  /** Omits the source rows from the rejects file. */
  omitRows?: boolean;
  batchWeights?: BatchWeights;
  onProgress?: (progress: { rows: number; bytesRead: number; bytes: number }) => void;
};

const defaultWeights: BatchWeights = { first: 500, most: 10_000 };
const batchTimeoutMs = 600_000;
const fewRows = 100;

/** Runs work in a transaction, or inside a savepoint. */
type InBatch = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/**
 * Streams files into the domains' bulk writes, one transaction per batch. An interrupted import resumes after its last
 * batch, and importing the same files again changes nothing. No row stops an import: rows that refer to later ones are
 * retried at the end, and if the database rejects a batch, its rows are tried in ever smaller parts.
 */
export async function importFiles(db: Db, run: ImportRun): Promise<ImportSummary> {
  const opened = await openFiles(run.paths);
  const rejects = new RejectsFile(run.rejectsPath, !run.omitRows);
  const checkpoint = new Checkpoint(run.source, opened.fingerprint);
  const begin = run.isDryRun ? firstPass() : await checkpoint.read(db);
  await rejects.openAt(begin.rejectsLength, run.paths);
  try {
    if (run.isDryRun)
      return await inOneThatIsTakenBack(db, (tx) => writeFiles(run, opened, begin, rejects, null, savepoints(tx)));
    const summary = await writeFiles(run, opened, begin, rejects, checkpoint, (work) =>
      transact(db, work, batchTimeoutMs),
    );
    await checkpoint.clear(db, summary);
    return summary;
  } finally {
    await rejects.close();
  }
}

async function writeFiles(
  run: ImportRun,
  opened: OpenedFiles,
  begin: Progress,
  rejects: RejectsFile,
  checkpoint: Checkpoint | null,
  inBatch: InBatch,
): Promise<ImportSummary> {
  let progress = begin;
  let held = new WaitingSubjects();

  const write = (rows: ImportRow[], isLast: boolean, fault: unknown = null) =>
    inBatch(async (tx) => {
      await prepare(tx, rows.length);
      const attempts = fault
        ? rows.map((row): Attempt => ({ row, result: rowFault(fault) }))
        : await writeRows(tx, rows, progress.pass.isHolding ? held : null);
      const items = (rows.at(-1)?.number ?? 0) + 1;
      const { after, settled } = afterBatch(progress, attempts, items, isLast);
      after.rejectsLength = await rejects.writeAt(progress.rejectsLength, await rejectsOf(tx, settled));
      await checkpoint?.write(tx, after, false);
      return { after, attempts };
    });
  // Bisects a rejected batch to find the rows at fault. The others are written.
  const writeOrSplit = async (rows: ImportRow[], isLast: boolean): Promise<void> => {
    try {
      const { after, attempts } = await write(rows, isLast);
      keep(after, attempts);
    } catch (error) {
      if (!isRowFault(error)) throw error;
      if (rows.length === 1) {
        const { after, attempts } = await write(rows, isLast, error);
        return keep(after, attempts);
      }
      const middle = rows.length >> 1;
      await writeOrSplit(rows.slice(0, middle), false);
      await writeOrSplit(rows.slice(middle), isLast);
    }
  };
  const keep = (after: Progress, attempts: Attempt[]) => {
    progress = after;
    for (const { row, result } of attempts)
      if (row.subject !== null && (result === null || lacksReference(result))) held.add(row.subject);
  };

  for (let next: Progress | null = progress; next; next = nextPass(progress)) {
    if (next !== progress) {
      progress = next;
      held = new WaitingSubjects();
      await inBatch(async (tx) => checkpoint?.write(tx, progress, true));
    }
    opened.rewind();
    const rows = rowsOf(run.format.read(opened.files, run), progress, held);
    for await (const batch of batchesOf(rows, run.batchWeights ?? defaultWeights)) {
      await writeOrSplit(batch.rows, batch.isLast);
      run.onProgress?.({ rows: progress.summary.rows, bytesRead: opened.bytesRead(), bytes: opened.bytes });
    }
  }
  return progress.summary;
}

// If a server crash loses a batch, the import writes it again, so commits need not wait for the disk. Sessions plan a
// statement once, and on a small table any index looks as good as the right one. Discarding plans with each batch makes
// lookups adapt as the tables grow. For a few rows, making new plans takes longer than it saves.
async function prepare(tx: Tx, rows: number): Promise<void> {
  await tx.sendAll([
    { text: 'SET LOCAL synchronous_commit = off', values: [] },
    ...(rows < fewRows ? [] : [{ text: 'DISCARD PLANS', values: [] }]),
  ]);
}

function savepoints(tx: Tx): InBatch {
  const send = (text: string) => tx.query({ text, values: [] });
  return async (work) => {
    await send('SAVEPOINT batch');
    try {
      const result = await work(tx);
      await send('RELEASE SAVEPOINT batch');
      return result;
    } catch (error) {
      await send('ROLLBACK TO SAVEPOINT batch');
      throw error;
    }
  };
}

class TakenBack<T> extends Error {
  readonly result: T;

  constructor(result: T) {
    super();
    this.result = result;
  }
}

async function inOneThatIsTakenBack<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    // No retry: the file content read so far cannot be read again.
    return await transact(
      db,
      async (tx) => {
        throw new TakenBack(await work(tx));
      },
      batchTimeoutMs * 100,
      1,
    );
  } catch (error) {
    if (error instanceof TakenBack) return error.result as T;
    throw error;
  }
}
