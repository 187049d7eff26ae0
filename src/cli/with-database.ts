import { findWorkspace, type WorkspaceRow } from '../access/workspaces.ts';
import { readConfig } from '../config.ts';
import { type Database, type Db, openDatabase } from '../db/database.ts';
import { openMigrated } from '../open-migrated.ts';

/** Opens the database for one command, its schema up to date, and closes it whatever happens. */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  // Commands may take longer over a statement than a request.
  const database = await openMigrated({ ...readConfig(), queryTimeoutMs: 60_000 }, () => undefined);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

/** The same, bound to a workspace by its slug. */
export async function withWorkspace(
  slug: string,
  work: (db: Db, workspace: WorkspaceRow) => Promise<void>,
): Promise<void> {
  await withDatabase(async (database) => {
    const workspace = await findWorkspace(database, slug);
    await work(database.forWorkspace(workspace.id), workspace);
  });
}

/** As it is: for the commands that look after the schema itself. */
export async function withUnmigratedDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(readConfig());
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
