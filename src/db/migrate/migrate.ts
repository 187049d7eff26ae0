import pg from 'pg';
import type { Database } from '../database.ts';
import { migrationNames } from './migration-files.ts';

export type MigrationStatus = { applied: string[]; pending: string[] };

/** Applies the pending migrations and returns their names. */
export async function migrate(database: Database): Promise<string[]> {
  // Most servers never need the engine and its embedded database.
  const { applyMigrations } = await import('./schema-engine.ts');
  return database.asOwner(applyMigrations);
}

/** Compares the migrations in the folder with those applied to the database. One small read; starts no engine. */
export async function migrationStatus(database: Database): Promise<MigrationStatus> {
  const applied = await readApplied(database);
  const known = new Set(applied);
  return { applied, pending: (await migrationNames()).filter((name) => !known.has(name)) };
}

async function readApplied({ pool }: Database): Promise<string[]> {
  try {
    const { rows } = await pool.query<{ name: string }>(
      'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1',
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    if (error instanceof pg.DatabaseError && nothingApplied.has(error.code ?? '')) return [];
    throw error;
  }
}

// Before the first migration, the role or the table does not exist. In a database shared with another application, the
// right to read that table may be missing.
const nothingApplied = new Set(['22023', '42P01', '42501']);
