import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { afterAll } from 'vitest';

/**
 * Builds the programs from source and deletes them after the tests of the file. Returns their folder, which is inside
 * node_modules so that they find packages. They start several times faster than with tsx.
 */
export function useBuilt(): string {
  mkdirSync('node_modules/.cache', { recursive: true });
  const folder = mkdtempSync('node_modules/.cache/rapport-built-');
  afterAll(() => rmSync(folder, { recursive: true }));
  execFileSync(process.execPath, ['scripts/build.mjs', folder]);
  return folder;
}
