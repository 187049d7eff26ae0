import type { Viewer } from '../../graphql/context.ts';
import { DomainError } from '../../lib/errors.ts';
import { freeDocumentsScope } from '../../lib/free-documents.ts';

/**
 * Documents that the server knows. Clients send their ID: `sha256:` and the hexadecimal SHA-256 hash of the text. If
 * only trusted documents are accepted, all others require a scope.
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

  /** Returns the text of a document. Throws DOCUMENT_NOT_FOUND if the ID is unknown. */
  textOf(documentId: unknown): string {
    const text = typeof documentId === 'string' ? this.#texts.get(documentId) : undefined;
    if (text !== undefined) return text;
    throw new DomainError('DOCUMENT_NOT_FOUND', 'No document has this `documentId`. Send its text as `query`.');
  }

  /** Whether every key may send a document. */
  accepts(text: string): boolean {
    return !this.#areOnly || this.#trusted.has(text);
  }

  /** Throws FORBIDDEN if the document must be trusted but is not. */
  authorize(text: string, { scopes }: Viewer): void {
    if (this.accepts(text) || scopes.has(freeDocumentsScope)) return;
    const remedy = `Send a known \`documentId\`, or use a key with the scope ${freeDocumentsScope}.`;
    throw new DomainError('FORBIDDEN', `This server accepts only trusted documents. ${remedy}`);
  }
}
