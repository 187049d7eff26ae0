import { randomFillSync } from 'node:crypto';
import { v7, validate } from 'uuid';
import { propertyOfTables, type TableWith } from './tables.ts';

/** Types whose objects have IDs. */
export type IdType = TableWith<'idPrefix'>;

const prefixes = propertyOfTables('idPrefix');

// How the IDs of each type start.
const idStarts = Object.fromEntries(Object.entries(prefixes).map(([type, prefix]) => [type, `${prefix}_`])) as Record<
  IdType,
  string
>;
const types = new Map(Object.entries(idStarts).map(([type, start]) => [start, type as IdType]));

/** Creates a UUIDv7. Within a process, later IDs sort after earlier ones. */
export function newId(): string {
  const random = randomBytes();
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
  } else {
    seq += 1;
  }
  return v7({ random, msecs, seq });
}

/** Encodes a UUID as a public ID, such as `customer_01h455vb4pex5vsknk084sn02q`. Only the database uses UUIDs. */
export function encodeId(type: IdType, uuid: string): string {
  let id = '';
  encodeIdAt(type, uuid, 0, { put: (piece) => (id += piece) });
  return id;
}

/** Encodes the UUID at an index of a text as a public ID, and writes it piece by piece. */
export function encodeIdAt(type: IdType, text: string, at: number, out: { put(piece: string): void }): void {
  out.put(idStarts[type]);
  let [bits, digits] = [0, 3];
  for (let i = at; i < at + 36; i++) {
    const code = text.charCodeAt(i);
    if (code === dash) continue;
    bits = (bits << 4) | (code < 58 ? code - 48 : code - 87);
    digits += 1;
    if (digits < 5) continue;
    if (i > at + 1) out.put(pairs[bits >> 10] ?? '');
    out.put(pairs[bits & 1_023] ?? '');
    bits = 0;
    digits = 0;
  }
}

const dash = 45;

// Crockford's base 32. The 26 letters hold 130 bits, the first two of them empty, so the first two letters encode one
// byte, and every four letters after that encode five hexadecimal digits. `typeid-js` does the same but is many times
// slower, and a request or response may contain hundreds of IDs. A test compares the results.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pairs = Array.from({ length: 1_024 }, (_, i) => alphabet.charAt(i >> 5) + alphabet.charAt(i & 31));
const suffix = new RegExp(`^[0-7][${alphabet}]{25}$`);
const letterValues = Array.from({ length: 128 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)));
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Decodes an ID to its type and UUID. Null if the text is not an ID. */
export function decodeId(id: string): { type: IdType; uuid: string } | null {
  const start = id.lastIndexOf('_') + 1;
  const type = types.get(id.slice(0, start));
  const letters = id.slice(start);
  if (type === undefined || !suffix.test(letters)) return null;
  const uuid = decodeUuid(letters);
  return validate(uuid) ? { type, uuid } : null;
}

function decodeUuid(letters: string): string {
  let uuid = '';
  let [bits, count] = [0, -2];
  for (let i = 0; i < letters.length; i++) {
    bits = (bits << 5) | (letterValues[letters.charCodeAt(i)] ?? 0);
    count += 5;
    if (count < 8) continue;
    count -= 8;
    uuid += hexBytes[(bits >> count) & 255];
    if (uuid.length === 8 || uuid.length === 13 || uuid.length === 18 || uuid.length === 23) uuid += '-';
  }
  return uuid;
}

/** Decodes an ID of this type to its UUID. Null for any other text. */
export function decodeIdOf(type: IdType, id: string): string | null {
  const decoded = decodeId(id);
  return decoded?.type === type ? decoded.uuid : null;
}

/** Returns the error message for an ID that is invalid or of another type. It does not quote the input. */
export function wrongId(given: unknown, type?: IdType): string {
  const form = `IDs look like ${encodeId(type ?? 'Customer', exampleUuid)}.`;
  if (type === undefined) return `Not an ID. ${form}`;
  const other = typeof given === 'string' ? decodeId(given)?.type : undefined;
  const problem = other
    ? `This is the ID of ${withArticle(other)}, not of ${withArticle(type)}.`
    : `Not ${withArticle(type)} ID.`;
  return `${problem} ${type} ${form}`;
}

const exampleUuid = '01890a5d-ac96-774b-bcce-b302099a8057';

function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

export function isIdType(type: string): type is IdType {
  return type in prefixes;
}

let msecs = 0;
let seq = 0;

// Requesting the random bytes of a thousand IDs at once makes each of them five times cheaper.
const pool = new Uint8Array(16 * 1_024);
let used = pool.length;

function randomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}
