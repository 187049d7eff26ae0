import { beforeAll, expect, it } from 'vitest';
import { listWorkspaces } from '../src/access/workspaces.ts';
import type { Db } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { dataVersion } from '../src/lib/data-version.ts';
import { verifyStatistics } from '../src/orders/verify.ts';
import { outdatedWorkspaces, upgradeData } from '../src/upgrade.ts';
import { upgrades } from '../src/upgrades.ts';
import { useDumpedDatabase } from './database.ts';

// Written by version 0.1.0 with what later versions read in another way; dumped with `pg_dump --inserts --no-owner`.
const { database } = await useDumpedDatabase('version-0.1.0.sql.gz');
const shop = { db: null as unknown as Db };

beforeAll(async () => {
  await migrate(database);
  await upgradeData(database);
  const [workspace] = (await listWorkspaces(database)).filter(({ slug }) => slug === 'shop');
  shop.db = database.forWorkspace(workspace?.id ?? '');
});

it('has a step for each data version', () => {
  expect(upgrades).toHaveLength(dataVersion);
});

it('upgrades every workspace once', async () => {
  expect(await outdatedWorkspaces(database)).toEqual([]);
});

it('finds the statistics of an earlier version right after the upgrade', async () => {
  expect(await verifyStatistics(shop.db)).toEqual({ customers: 1, differences: [] });
});

it('changes nothing when it runs again', async () => {
  const before = await shop.db.customer.findMany({ orderBy: { id: 'asc' } });

  for (const upgrade of upgrades) await upgrade(shop.db);

  expect(await shop.db.customer.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
});
