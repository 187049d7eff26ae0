import { upgradeCustomers } from '../customers/upgrade.ts';
import type { Db } from '../db/database.ts';
import { upgradeLocations } from '../orders/locations/upgrade.ts';
import { refreshStoredOrders } from '../orders/upgrade.ts';
import { upgradeProducts } from '../products/upgrade.ts';

/**
 * Upgrades of stored rows that SQL migrations cannot do, in order. Each step runs once per workspace, and again if it
 * was interrupted. Increment `dataVersion` in `lib/data-version.ts` with each new step.
 */
export const upgrades: ((db: Db) => Promise<void>)[] = [
  upgradeCustomers,
  upgradeProducts,
  upgradeLocations,
  refreshStoredOrders,
];
