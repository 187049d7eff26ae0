import { findWorkspace, type WorkspaceRow } from '../access/workspaces.ts';
import { type Database, type Db, openDatabase } from '../db/database.ts';
import { readConfig } from './config.ts';
import { openMigrated } from './open-migrated.ts';

/** Opens the migrated database for a command, and closes it even if the command fails. */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  // Statements of a command may take longer than those of a request.
  const database = await openMigrated({ ...readConfig(), queryTimeoutMs: 60_000 }, () => undefined);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

/** Like `withDatabase`, bound to the workspace with this slug. */
export async function withWorkspace(
  slug: string,
  work: (db: Db, workspace: WorkspaceRow) => Promise<void>,
): Promise<void> {
  await withDatabase(async (database) => {
    const workspace = await findWorkspace(database, slug);
    await work(database.forWorkspace(workspace.id), workspace);
  });
}

/** Opens the database without migrating it, for commands that manage the schema. */
export async function withUnmigratedDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(readConfig());
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
