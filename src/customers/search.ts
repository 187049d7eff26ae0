import type { Db } from '../db/database.ts';
import { fold } from '../lib/fold.ts';

/** What a search reads of one customer: names and contact points, folded, a line each. */
export function searchTextOf(names: (string | null)[], contacts: string[]): string {
  return [...new Set([...names, ...contacts].filter((part): part is string => Boolean(part)).map(fold))].join('\n');
}

/** The words of a search, folded: each must be found somewhere. */
export function searchWords(search: string): string[] {
  return fold(search).split(/\s+/).filter(Boolean);
}

const narrowLimit = 1_000;

/**
 * The customers that a search finds, where they are few: found by the trigram index. Null where they are many, since
 * then reading a list in its order meets matches soon.
 */
export async function findFew(db: Db, search: string): Promise<string[] | null> {
  const [longest, ...others] = searchWords(search)
    .sort((a, b) => b.length - a.length)
    .map((word) => `%${escapeLike(word)}%`);
  if (longest === undefined) return null;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT rapport_search_customers(${longest}, ${others}::text[], ${narrowLimit + 1}::integer)::text AS id`;
  return rows.length > narrowLimit ? null : rows.map(({ id }) => id);
}

/** In a search `%`, `_` and backslash are letters. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
