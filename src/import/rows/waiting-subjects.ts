import { canonical } from '../../lib/changes.ts';
import { importTypes, type RecordType } from '../format.ts';

const bits = 2 ** 24;

/**
 * The subjects of waiting rows, as a filter of two megabytes, no matter how many there are. Later rows about the same
 * subject wait too, or older data would overwrite newer data. The filter has rare false positives; such a row waits
 * without need and is written later.
 */
export class WaitingSubjects {
  #filter: Uint8Array | null = null;

  has(subject: string): boolean {
    if (!this.#filter) return false;
    const bit = hash(subject) % bits;
    return ((this.#filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  add(subject: string): void {
    this.#filter ??= new Uint8Array(bits / 8);
    const bit = hash(subject) % bits;
    this.#filter[bit >>> 3] = (this.#filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }
}

/** Returns the subject of a row as text. Null for types that refer to nothing, whose rows never wait. */
export function subjectOf(type: RecordType, input: object): string | null {
  const { isIndependent, identifiedBy = ['key'] } = importTypes[type];
  if (isIndependent) return null;
  const fields: Record<string, unknown> = { ...input };
  return canonical([type, ...identifiedBy.map((name) => fields[name])]);
}

// FNV-1a.
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
