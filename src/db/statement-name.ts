import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/**
 * The name to prepare a statement under. PostgreSQL plans an unnamed one on every call, which doubles the cost of a
 * large read. Prepared statements stay with their connection, so only so many get a name.
 */
export function statementName(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined || names.size >= 500) return known ?? '';
  const name = createHash('sha1').update(sql).digest('base64url');
  names.set(sql, name);
  return name;
}
