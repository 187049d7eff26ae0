import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Extensions, PGlite } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import type { PoolConfig } from 'pg';
import { PgliteStream } from './pglite-stream.ts';

export const embeddedExtensions: Extensions = { pg_trgm, btree_gin };

/** Opens the embedded PostgreSQL in a folder, creating it on the first run (seconds). */
export async function openEmbedded(dataDir: string): Promise<PGlite> {
  await mkdir(dirname(dataDir), { recursive: true });
  return PGlite.create({ dataDir, extensions: embeddedExtensions });
}

/** One backend, so one connection: transactions queue. */
export function embeddedPoolConfig(pglite: PGlite): PoolConfig {
  return { max: 1, ssl: false, user: 'postgres', database: 'postgres', stream: () => new PgliteStream(pglite) };
}
