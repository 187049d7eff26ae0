import { listWorkspaces } from './access/workspaces.ts';
import type { Database } from './db/database.ts';
import { dataVersion } from './lib/data-version.ts';

/** The slugs of the workspaces whose rows were written by an earlier version and not upgraded yet. */
export async function outdatedWorkspaces(database: Database): Promise<string[]> {
  const workspaces = await listWorkspaces(database);
  return workspaces.filter((each) => each.dataVersion < dataVersion).map(({ slug }) => slug);
}

/** Runs the steps of `upgrades.ts` that each workspace has not been through, one workspace after the other. */
export async function upgradeData(database: Database): Promise<void> {
  const workspaces = (await listWorkspaces(database)).filter((each) => each.dataVersion < dataVersion);
  if (workspaces.length === 0) return;
  // Loaded only where there is something to do: they import every domain, and a start waits for them.
  const { upgrades } = await import('./upgrades.ts');
  for (const { id, dataVersion: reached } of workspaces) {
    const db = database.forWorkspace(id);
    for (const [step, upgrade] of upgrades.entries()) {
      if (step < reached) continue;
      await upgrade(db);
      await db.workspace.update({ where: { id }, data: { dataVersion: step + 1 } });
    }
  }
}
