import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Extensions, PGlite } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { closeFiles } from './abort.ts';
import { readTemplate } from './template.ts';

export const embeddedExtensions: Extensions = { pg_trgm, btree_gin };

// V8 compiles a function of PostgreSQL again, with optimizations, once it has run for a while. By default that is so soon
// that a start spends a quarter of its CPU on functions that it never needs again.
setFlagsFromString('--wasm-tiering-budget=10000000');

/**
 * Opens the embedded PostgreSQL in a folder. On the first run, creates it from the template, or without migrations if
 * there is none, which takes seconds. Only the process that owns the folder may call this.
 */
export async function openPglite(folder: string, template = readTemplate): Promise<PGlite> {
  const dataDir = join(folder, 'pgdata');
  // If an earlier run was killed or ran out of disk space while creating the database, delete its files and start over.
  const creating = join(folder, 'creating');
  if (existsSync(creating)) rmSync(dataDir, { recursive: true, force: true });
  const isNew = !existsSync(dataDir);
  if (isNew) writeFileSync(creating, '');
  const pglite = await openFiles(dataDir, isNew ? await template() : null);
  rmSync(creating, { force: true });
  return pglite;
}

async function openFiles(dataDir: string, template: Blob | null): Promise<PGlite> {
  let isFull = false;
  const onStderr = (line: string) => {
    isFull ||= line.includes('No space left on device');
    return false;
  };
  const loadDataDir = template ?? undefined;
  const pglite = new PGlite({ dataDir, loadDataDir, extensions: embeddedExtensions, onStderr });
  try {
    await pglite.waitReady;
    return pglite;
  } catch (error) {
    closeFiles(pglite);
    throw isFull || isNoSpace(error) ? new DiskFull() : error;
  }
}

// Error number for a full disk in WebAssembly's file system.
const noSpaceErrno = 51;

function isNoSpace(error: unknown): boolean {
  const { code, errno } = Object(error);
  return code === 'ENOSPC' || errno === noSpaceErrno;
}

class DiskFull extends Error {
  /** PostgreSQL's code for a full disk. */
  readonly code = '53100';

  constructor() {
    super('the disk of the embedded database is full');
  }
}
