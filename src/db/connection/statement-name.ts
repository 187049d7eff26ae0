import { createHash } from 'node:crypto';
import { cacheBytes } from '../../lib/process/cache-bytes.ts';

/** Lifetime of a connection. Its prepared statements end with it. */
export const connectionLifetimeSeconds = 1_800;

/** A statement's name, and its text as the same string each time. Every connection keeps the text of its statements. */
type Named = { name: string; text: string };

/**
 * Names for prepared statements. PostgreSQL plans an unnamed statement on every call, which doubles the cost of a large
 * read. Prepared statements last as long as their connection, so only a limited number get a name. Once the limit is
 * reached, new ones get a name after all connections of that time are closed.
 */
export class StatementNames {
  readonly #most: number;
  readonly #mostBytes: number;
  #bytes = 0;
  #named = new Map<string, Named>();
  #since = Date.now();

  constructor(most: number, mostBytes = cacheBytes.statementNames / 2) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  /** Names a statement. The name is empty if it gets none. */
  of(text: string): Named {
    const known = this.#named.get(text);
    if (known !== undefined) return known;
    const bytes = 2 * text.length;
    if (this.#named.size >= this.#most || this.#bytes + bytes > this.#mostBytes) {
      if (Date.now() - this.#since < connectionLifetimeSeconds * 1_000) return { name: '', text };
      this.#named = new Map();
      this.#bytes = 0;
      this.#since = Date.now();
    }
    this.#bytes += bytes;
    const named = { name: createHash('sha1').update(text).digest('base64url'), text };
    this.#named.set(text, named);
    return named;
  }
}

// Callers shape the second group through their selections, so they must not use up the names of the first.
const [own, selected] = [new StatementNames(500), new StatementNames(300)];

export const statementName = (text: string) => own.of(text).name;
export const namedStatement = (text: string) => own.of(text);
export const namedSelection = (text: string) => selected.of(text);
