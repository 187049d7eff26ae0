import type { Db } from '../db/database.ts';
import { fold } from '../lib/fold.ts';
import { escapeLike } from '../lib/like.ts';

/** What a search reads of one customer: names and contact points, folded, a line each. */
export function searchTextOf(names: (string | null)[], contacts: string[]): string {
  return [...new Set([...names, ...contacts].filter((part): part is string => Boolean(part)).map(fold))].join('\n');
}

/** The words of a search, folded: each must be found somewhere. */
export function searchWords(search: string): string[] {
  return fold(search).split(/\s+/).filter(Boolean);
}

const fewAtMost = 1_000;

/**
 * The customers that a search finds, where they are few: found by the trigram index. Null where they are many, since
 * then reading a list in its order meets matches soon.
 */
export async function findFew(db: Db, search: string): Promise<string[] | null> {
  const patterns = searchWords(search).map((word) => `%${escapeLike(word)}%`);
  if (patterns.length === 0) return null;
  const rows = await db.$queryRaw<{ id: string | null }[]>`
    SELECT rapport_search_customers(${patterns}::text[], ${fewAtMost + 1}::integer)::text AS id`;
  const ids = rows.flatMap(({ id }) => id ?? []);
  return rows.length > fewAtMost || ids.length < rows.length ? null : ids;
}
