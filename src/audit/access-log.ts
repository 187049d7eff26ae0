import type { Database } from '../db/database.ts';
import type { Actor } from '../db/write/idempotency.ts';
import { newId } from '../lib/ids.ts';
import type { PersonalReads } from '../lib/pii.ts';
import { cacheBytes } from '../lib/process/cache-bytes.ts';

/** Row of the audit log, without the columns that are the same for all reads. */
type Noted = Actor & {
  workspaceId: string;
  id: string;
  occurredAt: Date;
  customerId: string | null;
  piiClasses: string[];
};

// Delay before reads are written, so that one statement writes many of them.
const waitMs = 250;
// Maximum number of queued events, of at most 800 bytes each. Beyond it, the oldest are dropped, so that the process
// does not run out of memory during a long outage of the database.
const maxNoted = cacheBytes.notedReads / 800;

/**
 * Records which customers' personal data was read unmasked. Events are written after a delay, many in one statement, so
 * that reads do not wait for them. A killed process loses the events of its last quarter of a second.
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

  note(workspaceId: string, actor: Actor, reads: PersonalReads): void {
    const occurredAt = new Date();
    for (const [customerId, classes] of reads)
      this.#noted.push({
        ...actor,
        workspaceId,
        id: newId(),
        occurredAt,
        customerId,
        piiClasses: [...classes].sort(),
      });
    this.#schedule();
  }

  /** Writes the queued events. Events that cannot be written stay queued, and the next flush retries them. */
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
    if (lost > 0)
      this.#onFault(
        new RangeError(`Dropped ${lost} audit events for reads, because the database does not accept them.`),
      );
  }

  // Writes each workspace separately, so that a failing one does not affect others. Failed events stay queued.
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

  // Skips events that an earlier attempt already wrote, in case only its response was lost.
  async #insert(noted: Noted[]): Promise<void> {
    const [first] = noted;
    if (!first) return;
    // Sets the role of a workspace: a pooled connection may last have served a customer, who cannot call the function.
    const db = this.#database.forWorkspace(first.workspaceId);
    await db.query({ text: recordReads, values: [JSON.stringify(noted)] });
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), waitMs).unref();
  }
}

const recordReads = 'SELECT rapport_record_reads($1::jsonb)';
