import type { Db } from '../db/database.ts';
import { fold } from '../lib/fold.ts';
import { escapeLike } from '../lib/like.ts';
import { classOfText, piiScopes } from '../lib/pii.ts';
import { searchWords } from './search-words.ts';

/** What a search reads of one customer, folded, a line each: names, then after a tab their contact points. */
export function searchTextOf(names: (string | null)[], contacts: string[]): string {
  const given = names.filter((name): name is string => Boolean(name));
  // A name that is an e-mail address or phone number is found as one.
  const [plain, personal] = [given.filter((name) => !classOfText(name)), given.filter(classOfText)];
  return [plain, [...personal, ...contacts]].map(linesOf).join('\t');
}

function linesOf(given: string[]): string {
  return [...new Set(given.map((part) => fold(part).replaceAll('\t', ' ')))].join('\n');
}

/** Every word of a search as what `searchText` must contain, in LIKE's letters: anywhere, or before the tab. */
export function searchPatterns(search: string, scopes: ReadonlySet<string>): string[] {
  const words = searchWords(search).map(escapeLike);
  return seesContacts(scopes) ? words : words.map((word) => `${word}%\t`);
}

/** Whether a key with these scopes may look at how somebody is reached. */
export function seesContacts(scopes: ReadonlySet<string>): boolean {
  return scopes.has(piiScopes.EMAIL) && scopes.has(piiScopes.PHONE);
}

const fewAtMost = 1_000;

/**
 * The customers that a search finds, where they are few: found by the trigram index. Null where they are many, since
 * then reading a list in its order meets matches soon.
 */
export async function findFew(db: Db, search: string, scopes: ReadonlySet<string>): Promise<string[] | null> {
  const patterns = searchPatterns(search, scopes).map((contained) => `%${contained}%`);
  if (patterns.length === 0) return null;
  const rows = await db.$queryRaw<{ id: string | null }[]>`
    SELECT rapport_search_customers(${patterns}::text[], ${fewAtMost + 1}::integer)::text AS id`;
  const ids = rows.flatMap(({ id }) => id ?? []);
  return rows.length > fewAtMost || ids.length < rows.length ? null : ids;
}
