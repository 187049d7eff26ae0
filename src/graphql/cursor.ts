import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { invalid } from '../lib/errors.ts';

/** Which list, in which order, and what its cursors are sealed with. */
export type Positions = { list: string; sealedBy: Buffer };

/**
 * Position in one list of one workspace: the sort values of a row, sealed, since they may be more than its reader is
 * shown. Of no use in any other list, nor to any other key.
 */
export function encodeCursor({ list, sealedBy }: Positions, values: unknown[]): string {
  const plain = values.map((value) =>
    typeof value === 'number' ? value : value instanceof Date ? value.toISOString() : String(value),
  );
  const text = JSON.stringify(plain);
  // The same place has the same cursor.
  const nonce = createHmac('sha256', sealedBy).update(list).update(text).digest().subarray(0, nonceLength);
  const cipher = createCipheriv(algorithm, sealedBy, nonce).setAAD(Buffer.from(list));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** The sort values behind a cursor of this list; INVALID_INPUT for any other text. */
export function decodeCursor(
  { list, sealedBy }: Positions,
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
    const decipher = createDecipheriv(algorithm, sealedBy, nonce, options).setAAD(Buffer.from(list)).setAuthTag(tag);
    values = JSON.parse(Buffer.concat([decipher.update(sealed), decipher.final()]).toString());
  } catch {
    throw invalid('Is no cursor of this list, in this order, for this key.', field);
  }
  return values.map((value, i) => (/At$/.test(columns[i] ?? '') ? new Date(value) : value));
}

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
