import { fold } from './fold.ts';

// An index entry of PostgreSQL holds 2,704 bytes at most.
const foldedLength = 200;
const tieLength = 100;

/**
 * What a name is ordered by, compared byte by byte: its folded letters, then the name itself. So `adam`, `Ądam`, `Ewa` and
 * `Łukasz` come in this order in every database, whichever collations it has.
 */
export function sortKey(name: string): string {
  return `${cut(fold(name).trim(), foldedLength)}\u0001${cut(name, tieLength)}`;
}

/** Names in the order of their sort keys. */
export function inOrder(names: string[]): string[] {
  const keyed = names.map((name) => ({ name, key: Buffer.from(sortKey(name)) }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ name }) => name);
}

// A cut may divide a character in two.
function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length).toWellFormed() : text;
}
