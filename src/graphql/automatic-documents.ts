import { createHash } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import type { Context } from './context.ts';

type Params = { query?: string | null | undefined; documentId?: unknown; extensions?: unknown };

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

  plugin(): Plugin<Context> {
    return {
      onParams: ({ params, setParams }) => {
        const { documentId, query }: Params = params;
        const hash = hashIn(params);
        if (hash === null || documentId !== undefined) return;
        if (query === undefined || query === null) setParams({ ...params, query: this.#textOf(hash) });
        else if (typeof query === 'string' && hashOf(query) !== hash)
          throw invalid('Must be the SHA-256 hash of `query`. Hash the exact text you send.', ...path, 'sha256Hash');
      },
      onExecute: ({ args: { contextValue } }) => {
        const hash = hashIn(contextValue.params);
        const query = contextValue.params?.query;
        if (hash !== null && query && hashOf(query) === hash) this.#sent.set(hash, query);
      },
    };
  }

  #textOf(hash: string): string {
    const text = this.#published.get(`sha256:${hash}`) ?? this.#sent.get(hash);
    if (text !== undefined) return text;
    // Clients look for this exact message.
    throw new DomainError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  }
}

const path = ['extensions', 'persistedQuery'];

function hashIn(params: Params | undefined): string | null {
  const { persistedQuery } = Object(params?.extensions);
  if (persistedQuery === undefined || persistedQuery === null) return null;
  const { version, sha256Hash } = Object(persistedQuery);
  if (version !== 1) throw invalid('Must be 1, the only supported version.', ...path, 'version');
  if (typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256Hash))
    throw invalid('Must be the SHA-256 hash of the document, as 64 hexadecimal digits.', ...path, 'sha256Hash');
  return sha256Hash.toLowerCase();
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
