import { readdirSync } from 'node:fs';

/** The version that was released last. */
export function lastReleased(): string {
  const versions = readdirSync('released').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const last = versions.at(-1);
  if (last === undefined) throw new Error('Nothing was released.');
  return last;
}
