import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Extensions, PGlite } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import type { PoolConfig } from 'pg';
import { DomainError } from '../lib/errors.ts';
import { PgliteStream } from './pglite-stream.ts';

export const embeddedExtensions: Extensions = { pg_trgm, btree_gin };

/**
 * Opens the embedded PostgreSQL in a folder, creating it on the first run (seconds). Its files bear one process at a
 * time: another that opens them is refused.
 */
export async function openEmbedded(dataDir: string): Promise<PGlite> {
  await mkdir(dataDir, { recursive: true });
  const unlock = lockFolder(dataDir);
  const pglite = await PGlite.create({ dataDir: join(dataDir, 'pgdata'), extensions: embeddedExtensions }).catch(
    (error) => {
      unlock();
      throw error;
    },
  );
  const close = pglite.close.bind(pglite);
  pglite.close = () => close().finally(unlock);
  return pglite;
}

// Holds a file with our process id. One left by a process that is gone is taken over.
function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(path, 'utf8'));
    if (holder !== process.pid && isRunning(holder)) {
      throw new DomainError(
        'CONFLICT',
        `Process ${holder} uses the embedded database in ${folder}. Stop it first, or set DATABASE_URL to share a PostgreSQL.`,
      );
    }
    rmSync(path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One backend, so one connection: transactions queue. */
export function embeddedPoolConfig(pglite: PGlite): PoolConfig {
  return { max: 1, ssl: false, user: 'postgres', database: 'postgres', stream: () => new PgliteStream(pglite) };
}
