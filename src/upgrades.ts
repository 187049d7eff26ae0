import { upgradeCustomers } from './customers/upgrade.ts';
import type { Db } from './db/database.ts';
import { upgradeLocations } from './orders/locations-upgrade.ts';
import { refreshStoredOrders } from './orders/upgrade.ts';
import { upgradeProducts } from './products/upgrade.ts';

/**
 * What SQL migrations cannot do to the rows of earlier versions, in order. A step runs once in each workspace, and again
 * if it was interrupted. Count `dataVersion` in `lib/data-version.ts` up with each new one.
 */
export const upgrades: ((db: Db) => Promise<void>)[] = [
  upgradeCustomers,
  upgradeProducts,
  upgradeLocations,
  refreshStoredOrders,
];
