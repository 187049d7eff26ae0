import type { Database } from '../db/database.ts';
import type { Actor } from '../db/write/actor.ts';
import { newId } from '../lib/ids.ts';
import type { PersonalReads } from '../lib/pii.ts';
import { cacheBytes } from '../lib/process/cache-bytes.ts';

/** Row of the audit log, without the columns that are the same for all reads. */
type AccessEvent = Actor & {
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
const maxQueued = cacheBytes.queuedReads / 800;

/**
 * Records which customers' personal data was read unmasked. Events are written after a delay, many in one statement, so
 * that reads do not wait for them. A killed process loses the events of its last quarter of a second.
 */
export class AccessLog {
  readonly #database: Database;
  readonly #onFault: (fault: unknown) => void;
  #queued: AccessEvent[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(database: Database, onFault: (fault: unknown) => void) {
    this.#database = database;
    this.#onFault = onFault;
  }

  record(workspaceId: string, actor: Actor, reads: PersonalReads): void {
    const occurredAt = new Date();
    for (const [customerId, classes] of reads)
      this.#queued.push({
        ...actor,
        workspaceId,
        id: newId(),
        occurredAt,
        customerId: customerId && copyOf(customerId),
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
    const queued = this.#queued;
    this.#queued = [];
    await this.#insert(queued).catch(() => this.#insertEach(queued));
    const lost = this.#queued.splice(0, Math.max(0, this.#queued.length - maxQueued)).length;
    if (lost > 0)
      this.#onFault(
        new RangeError(`Dropped ${lost} audit events for reads, because the database does not accept them.`),
      );
  }

  // Writes each workspace separately, so that a failing one does not affect others. Failed events stay queued.
  async #insertEach(queued: AccessEvent[]): Promise<void> {
    for (const workspaceId of new Set(queued.map((each) => each.workspaceId))) {
      const own = queued.filter((each) => each.workspaceId === workspaceId);
      await this.#insert(own).catch((error: unknown) => {
        this.#onFault(error);
        this.#queued.push(...own);
        this.#schedule();
      });
    }
  }

  // Skips events that an earlier attempt already wrote, in case only its response was lost.
  async #insert(queued: AccessEvent[]): Promise<void> {
    const [first] = queued;
    if (!first) return;
    // Sets the role of a workspace: a pooled connection may last have served a customer, who cannot call the function.
    const db = this.#database.forWorkspace(first.workspaceId);
    await db.query({ text: recordReads, values: [JSON.stringify(queued)] });
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), waitMs).unref();
  }
}

// V8 keeps a text alive as long as a part that was cut from it, and these IDs are cut from the row of a whole response.
function copyOf(id: string): string {
  return Buffer.from(id).toString();
}

const recordReads = 'SELECT rapport_record_reads($1::jsonb)';
