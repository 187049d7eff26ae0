import { type ASTNode, type DocumentNode, visit } from 'graphql';

// A node without tokens measures 150 to 218 bytes.
const bytesOfNode = 220;
const sizes = new WeakMap<DocumentNode, number>();

/** Estimates how much memory a parsed document takes, in bytes. */
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
 * Removes the tokens of a parsed document. Each node refers to its first and last token, and each token to the next, so
 * they take more memory than the document. Errors can report their location without them.
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
