import { randomFillSync } from 'node:crypto';
import { TypeID } from 'typeid-js';
import { v7 } from 'uuid';

// GraphQL type to the prefix of its ids. A prefix is public: once out, it stays.
const prefixes = {
  Workspace: 'workspace',
  ApiKey: 'key',
  AuditEvent: 'audit',
  Customer: 'customer',
  ContactPoint: 'contact',
  Address: 'address',
  Product: 'product',
  ProductVariant: 'variant',
  Location: 'location',
  Order: 'order',
  OrderLine: 'line',
  Payment: 'payment',
  Fulfillment: 'fulfillment',
  Return: 'return',
  ReturnLine: 'returnline',
  Preference: 'preference',
  Consent: 'consent',
  ConsentEvent: 'consentevent',
  Interaction: 'interaction',
  Case: 'case',
  CaseHandoff: 'handoff',
  SurveyResponse: 'survey',
  ErasureRequest: 'erasure',
} as const;

export type IdType = keyof typeof prefixes;

const types = new Map(
  Object.keys(prefixes)
    .filter(isIdType)
    .map((type): [string, IdType] => [prefixes[type], type]),
);

/** A UUIDv7: within a process, later ids sort after earlier ones. */
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

/** `customer_01h455vb4pex5vsknk084sn02q` for a customer's UUID: the same id everywhere outside the database. */
export function encodeId(type: IdType, uuid: string): string {
  let id = '';
  encodeIdAt(type, uuid, 0, { put: (piece) => (id += piece) });
  return id;
}

/** The same, piece by piece, of the UUID that stands in a text from a place on. */
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

const idStarts = Object.fromEntries(Object.entries(prefixes).map(([type, prefix]) => [type, `${prefix}_`])) as Record<
  IdType,
  string
>;
const dash = 45;

// Crockford's base 32. Of 130 bits that 26 letters hold two are empty, so the first two letters stand for one byte, and
// every four after that for five hexadecimal digits. `typeid-js` does the same in many times the time, and an answer may
// hold hundreds of ids; a test compares.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pairs = Array.from({ length: 1_024 }, (_, i) => alphabet.charAt(i >> 5) + alphabet.charAt(i & 31));

/** The type and UUID behind an id, or null where the text is no id of ours. */
export function decodeId(id: string): { type: IdType; uuid: string } | null {
  try {
    const parsed = TypeID.fromString(id);
    const type = types.get(parsed.getType());
    return type === undefined ? null : { type, uuid: parsed.toUUID() };
  } catch {
    return null;
  }
}

/** The UUID behind an id of this type, or null. */
export function decodeIdOf(type: IdType, id: string): string | null {
  const decoded = decodeId(id);
  return decoded?.type === type ? decoded.uuid : null;
}

/** What to say of an ID that is not of this type, or of any. It quotes nothing of what was sent. */
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

// Asking the system for the random bytes of a thousand ids at once makes them five times as cheap.
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
