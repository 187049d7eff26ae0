import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { DomainError, invalid } from '../../lib/errors.ts';
import { cacheBytes } from '../../lib/process/cache-bytes.ts';

/**
 * Implements Apollo's automatic persisted queries. A client sends only the hash of a document. If the server does not
 * know it, the client sends hash and text once, and only the hash after that. The process keeps a text once a key that
 * may send it has run it.
 */
export class AutomaticDocuments {
  readonly #published: ReadonlyMap<string, string>;
  readonly #sent = new LRUCache<string, string>({
    maxSize: cacheBytes.persistedQueries,
    sizeCalculation: (text, hash) => 2 * (hash.length + text.length),
  });

  constructor(published: ReadonlyMap<string, string>) {
    this.#published = published;
  }

  /** Returns the text of a document by its hash. Throws PERSISTED_QUERY_NOT_FOUND if the hash is unknown. */
  textOf(hash: string): string {
    const text = this.#published.get(`sha256:${hash}`) ?? this.#sent.get(hash);
    if (text !== undefined) return text;
    // Clients look for this exact message.
    throw new DomainError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  }

  /** Keeps the text of a document that ran. */
  keep(hash: string, text: string): void {
    this.#sent.set(hash, text);
  }
}

const path = ['extensions', 'persistedQuery'];

/** Returns the hash in the extensions of a request. Null if there is none. Throws INVALID_INPUT if it is malformed. */
export function persistedHashIn({ persistedQuery }: Record<string, unknown>): string | null {
  if (persistedQuery === undefined || persistedQuery === null) return null;
  const { version, sha256Hash } = Object(persistedQuery);
  if (version !== 1) throw invalid('Must be 1, the only supported version.', ...path, 'version');
  if (typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256Hash))
    throw invalid('Must be the SHA-256 hash of the document, as 64 hexadecimal digits.', ...path, 'sha256Hash');
  return sha256Hash.toLowerCase();
}

/** Throws INVALID_INPUT if a text does not have the hash that was sent with it. */
export function checkPersistedHash(hash: string, text: string): void {
  if (createHash('sha256').update(text).digest('hex') !== hash)
    throw invalid('Must be the SHA-256 hash of `query`. Hash the exact text you send.', ...path, 'sha256Hash');
}
