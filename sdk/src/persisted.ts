import type { DocumentSource } from './client.ts';

/**
 * Sends operations by their ids in place of their texts, which the API knows of every published version of this package,
 * and by their texts where it does not. With `only` an operation that the API does not know fails with
 * DOCUMENT_NOT_FOUND: for an API that accepts nothing else.
 */
export function byId({ only = false }: { only?: boolean | undefined } = {}): DocumentSource {
  const ids = new Map<string, string>();
  let areKnown = true;
  return async (text, isUnknown) => {
    // An API of another version: it is told the texts from now on.
    if (isUnknown && !only) areKnown = false;
    // Pages without TLS have no WebCrypto.
    if (!areKnown || !crypto.subtle) return { query: text };
    const documentId = ids.get(text) ?? (await idOf(text));
    ids.set(text, documentId);
    return { documentId };
  };
}

/** What an operation is known by: `sha256:` and the SHA-256 of its text in hexadecimal. */
export async function idOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return `sha256:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
