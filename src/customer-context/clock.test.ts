import { expect, it } from 'vitest';
import { unlimited, useApi } from '../../test/api.ts';
import { customerKey, customersAndProducts } from '../../test/history-generator.ts';
import { randomGenerator } from '../../test/random.ts';
import { randomContextLines } from '../../test/random-context.ts';
import { writeLines } from '../../test/run-import.ts';
import { everything, withoutNeighbors } from '../../test/whole-context.ts';
import { newId } from '../lib/ids.ts';
import { tables } from '../lib/tables.ts';
import { decisionHeld } from '../preferences/consents/decisions.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const customers = 30;

// The tables whose rows count from a certain time, and the column with that time. Other rows decide on consents and on
// tables that are not audited.
const dated = tables.flatMap(({ name, time, isUnaudited }): [string, string][] =>
  time && !isUnaudited && name !== 'Consent' ? [[name, time]] : [],
);

// Fields that contain the time of the request, or totals over all orders.
const clocked = [
  'at',
  'localTime',
  'nextAllowedAt',
  'recencyDays',
  'statistics',
  'rfm',
  'prediction',
  'purchasedProducts',
  'totalCount',
];
// Lists next to the rows of a context, such as the decisions of a consent, hold rows of the future only today.
const isToCome = (row: Record<string, string> | null) =>
  ['capturedAt', 'occurredAt'].some((time) => Date.parse(row?.[time] ?? '') > Date.now());
const unclocked = (context: unknown) =>
  JSON.parse(
    JSON.stringify(context, (name, value) => {
      if (clocked.includes(name)) return undefined;
      return name === 'nodes' ? value.filter((row: Record<string, string>) => !isToCome(row)) : value;
    }),
  );

// One document for all customers and times, so that it is compiled once.
async function contextOf(n: number, args: string, selection: string, at: string | null = null) {
  const query = `query ($by: CustomerKey!, $at: DateTime) { customerContext(by: $by, ${args}, asOf: $at) ${selection} }`;
  return (await shop.data(query, { by: customerKey(n), at })).customerContext;
}

it('returns the same context now and a second ago despite future rows', { timeout: 120_000 }, async () => {
  const { below, one, times } = randomGenerator(3);
  const past = () => new Date(Date.UTC(2025, below(20), 1 + below(28))).toISOString();
  await writeLines(shop.db, customersAndProducts(customers), 'test');
  const ordersOf = (n: number) =>
    times(8, (i) => ({
      type: 'order',
      key: { externalId: `order-${n}-${i}` },
      customer: customerKey(n),
      placedAt: past(),
      currencyCode: 'EUR',
      total: '10',
    }));
  const orders = Array.from({ length: customers }, (_, n) => ordersOf(n)).flat();
  await writeLines(shop.db, [...orders, ...(await randomContextLines(shop))], 'test');
  await shop.db.case.updateMany({
    where: { workspaceId: shop.db.workspaceId, priority: 'LOW' },
    data: { status: 'RESOLVED', resolvedAt: new Date('2062-01-01T00:00:00Z'), firstResponseAt: new Date('2061-01-01') },
  });
  // Some rows are years ahead, which earlier versions accepted, and some are minutes ahead, as from a fast clock.
  for (const [table, column] of dated) {
    const move = (by: string, rest: number) =>
      shop.db.$executeRawUnsafe(
        `UPDATE "${table}" t SET "${column}" = ${by} FROM (SELECT "id", row_number() OVER (ORDER BY "id") AS n FROM "${table}") r
          WHERE t."workspaceId" = '${shop.db.workspaceId}' AND t."id" = r."id" AND r.n % 4 = ${rest}`,
      );
    expect(await move(`t."${column}" + interval '40 years'`, 0)).toBeGreaterThan(0);
    expect(await move(`now() + interval '4 minutes'`, 1)).toBeGreaterThan(0);
  }
  await decideAgain(one);
  // Wait until all writes are more than a second old.
  await new Promise((resolve) => setTimeout(resolve, 1_100));

  for (let n = 0; n < customers; n++) {
    for (const [args, selection] of [
      ['purpose: SUPPORT', everything],
      ['purpose: MARKETING, channel: EMAIL', withoutNeighbors],
    ] as const) {
      const now = await contextOf(n, args, selection);
      const before = new Date(Date.now() - 1000).toISOString();

      expect(unclocked(now)).toEqual(unclocked(await contextOf(n, args, selection, before)));
    }
  }
});

// Records more decisions, some at the same instant, and stores the one in force.
async function decideAgain(one: <T>(all: readonly T[]) => T): Promise<void> {
  const { db } = shop;
  const { workspaceId } = db;
  for (const { id: consentId, customerId, channel, purpose } of await db.consent.findMany({ where: { workspaceId } })) {
    const key = { workspaceId, customerId, channel, purpose };
    const [given] = await db.consentEvent.findMany({ where: key });
    if (!given) continue;
    const event = {
      ...given,
      id: newId(),
      status: one(['GRANTED', 'DENIED', 'REVOKED'] as const),
      capturedAt: one([given.capturedAt, new Date('2026-05-01T00:00:00Z'), new Date('2070-01-01T00:00:00Z')]),
      createdAt: one([given.createdAt, new Date('2026-06-01T00:00:00Z')]),
    };
    await db.consentEvent.create({ data: event });
    const { id: _, createdAt: _createdAt, ...held } = decisionHeld(await db.consentEvent.findMany({ where: key }));
    await db.consent.update({ where: { workspaceId_id: { workspaceId, id: consentId } }, data: held });
  }
}

it('counts an order dated in the future only in totals', async () => {
  const by = { email: 'future@example.com' };
  await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: by });
  for (const value of ['today', 'to come'])
    await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
      input: {
        key: { externalId: { source: 'shop', value } },
        customer: by,
        placedAt: '2026-01-05T10:00:00Z',
        currencyCode: 'PLN',
        total: '5.00',
      },
    });
  const where = { workspaceId: shop.db.workspaceId, externalId: 'to come' };
  await shop.db.order.updateMany({ where, data: { placedAt: new Date('2062-01-01T00:00:00Z') } });

  const { customerContext } = await shop.data(
    `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT)
      { now { undeliveredOrders { placedAt } } history { orders { placedAt } } value { rhythm { overdueAt } } } }`,
    { by },
  );

  const order = { placedAt: '2026-01-05T10:00:00.000Z' };
  expect(customerContext).toEqual({
    now: { undeliveredOrders: [order] },
    history: { orders: [order] },
    value: { rhythm: null },
  });
});
