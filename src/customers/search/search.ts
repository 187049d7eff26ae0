import type { Db } from '../../db/database.ts';
import { classOfText, piiScopes } from '../../lib/pii.ts';
import { fold } from '../../lib/text/fold.ts';
import { escapeLike } from '../../lib/text/like.ts';
import { searchWords } from './search-words.ts';

/** Builds the folded text that a search reads: one name per line, then a tab, then one contact point per line. */
export function searchTextOf(names: (string | null)[], contacts: string[]): string {
  const given = names.filter((name): name is string => Boolean(name));
  // A name that is an email address or phone number is searched like a contact point.
  const [plain, personal] = [given.filter((name) => !classOfText(name)), given.filter(classOfText)];
  return [plain, [...personal, ...contacts]].map(linesOf).join('\t');
}

function linesOf(given: string[]): string {
  return [...new Set(given.map((part) => fold(part).replaceAll('\t', ' ')))].join('\n');
}

/** Builds a LIKE pattern for every word of a search. A key that cannot see contact points searches before the tab. */
export function searchPatterns(search: string, scopes: ReadonlySet<string>): string[] {
  const words = searchWords(search).map(escapeLike);
  return canReadContacts(scopes) ? words : words.map((word) => `${word}%\t`);
}

/** Returns true if a key with these scopes can see contact points. */
export function canReadContacts(scopes: ReadonlySet<string>): boolean {
  return scopes.has(piiScopes.EMAIL) && scopes.has(piiScopes.PHONE);
}

const fewAtMost = 1_000;

/**
 * Finds the customers that match a search with the trigram index, if they are few. Returns null if they are many: then
 * reading the list in its order finds matches soon.
 */
export async function findIfFew(db: Db, search: string, scopes: ReadonlySet<string>): Promise<string[] | null> {
  const patterns = searchPatterns(search, scopes).map((contained) => `%${contained}%`);
  if (patterns.length === 0) return null;
  const rows = await db.$queryRaw<{ id: string | null }[]>`
    SELECT rapport_search_customers(${patterns}::text[], ${fewAtMost + 1}::integer)::text AS id`;
  const ids = rows.flatMap(({ id }) => id ?? []);
  return rows.length > fewAtMost || ids.length < rows.length ? null : ids;
}
