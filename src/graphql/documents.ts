import { type ASTNode, type DocumentNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import { cacheBytes } from '../lib/cache-bytes.ts';

/** The documents that were sent last, parsed, by their texts. */
export class ParsedDocuments {
  readonly #documents = new LRUCache<string, DocumentNode>({
    maxSize: cacheBytes.documents,
    sizeCalculation: (document, text) => 2 * text.length + bytesOf(document),
  });

  get(text: string): DocumentNode | undefined {
    return this.#documents.get(text);
  }

  set(text: string, document: DocumentNode): void {
    this.#documents.set(text, document);
  }

  /** Forgets a document that turned out to be invalid: its errors would be kept with it. */
  delete(text: string): void {
    this.#documents.delete(text);
  }
}

// Measured, without tokens: 150 to 218.
const bytesOfNode = 220;
const sizes = new WeakMap<DocumentNode, number>();

/** What a parsed document takes in memory, about. */
export function bytesOf(document: DocumentNode): number {
  const known = sizes.get(document);
  if (known !== undefined) return known;
  let nodes = 0;
  visit(document, {
    enter() {
      nodes += 1;
    },
  });
  sizes.set(document, nodes * bytesOfNode);
  return nodes * bytesOfNode;
}

/**
 * Lets go of the tokens that a document was parsed from. Each node refers to its first and last one, and each token to
 * the next, so they take more memory than the document. Errors say where they are without them.
 */
export function withoutTokens(document: DocumentNode): DocumentNode {
  const drop = (node: ASTNode) => {
    if (!node.loc) return;
    const { start, end, source } = node.loc;
    Object.assign(node, { loc: { start, end, source } });
  };
  drop(document);
  visit(document, { enter: drop });
  return document;
}
