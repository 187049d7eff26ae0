import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { cacheBytes } from '../lib/process/cache-bytes.ts';
import { authenticate, hash, type KeyHolder } from './api-keys.ts';

const keptForMs = 60_000;
// An entry takes 2 kB.
const max = cacheBytes.keyHolders / 2_000;

/**
 * Caches the holders of recently used keys. A cached holder is only a claim: before a response, the database must
 * confirm that the key is still valid. Entries are stored by hash. Customer tokens are not cached.
 */
export class ApiKeyCache {
  readonly #database: Database;
  readonly #known = new LRUCache<string, KeyHolder>({ max, ttl: keptForMs });

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns the cached holder of a key. */
  get(credential: string): KeyHolder | undefined {
    return this.#known.get(entryOf(credential));
  }

  /** Looks up a key or token in the database, and updates the cache. */
  async lookUp(credential: string): Promise<KeyHolder | null> {
    const holder = await authenticate(this.#database, credential);
    if (!holder) this.#known.delete(entryOf(credential));
    else if (holder.kind !== 'CUSTOMER') this.#known.set(entryOf(credential), holder);
    return holder;
  }
}

function entryOf(credential: string): string {
  return hash(credential).toString('base64');
}
