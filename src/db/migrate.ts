import type { Database } from './database.ts';
import { applyMigrations, migrationNames } from './schema-engine.ts';

export type MigrationStatus = { applied: string[]; pending: string[] };

/** Applies what is missing and returns the names of what it applied. */
export async function migrate(database: Database): Promise<string[]> {
  return database.asOwner(applyMigrations);
}

/** What stands in the folder against what the database says it has. Reads one table; starts no engine. */
export async function migrationStatus(database: Database): Promise<MigrationStatus> {
  const applied = await database.asOwner(async (pool) => {
    const { rows: found } = await pool.query(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`);
    if (!found[0].exists) return [];
    const { rows } = await pool.query<{ name: string }>(
      'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1',
    );
    return rows.map(({ name }) => name);
  });
  const known = new Set(applied);
  return { applied, pending: (await migrationNames()).filter((name) => !known.has(name)) };
}
