import { join, relative } from 'node:path';
import { packageRoot } from '../lib/process/package-root.ts';
import type { Config } from './config.ts';

/** Returns a Rapport command to paste into a terminal, for the folder and database of this process. */
export function commandLine(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  args: string,
  { cwd, platform } = { cwd: process.cwd(), platform: process.platform },
): string {
  // A URL may contain a password, and Windows shells differ in how they set a variable.
  const isNamed = databaseUrl === null && dataDir !== '.rapport' && platform !== 'win32';
  const variable = isNamed ? `RAPPORT_DATA_DIR=${quoted(dataDir)} ` : '';
  const program =
    cwd === packageRoot
      ? 'npm run -s rapport --'
      : `node ${quoted(relative(cwd, join(packageRoot, 'dist/cli/rapport.js')))}`;
  return `${variable}${program} ${args}`;
}

function quoted(text: string): string {
  return /^[\w./:@\\-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
