import type { Plugin } from 'graphql-yoga';
import { DomainError } from '../lib/errors.ts';
import { freeDocumentsScope } from '../lib/free-documents.ts';
import type { Context, Viewer } from './context.ts';

/**
 * Documents that the server knows: they are sent by id, `sha256:` and the SHA-256 of their text in hexadecimal. Where
 * they are the only ones accepted, others are refused to whoever lacks the scope for them.
 */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #trusted: ReadonlySet<string>;
  readonly #areOnly: boolean;

  constructor(texts: ReadonlyMap<string, string>, areOnly: boolean) {
    this.#texts = texts;
    this.#trusted = new Set(texts.values());
    this.#areOnly = areOnly;
  }

  /** The text of a document; DOCUMENT_NOT_FOUND where the id is of none. */
  textOf(documentId: unknown): string {
    const text = typeof documentId === 'string' ? this.#texts.get(documentId) : undefined;
    if (text !== undefined) return text;
    throw new DomainError('DOCUMENT_NOT_FOUND', 'There is no document of this id here. Send its text.');
  }

  /** FORBIDDEN where this is no trusted document, and has to be. */
  check(query: string, { scopes }: Viewer): void {
    if (this.#isAccepted(query) || scopes.has(freeDocumentsScope)) return;
    throw new DomainError('FORBIDDEN', `Only documents that are known here are accepted, or ${freeDocumentsScope}.`);
  }

  /**
   * A document sent by id goes on as if its text had been sent. One that is not accepted of everybody is not even read
   * before it is known who sends it.
   */
  plugin(viewerOf: (headers: Headers) => Promise<Viewer>): Plugin<Context> {
    return {
      onParams: async ({ params, request, setParams }) => {
        const { documentId, ...rest } = params as typeof params & { documentId?: unknown };
        if (documentId !== undefined && rest.query === undefined)
          setParams({ ...rest, query: this.textOf(documentId) });
        else if (rest.query !== undefined && !this.#isAccepted(rest.query))
          this.check(rest.query, await viewerOf(request.headers));
      },
    };
  }

  #isAccepted(query: string): boolean {
    return !this.#areOnly || this.#trusted.has(query);
  }
}
