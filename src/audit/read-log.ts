import type { Database } from '../db/database.ts';
import type { Author } from '../db/journal.ts';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { newId } from '../lib/ids.ts';
import type { PersonalReads } from '../lib/pii.ts';

/** A row of the audit log, but for what all reads have in common. */
type Noted = Author & {
  workspaceId: string;
  id: string;
  occurredAt: Date;
  customerId: string | null;
  piiClasses: string[];
};

// How long a read waits for others to be written together with.
const waitMs = 250;
// Beyond so many the oldest are let go: a database that takes none for long is not to cost the process its life. A note
// takes 800 bytes at most.
const maxNoted = cacheBytes.notedReads / 800;

/**
 * Notes whose personal data was read unmasked. Written a moment later, many reads in one statement: a read does not wait
 * for it, and what a process that is killed has read in its last quarter of a second is not noted.
 */
export class ReadLog {
  readonly #database: Database;
  readonly #onFault: (fault: unknown) => void;
  #noted: Noted[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(database: Database, onFault: (fault: unknown) => void) {
    this.#database = database;
    this.#onFault = onFault;
  }

  note(workspaceId: string, author: Author, reads: PersonalReads): void {
    const occurredAt = new Date();
    for (const [customerId, classes] of reads)
      this.#noted.push({
        ...author,
        workspaceId,
        id: newId(),
        occurredAt,
        customerId,
        piiClasses: [...classes].sort(),
      });
    this.#schedule();
  }

  /** Writes what was noted. Where that fails it stays noted, and the next flush tries again. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const noted = this.#noted;
    this.#noted = [];
    await this.#insert(noted).catch(() => this.#insertEach(noted));
    const lost = this.#noted.splice(0, Math.max(0, this.#noted.length - maxNoted)).length;
    if (lost > 0) this.#onFault(new RangeError(`${lost} notes of reads are lost: the database takes none.`));
  }

  // One workspace's trouble is not another's: what cannot be written stays noted, and is tried again.
  async #insertEach(noted: Noted[]): Promise<void> {
    for (const workspaceId of new Set(noted.map((each) => each.workspaceId))) {
      const own = noted.filter((each) => each.workspaceId === workspaceId);
      await this.#insert(own).catch((error: unknown) => {
        this.#onFault(error);
        this.#noted.push(...own);
        this.#schedule();
      });
    }
  }

  // Those that are there already, where the answer to an earlier try was lost, are not written twice.
  async #insert(noted: Noted[]): Promise<void> {
    const [first] = noted;
    if (!first) return;
    // Under the role of a workspace. Customers may not call it, and a connection of the pool may have served one last.
    const db = this.#database.forWorkspace(first.workspaceId);
    await db.query({ text: recordReads, values: [JSON.stringify(noted)] });
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), waitMs).unref();
  }
}

const recordReads = 'SELECT rapport_record_reads($1::jsonb)';
