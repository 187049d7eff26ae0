import type { Db } from '../../db/database.ts';
import { fillSortNames } from '../../db/write/sort-names.ts';

/** Fills the sort keys of locations, which lists by name use. */
export async function upgradeLocations(db: Db): Promise<void> {
  await fillSortNames(db, 'Location', 'name');
}
