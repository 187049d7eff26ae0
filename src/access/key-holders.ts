import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { authenticate, hash, type KeyHolder } from './api-keys.ts';

const keptForMs = 60_000;
// One takes 2 kB.
const max = cacheBytes.keyHolders / 2_000;

/**
 * Who showed which key a moment ago, for those whose next statement asks the database itself whether the key still holds:
 * it saves them a statement of its own. Kept by hash; a customer's token is read anew each time.
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
