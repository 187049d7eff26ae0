import { canonical } from '../lib/changes.ts';
import type { RecordType } from './format.ts';

const bits = 2 ** 24;

/**
 * What rows that wait are about, in two megabytes whatever their number. Later rows about the same thing wait with them,
 * or the older one would come last. Now and then it takes a subject for one that it holds: that row waits for nothing,
 * and is taken later.
 */
export class HeldSubjects {
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

/** What a row is about, as text; null for types that refer to nothing, whose rows never wait. */
export function subjectOf(type: RecordType, input: object): string | null {
  const { key, customer, channel, purpose } = Object(input);
  if (type === 'customer' || type === 'product') return null;
  if (type === 'consent') return canonical([type, customer, channel, purpose]);
  if (type === 'preference') return canonical([type, customer, key]);
  return canonical([type, key]);
}

// FNV-1a.
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
