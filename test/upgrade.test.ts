import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { findWorkspace } from '../src/access/workspaces.ts';
import type { Db } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { dataVersion } from '../src/lib/data-version.ts';
import { verifyStatistics } from '../src/orders/verify.ts';
import { stateAt } from '../src/preferences/in-force.ts';
import { createServer } from '../src/server.ts';
import { outdatedWorkspaces, upgradeData } from '../src/upgrade.ts';
import { upgrades } from '../src/upgrades.ts';
import { silent, unlimited } from './api.ts';
import { useDumpedDatabase } from './database.ts';

// Written by version 0.1.0 with what later versions read in another way; dumped with `pg_dump --inserts --no-owner`.
const { database } = await useDumpedDatabase('version-0.1.0.sql.gz');
const shop = { db: null as unknown as Db, secret: '' };
const anna = { customer: { contactPoints: { some: { normalizedValue: 'anna@example.com' } } } };

beforeAll(async () => {
  await migrate(database);
  await upgradeData(database);
  const { id } = await findWorkspace(database, 'shop');
  shop.db = database.forWorkspace(id);
  shop.secret = (await createApiKey(shop.db, { name: 'test', scopes: allScopes })).secret;
});

const { fetch } = createServer({ database, logger: silent, limits: unlimited });

async function read(query: string) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.secret}` };
  const request = new Request('http://rapport.test/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  return (await (await fetch(request)).json()).data;
}

it('has a step for each data version', () => {
  expect(upgrades).toHaveLength(dataVersion);
});

it('upgrades every workspace once', async () => {
  expect(await outdatedWorkspaces(database)).toEqual([]);
});

it('finds the statistics of an earlier version right after the upgrade', async () => {
  expect(await verifyStatistics(shop.db)).toEqual({ customers: 1, differences: [] });
});

it('brings orders of an earlier version in line with their payments, totals and returns', async () => {
  const { orders } = await read(
    '{ orders(first: 100) { nodes { number status paymentStatus amountReturned { amount } payments { nodes { amount { currencyCode } } } } } }',
  );
  const named = new Map(orders.nodes.map((order: { number: string }) => [order.number, order]));

  expect(named.get('discount')).toMatchObject({ status: 'RETURNED', amountReturned: { amount: '90.00' } });
  expect(named.get('exchange')).toMatchObject({ status: 'RETURNED', amountReturned: { amount: '0.00' } });
  expect(named.get('partly')).toMatchObject({ status: 'PARTIALLY_RETURNED', paymentStatus: 'PARTIALLY_REFUNDED' });
  expect(named.get('edited')).toMatchObject({ paymentStatus: 'PARTIALLY_PAID' });
  expect(named.get('free')).toMatchObject({ paymentStatus: 'PAID' });
  expect(named.get('stated')).toMatchObject({ paymentStatus: 'PAID' });
  expect(named.get('unpaid-refund')).toMatchObject({ paymentStatus: 'PENDING' });
  expect(named.get('currency')).toMatchObject({ payments: { nodes: [{ amount: { currencyCode: 'EUR' } }] } });
});

it('lets a withdrawal win over a consent dated in the future', async () => {
  const [email] = await shop.db.consent.findMany({ where: { ...anna, channel: 'EMAIL' } });

  expect(email).toMatchObject({ status: 'REVOKED', capturedAt: new Date('2026-02-01T10:00:00Z') });
});

it('puts a value back into force until the later one begins', async () => {
  const diet = await shop.db.preference.findMany({ where: { ...anna, key: 'diet' } });
  const at = (instant: string) =>
    diet.filter((each) => stateAt(each, new Date(instant)) === 'ACTIVE').map(({ values }) => values);

  expect([at('2026-12-01T00:00:00Z'), at('2062-06-01T00:00:00Z')]).toEqual([[['vegan']], [['none']]]);
});

it('knows no quiet hours that end when they start', async () => {
  const quiet = await shop.db.customer.findMany({ where: { quietFrom: { not: null } } });

  expect(quiet.map(({ quietFrom, quietUntil }) => [quietFrom, quietUntil])).toEqual([['20:00', '08:00']]);
});

it('changes nothing when it runs again', async () => {
  const before = await shop.db.customer.findMany({ orderBy: { id: 'asc' } });

  for (const upgrade of upgrades) await upgrade(shop.db);

  expect(await shop.db.customer.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
});
