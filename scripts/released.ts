import { readdirSync } from 'node:fs';

/** Returns the last released version. */
export function lastReleased(): string {
  const versions = readdirSync('released').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const last = versions.at(-1);
  if (last === undefined) throw new Error('The folder `released` has no versions.');
  return last;
}
