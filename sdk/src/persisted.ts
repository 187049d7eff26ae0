import type { DocumentSource } from './client.ts';

/**
 * Sends the ID of an operation instead of its text, which the API knows for every published version of this package.
 * Falls back to the text if the API does not know the ID. With `only`, such an operation fails with
 * `DOCUMENT_NOT_FOUND`, for an API that accepts only known operations.
 */
export function byId({ only = false }: { only?: boolean | undefined } = {}): DocumentSource {
  const ids = new Map<string, string>();
  let areKnown = true;
  return async (text, isUnknown) => {
    // The API has a different version, so the full text is sent from now on.
    if (isUnknown && !only) areKnown = false;
    // Pages without TLS have no WebCrypto.
    if (!areKnown || !crypto.subtle) return { query: text };
    const documentId = ids.get(text) ?? (await idOf(text));
    ids.set(text, documentId);
    return { documentId };
  };
}

/** Returns the ID of an operation: `sha256:` and the SHA-256 of its text in hexadecimal. */
export async function idOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return `sha256:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
