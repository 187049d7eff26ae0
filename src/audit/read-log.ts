import { bulkOf } from '../db/bulk.ts';
import type { Database } from '../db/database.ts';
import type { Author } from '../db/journal.ts';
import { sendAll } from '../db/statements.ts';
import { transact } from '../db/transact.ts';
import { newId } from '../lib/ids.ts';
import type { PersonalReads } from '../lib/pii.ts';

type Noted = { workspaceId: string; row: object };

// How long a read waits for others to be written together with.
const waitMs = 250;

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
        workspaceId,
        row: {
          id: newId(),
          occurredAt,
          ...author,
          action: 'READ',
          entity: 'Customer',
          entityId: customerId,
          customerId,
          piiClasses: [...classes].sort(),
        },
      });
    this.#timer ??= setTimeout(() => this.flush().catch(this.#onFault), waitMs).unref();
  }

  /** Writes what was noted. Where that fails it stays noted, and the next flush tries again. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const noted = this.#noted;
    this.#noted = [];
    for (const workspaceId of new Set(noted.map((each) => each.workspaceId))) {
      const rows = noted.flatMap((each) => (each.workspaceId === workspaceId ? [each.row] : []));
      try {
        await transact(this.#database.forWorkspace(workspaceId), async (tx) =>
          sendAll(tx, (await bulkOf(tx)).insert('AuditEvent', rows)),
        );
      } catch (error) {
        this.#noted.push(...rows.map((row) => ({ workspaceId, row })));
        throw error;
      }
    }
  }
}
