import { fold } from './fold.ts';

// An index entry of PostgreSQL holds at most 2,704 bytes.
const foldedLength = 200;
const tieLength = 100;

/**
 * Returns the sort key of a name, compared byte by byte: its folded letters, then the name itself. `adam`, `Ądam`,
 * `Ewa` and `Łukasz` sort in this order in every database, regardless of its collations.
 */
export function sortKey(name: string): string {
  return `${cut(fold(name).trim(), foldedLength)}\u0001${cut(name, tieLength)}`;
}

/** Sorts names by their sort keys. */
export function inOrder(names: string[]): string[] {
  const keyed = names.map((name) => ({ name, key: Buffer.from(sortKey(name)) }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ name }) => name);
}

// The cut may split a surrogate pair.
function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length).toWellFormed() : text;
}
