import { type Database, openDatabase } from '../db/database.ts';
import { migrate, migrationStatus } from '../db/migrate/migrate.ts';
import { DomainError } from '../lib/errors.ts';
import { outdatedWorkspaces, upgradeData } from '../upgrade/upgrade.ts';
import { commandLine } from './command-line.ts';
import type { Config } from './config.ts';

/** Opens the database. Outside production, pending migrations are applied and outdated data is upgraded first. */
export async function openMigrated(config: Config, say: (line: string) => void): Promise<Database> {
  const where = config.databaseUrl === null ? `embedded database in ${config.dataDir}` : 'PostgreSQL database';
  say(`opening the ${where} …`);
  const database = await openDatabase({ ...config, statementTimeoutMs: config.queryTimeoutMs });
  try {
    const { pending } = await migrationStatus(database);
    if (pending.length > 0 && config.isProduction) {
      throw new DomainError(
        'CONFLICT',
        `Pending migrations: ${pending.length}. Run: ${commandLine(config, 'migrate deploy')}`,
      );
    }
    if (pending.length > 0) {
      say(`applying ${pending.length === 1 ? 'a migration' : `${pending.length} migrations`} …`);
      await migrate(database);
    }
    const outdated = await outdatedWorkspaces(database);
    if (outdated.length > 0 && config.isProduction) {
      throw new DomainError(
        'CONFLICT',
        `Workspaces with data from an earlier version: ${outdated.length}. Run: ${commandLine(config, 'migrate deploy')}`,
      );
    }
    if (outdated.length > 0) {
      say(`upgrading the data of ${outdated.join(', ')} …`);
      await upgradeData(database);
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
