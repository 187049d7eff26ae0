import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { authenticate, hash, type KeyHolder } from './api-keys.ts';

const keptForMs = 60_000;
// An entry takes 2 kB.
const max = cacheBytes.keyHolders / 2_000;

/**
 * Caches the holders of recently used keys. Use it only if the next statement checks in the database that the key is
 * still valid; this saves a separate statement. Entries are stored by hash. Customer tokens are not cached.
 */
export class KeyHolders {
  readonly #database: Database;
  readonly #known = new LRUCache<string, KeyHolder>({ max, ttl: keptForMs });

  constructor(database: Database) {
    this.#database = database;
  }

  async of(credential: string): Promise<KeyHolder | null> {
    const key = hash(credential).toString('base64');
    const known = this.#known.get(key);
    if (known) return known;
    const holder = await authenticate(this.#database, credential);
    if (holder && holder.kind !== 'CUSTOMER') this.#known.set(key, holder);
    return holder;
  }
}
