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
      const [ids, instants] = [[...uses.keys()], [...uses.values()]];
      await this.#database.forWorkspace(workspaceId).$executeRaw`UPDATE "ApiKey" SET "lastUsedAt" = used."at"
          FROM unnest(${ids}::uuid[], ${instants}::timestamptz[]) AS used ("id", "at")
          WHERE "ApiKey"."workspaceId" = ${workspaceId}::uuid AND "ApiKey"."id" = used."id"
            AND coalesce("ApiKey"."lastUsedAt" < used."at", true)`.catch(this.#onFault);
    }
  }
}
