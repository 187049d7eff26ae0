import type { Database } from '../db/database.ts';

const everyMs = 60_000;

/**
 * When each key was last used. Written once a minute, so that a request costs no statement for it; a process that is
 * killed forgets its last minute.
 */
export class KeyUses {
  readonly #database: Database;
  readonly #onFault: (fault: unknown) => void;
  #uses = new Map<string, Map<string, Date>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(database: Database, onFault: (fault: unknown) => void) {
    this.#database = database;
    this.#onFault = onFault;
  }

  note(workspaceId: string, keyId: string): void {
    const uses = this.#uses.get(workspaceId) ?? new Map<string, Date>();
    this.#uses.set(workspaceId, uses.set(keyId, new Date()));
    this.#timer ??= setTimeout(() => this.flush(), everyMs).unref();
  }

  /** Writes what was noted. What cannot be written is let go: the next use says the same. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const noted = this.#uses;
    this.#uses = new Map();
    for (const [workspaceId, uses] of noted) {
      const values = [workspaceId, [...uses.keys()], [...uses.values()]];
      await this.#database.forWorkspace(workspaceId).query({ text: saveUses, values }).catch(this.#onFault);
    }
  }
}

const saveUses = `UPDATE "ApiKey" k SET "lastUsedAt" = used."at"
  FROM unnest($2::uuid[], $3::timestamptz[]) AS used ("id", "at")
  WHERE k."workspaceId" = $1::uuid AND k."id" = used."id" AND coalesce(k."lastUsedAt" < used."at", true)`;
