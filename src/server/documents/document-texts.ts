import type { Parameters } from '../parameters.ts';
import { requestError } from '../request-error.ts';
import { AutomaticDocuments, checkPersistedHash, persistedHashIn } from './automatic-documents.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** The text of a document. `hash` is set if the client may send only the hash from now on. */
export type DocumentText = { text: string; hash: string | null };

/** Finds the text of a document by the ID of a trusted one, or by the hash of an automatic persisted query. */
export class DocumentTexts {
  readonly #trusted: TrustedDocuments;
  readonly #automatic: AutomaticDocuments;

  constructor(published: ReadonlyMap<string, string>, trusted: TrustedDocuments) {
    this.#trusted = trusted;
    this.#automatic = new AutomaticDocuments(published);
  }

  /** Returns the text that a request names. Throws DOCUMENT_NOT_FOUND or PERSISTED_QUERY_NOT_FOUND if it is unknown. */
  of({ query, documentId, extensions }: Parameters): DocumentText {
    const hash = persistedHashIn(extensions);
    if (documentId !== undefined) return { text: this.#trusted.textOf(documentId), hash: null };
    if (hash !== null && query === null) return { text: this.#automatic.textOf(hash), hash };
    if (query === null) throw requestError({ strictStatus: 400 }, 'Must provide query string.');
    if (hash !== null) checkPersistedHash(hash, query);
    return { text: query, hash };
  }

  /** Keeps the text of a document that ran. */
  keep({ text, hash }: DocumentText): void {
    if (hash !== null) this.#automatic.keep(hash, text);
  }
}
