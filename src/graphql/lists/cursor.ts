import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { invalid } from '../../lib/errors.ts';

/** Identifies a list in a sort order, with the encryption key for its cursors. */
export type CursorScope = { list: string; encryptionKey: Buffer };

/**
 * Encodes a position in a list of a workspace. The sort values of the row are encrypted, because the caller may not be
 * allowed to read them. The cursor is valid only for this list and this API key.
 */
export function encodeCursor({ list, encryptionKey }: CursorScope, values: unknown[]): string {
  const plain = values.map((value) =>
    typeof value === 'number' ? value : value instanceof Date ? value.toISOString() : String(value),
  );
  const text = JSON.stringify(plain);
  // A deterministic nonce gives the same position the same cursor.
  const nonce = createHmac('sha256', encryptionKey).update(list).update(text).digest().subarray(0, nonceLength);
  const cipher = createCipheriv(algorithm, encryptionKey, nonce).setAAD(Buffer.from(list));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Decodes a cursor of this list to its sort values. Throws INVALID_INPUT for any other text. */
export function decodeCursor(
  { list, encryptionKey }: CursorScope,
  cursor: string,
  field: string,
  columns: string[],
): (string | number | Date)[] {
  const bytes = Buffer.from(cursor, 'base64url');
  const [nonce, tag, sealed] = [
    bytes.subarray(0, nonceLength),
    bytes.subarray(nonceLength, nonceLength + tagLength),
    bytes.subarray(nonceLength + tagLength),
  ];
  let values: (string | number)[];
  try {
    const options = { authTagLength: tagLength };
    const decipher = createDecipheriv(algorithm, encryptionKey, nonce, options)
      .setAAD(Buffer.from(list))
      .setAuthTag(tag);
    values = JSON.parse(Buffer.concat([decipher.update(sealed), decipher.final()]).toString());
  } catch {
    throw invalid(
      'This cursor does not belong to this list. Use a cursor from this list, with the same sort order and API key.',
      field,
    );
  }
  return values.map((value, i) => (/At$/.test(columns[i] ?? '') ? new Date(value) : value));
}

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
