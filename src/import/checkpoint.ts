import type { Db, Tx } from '../db/database.ts';
import { operator } from '../db/write/actor.ts';
import { recordEvent } from '../db/write/audit-event.ts';
import { transact } from '../db/write/transact.ts';
import { firstPass, type Progress, passState } from './progress.ts';
import { ItemNumbers } from './rows/item-numbers.ts';
import { type ImportSummary, importSummary } from './summary.ts';

/** The stored position from which an interrupted import of these files resumes. */
export class Checkpoint {
  readonly #source: string;
  readonly #fingerprint: string;

  constructor(source: string, fingerprint: string) {
    this.#source = source;
    this.#fingerprint = fingerprint;
  }

  async read(db: Db): Promise<Progress> {
    const row = await db.importCheckpoint.findUnique({ where: { workspaceId_source_fingerprint: this.#keyIn(db) } });
    if (!row) return firstPass();
    return {
      pass: row.pass === null ? firstPass().pass : passState.parse(row.pass),
      due: row.due && new ItemNumbers(row.due),
      items: row.items,
      waiting: new ItemNumbers(row.waiting ?? undefined),
      rejectsLength: Number(row.rejectsLength),
      summary: importSummary.parse(row.summary),
    };
  }

  /** Saves the progress. The items to try stay the same during a pass, so `due` is written only at its beginning. */
  async write(tx: Tx, progress: Progress, beginsPass: boolean): Promise<void> {
    const { items, rejectsLength, summary, pass, waiting, due } = progress;
    const reached = { items, rejectsLength, summary, pass, waiting: waiting.bytes, updatedAt: new Date() };
    const key = this.#keyIn(tx);
    await tx.importCheckpoint.upsert({
      where: { workspaceId_source_fingerprint: key },
      create: { ...key, ...reached, due: due?.bytes ?? null },
      update: beginsPass ? { ...reached, due: due?.bytes ?? null } : reached,
    });
  }

  /**
   * Ends an import. The audit log records that the files were read, but not each row, which would double the stored
   * data.
   */
  async clear(db: Db, { rows, rowsRefused }: ImportSummary): Promise<void> {
    await transact(db, async (tx) => {
      await tx.importCheckpoint.deleteMany({ where: this.#keyIn(tx) });
      const changes = {
        source: [null, this.#source],
        fingerprint: [null, this.#fingerprint],
        rows: [null, rows],
        rowsRefused: [null, rowsRefused],
      };
      await recordEvent(tx, operator('import'), { action: 'CREATED', entity: 'Import', changes });
    });
  }

  #keyIn({ workspaceId }: { workspaceId: string }) {
    return { workspaceId, source: this.#source, fingerprint: this.#fingerprint };
  }
}
