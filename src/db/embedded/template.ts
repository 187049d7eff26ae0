import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../lib/process/package-root.ts';
import { readMigrations } from '../migrate/migration-files.ts';

/**
 * Returns the path of the template: the compressed files of an empty database with all migrations applied. `npm run build`
 * creates it, because PostgreSQL takes seconds to create a database. Its name depends on the migrations and on PGlite's
 * version, so a stale template is never used.
 */
export async function templatePath(): Promise<string> {
  const { migrationDirectories } = await readMigrations();
  const hash = createHash('sha256')
    .update(await pgliteVersion())
    .update(JSON.stringify(migrationDirectories));
  return join(packageRoot, 'dist', `database-${hash.digest('hex').slice(0, 16)}.tar.gz`);
}

/** Reads the template. Returns null if the build has not created it. */
export async function readTemplate(): Promise<Blob | null> {
  try {
    return new Blob([new Uint8Array(await readFile(await templatePath()))], { type: 'application/gzip' });
  } catch (error) {
    if (Object(error).code === 'ENOENT') return null;
    throw error;
  }
}

async function pgliteVersion(): Promise<string> {
  const wasm = createRequire(import.meta.url).resolve('@electric-sql/pglite/pglite.wasm');
  return JSON.parse(await readFile(join(dirname(wasm), '..', 'package.json'), 'utf8')).version;
}
