import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { cacheBytes } from '../lib/process/cache-bytes.ts';
import { type AuthenticatedKey, authenticate } from './api-keys.ts';

const cacheTtlMs = 60_000;
// An entry takes 2 kB.
const max = cacheBytes.apiKeys / 2_000;

/**
 * Caches recently used API keys. A cached key is not proof that it is still valid: before a response, the database must
 * confirm it. Entries are stored by hash. Customer tokens are not cached.
 */
export class ApiKeyCache {
  readonly #database: Database;
  readonly #known = new LRUCache<string, AuthenticatedKey>({ max, ttl: cacheTtlMs });

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns the cached key. */
  get(credential: string): AuthenticatedKey | undefined {
    return this.#known.get(entryOf(credential));
  }

  /** Looks up a key or token in the database, and updates the cache. */
  async lookUp(credential: string): Promise<AuthenticatedKey | null> {
    const holder = await authenticate(this.#database, credential);
    if (!holder) this.#known.delete(entryOf(credential));
    else if (holder.kind !== 'CUSTOMER') this.#known.set(entryOf(credential), holder);
    return holder;
  }
}

function entryOf(credential: string): string {
  return hash('sha256', credential, 'base64');
}
