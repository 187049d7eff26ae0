import { listWorkspaces } from '../access/workspaces.ts';
import type { Database } from '../db/database.ts';
import { dataVersion } from '../lib/data-version.ts';

/** Returns the slugs of workspaces whose data is from an earlier version and not yet upgraded. */
export async function outdatedWorkspaces(database: Database): Promise<string[]> {
  const workspaces = await listWorkspaces(database);
  return workspaces.filter((each) => each.dataVersion < dataVersion).map(({ slug }) => slug);
}

/** Runs the pending steps of `steps.ts` for each workspace, one workspace at a time. */
export async function upgradeData(database: Database): Promise<void> {
  const workspaces = (await listWorkspaces(database)).filter((each) => each.dataVersion < dataVersion);
  if (workspaces.length === 0) return;
  // Loaded only if needed: the steps import every domain, which would delay every start.
  const { upgrades } = await import('./steps.ts');
  for (const { id, dataVersion: reached } of workspaces) {
    const db = database.forWorkspace(id);
    for (const [step, upgrade] of upgrades.entries()) {
      if (step < reached) continue;
      await upgrade(db);
      await db.workspace.update({ where: { id }, data: { dataVersion: step + 1 } });
    }
  }
}
