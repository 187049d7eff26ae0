import type { Database } from '../db/database.ts';

const everyMs = 60_000;

/**
 * Records when each key was last used. Writes once a minute, so that requests need no extra statement. A killed process
 * loses its last minute.
 */
export class KeyUsage {
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

  /** Writes the recorded uses. Uses that cannot be written are dropped, because the next use replaces them. */
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
