import { beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { findWorkspace } from '../src/access/workspaces.ts';
import { upsertCustomer } from '../src/customers/customers.ts';
import { searchPatterns } from '../src/customers/search/search.ts';
import type { Db } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate/migrate.ts';
import { dataVersion } from '../src/lib/data-version.ts';
import { verifyStatistics } from '../src/orders/statistics/verify-statistics.ts';
import { stateAt } from '../src/preferences/in-force.ts';
import { createServer } from '../src/server/create-server.ts';
import { upgrades } from '../src/upgrade/steps.ts';
import { outdatedWorkspaces, upgradeData } from '../src/upgrade/upgrade.ts';
import { silent, unlimited } from './api.ts';
import { useDumpedDatabase } from './database.ts';

// Data of version 0.1.0 that later versions read differently, dumped with `pg_dump --inserts --no-owner`.
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

it('has correct statistics after the upgrade of an earlier version', async () => {
  expect(await verifyStatistics(shop.db)).toEqual({ customers: 1, differences: [] });
});

it('updates orders of an earlier version from their payments, totals and returns', async () => {
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

it('repeats the customer of orders and returns on their parts', async () => {
  const parts = {
    payment: await shop.db.payment.findMany({ include: { order: true } }),
    fulfillment: await shop.db.fulfillment.findMany({ include: { order: true } }),
    returnLine: await shop.db.returnLine.findMany({ include: { return: true } }),
    handoff: await shop.db.caseHandoff.findMany({ include: { case: true } }),
  };

  const customers = [
    ...[...parts.payment, ...parts.fulfillment].map((part) => [part.customerId, part.order.customerId]),
    ...parts.returnLine.map((part) => [part.customerId, part.return.customerId]),
    ...parts.handoff.map((part) => [part.customerId, part.case.customerId]),
  ];
  expect(customers.filter(([ofPart, ofWhole]) => ofPart !== ofWhole)).toEqual([]);
  expect(customers.filter(([ofPart]) => ofPart !== null).length).toBeGreaterThan(5);
});

it('lets the owner of the tables read nothing in a session without a workspace', async () => {
  const counts = await database.asOwner(async (pool) => {
    const names = ['Customer', 'ApiKey', 'Order', 'Payment', 'Interaction', 'AuditEvent'];
    const found: number[] = [];
    for (const name of names) found.push((await pool.query(`SELECT count(*)::integer AS n FROM "${name}"`)).rows[0].n);
    return { found, isSuperuser: (await pool.query('SHOW is_superuser')).rows[0].is_superuser === 'on' };
  });

  // The embedded database has only a superuser.
  expect(counts.found.every((n) => n === 0)).toBe(!counts.isSuperuser);
});

it('lets a withdrawal override a consent dated in the future', async () => {
  const [email] = await shop.db.consent.findMany({ where: { ...anna, channel: 'EMAIL' } });

  expect(email).toMatchObject({ status: 'REVOKED', capturedAt: new Date('2026-02-01T10:00:00Z') });
});

it('restores a value until the later one begins', async () => {
  const diet = await shop.db.preference.findMany({ where: { ...anna, key: 'diet' } });
  const at = (instant: string) =>
    diet.filter((each) => stateAt(each, new Date(instant)) === 'ACTIVE').map(({ values }) => values);

  expect([at('2026-12-01T00:00:00Z'), at('2062-06-01T00:00:00Z')]).toEqual([[['vegan']], [['none']]]);
});

it('removes quiet hours that end when they start', async () => {
  const quiet = await shop.db.customer.findMany({ where: { quietFrom: { not: null } } });

  expect(quiet.map(({ quietFrom, quietUntil }) => [quietFrom, quietUntil])).toEqual([['20:00', '08:00']]);
});

it('changes nothing when it runs again', async () => {
  const everything = async () => ({
    customers: await shop.db.customer.findMany({ orderBy: { id: 'asc' } }),
    contactPoints: await shop.db.contactPoint.findMany({ orderBy: { id: 'asc' } }),
    tags: await shop.db.customerTag.findMany({ orderBy: { labelKey: 'asc' } }),
  });
  const before = await everything();

  for (const upgrade of upgrades) await upgrade(shop.db);

  expect(await everything()).toEqual(before);
});

describe('customers of an earlier version', () => {
  const named = (displayName: string) =>
    shop.db.customer.findFirstOrThrow({ where: { displayName }, include: { contactPoints: true } });
  const upsert = (input: object) => upsertCustomer(shop.db, input);

  it('get their display name from names that were added later', async () => {
    expect(await named('Anna Zielińska')).toMatchObject({ isNameChosen: false, version: 2 });
    expect(
      await shop.db.customer.count({ where: { displayName: { contains: '***' }, givenName: { not: null } } }),
    ).toBe(0);
  });

  it('keep an explicitly chosen name, and only that', async () => {
    const names = await shop.db.customer.findMany({ where: { isNameChosen: true }, select: { displayName: true } });
    const chosen = names.map(({ displayName }) => displayName);

    expect(chosen).toEqual(expect.arrayContaining(['Mar’яна', 'Ola', 'Alice at 101', 'adam']));
    for (const follows of ['Łukasz Nowak', 'bare-id', 'Erased', 's***9@example.com'])
      expect(chosen).not.toContain(follows);
  });

  it('are sorted by name', async () => {
    const customers = await shop.db.customer.findMany({
      where: { displayName: { in: ['adam', 'Ądam', 'Ewa', 'Łukasz Nowak', 'Erased'] } },
      orderBy: [{ sortName: 'asc' }, { id: 'asc' }],
    });

    expect(customers.map(({ displayName }) => displayName)).toEqual([
      'adam',
      'Ądam',
      'Erased',
      'Erased',
      'Ewa',
      'Łukasz Nowak',
    ]);
    expect(await shop.db.customer.count({ where: { sortName: '' } })).toBe(0);
  });

  it('are found by the current search', async () => {
    const find = async (search: string) => {
      const AND = searchPatterns(search, new Set(allScopes)).map((contains) => ({ searchText: { contains } }));
      return (await shop.db.customer.findMany({ where: { AND } })).map(({ displayName }) => displayName);
    };

    expect(await find("дем'яненко 601-234-762")).toEqual(['Mar’яна']);
    expect(await find('zerowidth')).toEqual(['Zero\u200bWidth']);
    expect(await find('की')).toEqual(['hindi की']);
    expect(await find('का')).toEqual([]);
    expect(await find('bare-id')).toEqual(['bare-id']);
    expect(await find('zielińska')).toEqual(['Anna Zielińska']);
  });

  it('are found by their addresses in every spelling', async () => {
    const zero = await named('Zero\u200bWidth');

    expect(zero.contactPoints).toMatchObject([{ normalizedValue: 'zw@example.com' }]);
    expect(await upsert({ key: { email: 'zw@example.com' } })).toEqual({ id: zero.id, outcome: 'NOOP' });
    expect(await upsert({ key: { email: 'ola@xn--mller-kva.example' } })).toMatchObject({ outcome: 'NOOP' });
  });

  it('keep an address whose normalized form belongs to another customer, who keeps that form', async () => {
    expect((await named('Jan, ASCII')).contactPoints).toMatchObject([{ normalizedValue: 'jan@xn--bcher-kva.example' }]);
    const { id } = await named('Jan, Unicode');

    expect(await upsert({ key: { email: 'jan@xn--bcher-kva.example' } })).toEqual({ id, outcome: 'NOOP' });
  });

  it('keep the extension of their phone number', async () => {
    expect((await named('Alice at 101')).contactPoints).toMatchObject([{ normalizedValue: '+16505550123;ext=101' }]);
    expect(await upsert({ key: { phone: '+1 650-555-0123 ext. 102' } })).toMatchObject({ outcome: 'CREATED' });
  });

  it('stay erased under every spelling', async () => {
    for (const domain of ['bücher.example', 'xn--bcher-kva.example'])
      for (const name of ['gone', 'gone2'])
        await expect(upsert({ key: { email: `${name}@${domain}` } })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('have each tag once', async () => {
    const { id } = await named('Anna Zielińska');
    const tags = await shop.db.customerTag.findMany({ where: { customerId: id }, orderBy: { labelKey: 'asc' } });

    expect(tags.map(({ labelKey }) => labelKey)).toEqual(['café', 'vip']);
    expect(tags.map(({ tag }) => tag)).toEqual(['Café', 'VIP']);
    expect(await upsert({ key: { email: 'anna@example.com' }, tags: ['vip', 'CAFÉ'] })).toMatchObject({
      outcome: 'NOOP',
    });
  });
});
