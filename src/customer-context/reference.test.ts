import { beforeAll, describe, expect, it } from 'vitest';
import { unlimited, useApi } from '../../test/api.ts';
import { byResolvers, expectedOf, fragments, type Row } from '../../test/context-by-resolvers.ts';
import { randomContextLines } from '../../test/random-context.ts';
import { runImport, writeLines } from '../../test/run-import.ts';
import { onlineRetail } from '../import/formats/online-retail.ts';
import { tauRetail } from '../import/formats/tau-retail.ts';
import { encodeId } from '../lib/ids.ts';
import { zero } from '../lib/money.ts';
import { computeRfmBounds } from '../orders/statistics/rfm.ts';

const api = await useApi({ limits: unlimited });
const retail = await api.tenant('retail');
const giftshop = await api.tenant('giftshop');

const byStatement = `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { customerId
  identity { displayName givenName familyName shortName title register locale timezone country salutation
    composedSalutation { text locale register source confidence } fact { at } }
  value { statistics { currencyCode numberOfOrders amountOrdered { amount currencyCode } amountSpent { amount currencyCode }
      averageOrderValue { amount currencyCode } returnRate firstOrderAt lastOrderAt }
    rfm { group currencyCode frequency monetary recencyScore frequencyScore monetaryScore }
    rhythm { meanIntervalDays deviationDays nextOrderExpectedAt overdueAt isOverdue } }
  now { openCases(first: 100) { ...C } undeliveredOrders(first: 100) { id } returnsInProgress(first: 100) { ...R }
    unansweredMessages(first: 100) { id } }
  history { orders { ...O } interactions { ...I } surveyResponses { ...S } purchasedProducts { ...P } }
  preferences { inForce { ...V } doNotUse { ...V } consents { ...N } quietHours { from until } } } } ${fragments}`;

beforeAll(async () => {
  const files = ['conversations-40.jsonl.gz', 'orders.json.gz', 'users.json.gz', 'products.json.gz'];
  await runImport(
    retail.db,
    tauRetail,
    files.map((file) => `sample/retail/${file}`),
    { undatedAt: new Date('2026-01-01T09:00:00Z') },
  );
  await runImport(giftshop.db, onlineRetail, ['sample/giftshop/online-retail-2010-12.csv.gz'], {});
  await writeLines(retail.db, await randomContextLines(retail), 'more');
  for (const { db } of [retail, giftshop]) await computeRfmBounds(db);
}, 240_000);

describe.each([
  ['retail', retail],
  ['giftshop', giftshop],
] as const)('the context of every %s customer', (_slug, tenant) => {
  it('equals what the resolvers return', { timeout: 300_000 }, async () => {
    const all = await tenant.db.customer.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    const rows = await tenant.db.rfmBounds.findMany();
    const bounds = new Map(
      rows.map((row) => [
        row.currencyCode,
        { ...row, monetary: row.monetary.map(String), computedAt: row.computedAt.toISOString() },
      ]),
    );
    // The embedded database runs one statement at a time, so it checks every eighth customer.
    const some = api.isEmbedded ? all.filter((_, i) => i % 8 === 0) : all;

    for (const { id } of some) {
      const by = { id: encodeId('Customer', id) };
      const [{ customer }, { customerContext }] = await Promise.all([
        tenant.data(byResolvers, { by }),
        tenant.data(byStatement, { by }),
      ]);
      const expected = expectedOf(customer, bounds, Date.now());
      const inOrder = (each: Row) => `${each.channel} ${each.purpose}`;
      for (const { consents } of [customerContext.preferences, expected.preferences])
        consents.sort((a: Row, b: Row) => (inOrder(a) < inOrder(b) ? -1 : 1));

      expect(customerContext).toEqual(expected);
    }
    expect(some.length).toBeGreaterThan(50);
  });
});

it('computes the same RFM bounds as a direct count over all orders', async () => {
  const { db } = giftshop;
  await computeRfmBounds(db, new Date('2011-01-01T00:00:00Z'));

  const orders = await db.order.findMany({
    where: { customerId: { not: null }, status: { notIn: ['DRAFT', 'CANCELED', 'EXPIRED'] } },
    select: { customerId: true, placedAt: true, total: true },
  });
  const byCustomer = new Map<string | null, typeof orders>();
  for (const order of orders) byCustomer.set(order.customerId, [...(byCustomer.get(order.customerId) ?? []), order]);
  const buyers = [...byCustomer.values()].map((all) => ({
    days: Math.floor(
      (Date.parse('2011-01-01T00:00:00Z') - Math.max(...all.map(({ placedAt }) => placedAt.getTime()))) / 86_400_000,
    ),
    orders: all.length,
    amount: all.reduce((sum, { total }) => sum.plus(total.toString()), zero).toNumber(),
  }));
  const fifths = (of: (buyer: (typeof buyers)[number]) => number) => {
    const sorted = buyers.map(of).sort((a, b) => a - b);
    return [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.ceil(share * sorted.length) - 1]);
  };
  const [bounds] = await db.rfmBounds.findMany();
  expect(buyers.length).toBeGreaterThan(800);
  expect(bounds).toMatchObject({
    customers: buyers.length,
    recencyDays: fifths(({ days }) => Math.max(0, days)),
    frequency: fifths((buyer) => buyer.orders),
  });
  expect(bounds?.monetary.map(Number)).toEqual(fifths(({ amount }) => amount));
});
