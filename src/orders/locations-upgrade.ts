import type { Db } from '../db/database.ts';
import { fillSortNames } from '../db/sort-names.ts';

/** Gives locations their place in lists by name. */
export async function upgradeLocations(db: Db): Promise<void> {
  await fillSortNames(db, 'Location', 'name');
}
