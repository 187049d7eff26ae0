import { createHash } from 'node:crypto';
import { cacheBytes } from '../../lib/process/cache-bytes.ts';

/** Lifetime of a connection. Its prepared statements end with it. */
export const connectionLifetimeSeconds = 1_800;

/**
 * Names for prepared statements. PostgreSQL plans an unnamed statement on every call, which doubles the cost of a large
 * read. Prepared statements last as long as their connection, so only a limited number get a name. Once the limit is
 * reached, new ones get a name after all connections of that time are closed.
 */
export class StatementNames {
  readonly #most: number;
  readonly #mostBytes: number;
  #bytes = 0;
  #names = new Map<string, string>();
  #since = Date.now();

  constructor(most: number, mostBytes = cacheBytes.statementNames / 2) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  /** Returns the name of a statement, or an empty string if it gets none. */
  of(sql: string): string {
    const known = this.#names.get(sql);
    if (known !== undefined) return known;
    const bytes = 2 * sql.length;
    if (this.#names.size >= this.#most || this.#bytes + bytes > this.#mostBytes) {
      if (Date.now() - this.#since < connectionLifetimeSeconds * 1_000) return '';
      this.#names = new Map();
      this.#bytes = 0;
      this.#since = Date.now();
    }
    this.#bytes += bytes;
    const name = createHash('sha1').update(sql).digest('base64url');
    this.#names.set(sql, name);
    return name;
  }
}

// Callers shape the second group through their selections, so they must not use up the names of the first.
const [own, selected] = [new StatementNames(500), new StatementNames(300)];

export const statementName = (sql: string) => own.of(sql);
export const nameOfSelected = (sql: string) => selected.of(sql);
