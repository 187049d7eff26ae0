import { PGlite } from '@electric-sql/pglite';
import { openEmbedded } from '../database.ts';
import { embeddedExtensions } from '../embedded/open-pglite.ts';
import { migrate } from './migrate.ts';

/** Creates an empty embedded database in memory, applies all migrations, and returns its files as a tar archive. */
export async function createTemplate(compression: 'none' | 'gzip'): Promise<Buffer> {
  const pglite = await PGlite.create({ extensions: embeddedExtensions });
  const database = openEmbedded(async () => pglite);
  try {
    await migrate(database);
    const archive = await pglite.dumpDataDir(compression);
    return Buffer.from(await archive.arrayBuffer());
  } finally {
    await database.close();
  }
}
