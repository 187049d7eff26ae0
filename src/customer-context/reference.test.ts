import { beforeAll, describe, expect, it } from 'vitest';
import { type Tenant, unlimited, useApi } from '../../test/api.ts';
import { drawing } from '../../test/random.ts';
import { runImport, writeLines } from '../../test/run-import.ts';
import { onlineRetail } from '../import/formats/online-retail.ts';
import { tauRetail } from '../import/formats/tau-retail.ts';
import { encodeId } from '../lib/ids.ts';
import { zero } from '../lib/money.ts';
import { computeRfmBounds, groupOf, scoresOf } from './rfm.ts';

const api = await useApi({ limits: unlimited });
const retail = await api.tenant('retail');
const giftshop = await api.tenant('giftshop');
const dayMs = 86_400_000;

// What the context is compared with: the resolvers of every domain, field by field, and plain JavaScript over them.
const byResolvers = `query ($by: CustomerKey!) { customer(by: $by) {
  id displayName givenName familyName shortName title register locale timezone country updatedAt salutations { locale text }
  quietHours { from until }
  statistics { currencyCode numberOfOrders amountOrdered { amount currencyCode } amountSpent { amount currencyCode }
    averageOrderValue { amount currencyCode } returnRate firstOrderAt lastOrderAt }
  orders(first: 100) { nodes { id number channel placedAt status paymentStatus total { amount currencyCode } note
    fulfillments { nodes { status } }
    lines(first: 20) { nodes { id sku title quantity returnedQuantity unitPrice { amount currencyCode } total { amount currencyCode } } } } }
  returns(first: 100) { nodes { id kind status occurredAt reason refundAmount { amount currencyCode } order { id } } }
  interactions(first: 100) { nodes { id channel direction kind occurredAt actor { kind name } subject body sentiment topics order { id } case { id } } }
  cases(first: 100) { nodes { id number kind status priority subject assignee openedAt firstResponseAt promise { text dueAt status } order { id } } }
  surveyResponses(first: 20) { nodes { id kind rating comment respondedAt } }
  purchasedProducts(first: 20) { nodes { product { id title category } timesBought quantity firstBoughtAt lastBoughtAt } }
  preferences(first: 100, where: { status: { eq: ACTIVE } }) { nodes { id key value { type text } origin confidence doNotUse validFrom validUntil } }
  consents(first: 100) { nodes { id channel purpose status capturedAt expiresAt } } } }`;

const byStatement = `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { customerId
  identity { displayName givenName familyName shortName title register locale timezone country salutation fact { at } }
  value { statistics { currencyCode numberOfOrders amountOrdered { amount currencyCode } amountSpent { amount currencyCode }
      averageOrderValue { amount currencyCode } returnRate firstOrderAt lastOrderAt }
    rfm { group currencyCode frequency monetary recencyScore frequencyScore monetaryScore }
    rhythm { averageDaysBetweenOrders deviationDays nextOrderExpectedAt overdueAt isOverdue } }
  now { openCases(first: 100) { id number kind status priority subject assignee openedAt firstResponseAt promise { text dueAt status } orderId }
    undeliveredOrders(first: 100) { id } returnsInProgress(first: 100) { id kind status occurredAt reason refundAmount { amount currencyCode } orderId }
    unansweredMessages(first: 100) { id } }
  history { orders { id number channel placedAt status paymentStatus total { amount currencyCode } note
      lines { id sku title quantity returnedQuantity unitPrice { amount currencyCode } total { amount currencyCode } } }
    interactions { id channel direction kind occurredAt actorKind actorName subject body sentiment topics orderId caseId }
    surveyResponses { id kind rating comment respondedAt }
    ownedProducts { productId title category timesBought quantity firstBoughtAt lastBoughtAt } }
  preferences { inForce { id key value valueType origin validFrom validUntil fact { confidence kind } } doNotUse { id key }
    consents { id channel purpose status capturedAt expiresAt isExpired } quietHours { from until } } } }`;

beforeAll(async () => {
  const files = ['conversations-40.jsonl.gz', 'orders.json.gz', 'users.json.gz', 'products.json.gz'];
  await runImport(
    retail.db,
    tauRetail,
    files.map((file) => `sample/retail/${file}`),
    { undatedAt: new Date('2026-01-01T09:00:00Z') },
  );
  await runImport(giftshop.db, onlineRetail, ['sample/giftshop/online-retail-2010-12.csv.gz'], {});
  await writeLines(retail.db, await moreOf(retail), 'more');
  for (const { db } of [retail, giftshop]) await computeRfmBounds(db);
}, 240_000);

/** What the samples have none of: preferences, decisions, clocks, cases with promises, returns, answers; drawn by lot. */
async function moreOf({ db }: Tenant): Promise<object[]> {
  const { below: random, one, times } = drawing(7);
  const at = () =>
    new Date(Date.UTC(2026, random(10), 1 + random(28), random(24), random(60), random(60))).toISOString();
  const customers = await db.customer.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  return customers.flatMap(({ id }, n) => {
    const customer = { id: encodeId('Customer', id) };
    return [
      {
        type: 'customer',
        key: customer,
        register: one(['FORMAL', 'INFORMAL', null]),
        locale: one(['pl-PL', 'uk', 'en-US', null]),
        timezone: one(['Europe/Warsaw', 'Asia/Kolkata', null]),
        quietHours: one([{ from: '21:00', until: '08:00' }, null]),
        salutations: one([[{ locale: 'pl', text: 'Pani Anno' }], [{ locale: 'en-US', text: 'Dear Ann' }], []]),
      },
      ...times(4, (i) => ({
        type: 'preference',
        customer,
        key: `key-${i}`,
        value: one([{ string: 'żółty' }, { number: 42 }, { boolean: true }, { stringList: ['a', 'b'] }]),
        origin: one(['STATED', 'OBSERVED', 'INFERRED']),
        confidence: one([0.5, 1, 0.333]),
        doNotUse: random(4) === 0,
        validFrom: at(),
        validUntil: one([null, '2026-11-01T00:00:00Z', '2090-01-01T00:00:00Z']),
      })),
      ...times(3, (i) => ({
        type: 'consent',
        customer,
        channel: one(['EMAIL', 'SMS']),
        purpose: one(['SERVICE', 'MARKETING', 'SURVEY']),
        status: one(['GRANTED', 'DENIED', 'REVOKED']),
        capturedAt: `2026-0${i + 1}-01T00:00:00Z`,
        expiresAt: one([null, '2026-06-01T00:00:00Z']),
      })),
      ...times(3, (i) => ({
        type: 'case',
        key: { externalId: `case-${n}-${i}` },
        customer,
        kind: one(['COMPLAINT', 'QUESTION']),
        priority: one(['LOW', 'MEDIUM', 'HIGH', 'URGENT']),
        subject: `Case ${i} of ${n}`,
        openedAt: at(),
        promise: one([{ text: 'Soon', dueAt: '2026-05-01T00:00:00Z' }, null]),
      })),
      ...times(6, (i) => ({
        type: 'interaction',
        key: { externalId: `interaction-${n}-${i}` },
        customer,
        channel: one(['EMAIL', 'PHONE']),
        direction: one(['INBOUND', 'OUTBOUND', 'INTERNAL']),
        kind: one(['MESSAGE', 'CALL', 'NOTE']),
        occurredAt: at(),
        subject: one(['A "quoted"\tsubject\nwith\\everything', null]),
        body: one(['[0,"not ours"]\t[1,2]\t', 'plain']),
        sentiment: one(['NEGATIVE', 'POSITIVE', null]),
        topics: one([[], ['delivery', 'refund']]),
      })),
      ...times(1, () => ({
        type: 'surveyResponse',
        key: { externalId: `survey-${n}` },
        customer,
        kind: 'CSAT',
        rating: 1 + random(5),
        comment: one([null, 'Fine']),
        respondedAt: at(),
      })),
      ...times(2, (i) => ({
        type: 'return',
        key: { externalId: `return-${n}-${i}` },
        customer,
        currencyCode: one(['USD', 'JPY']),
        status: one(['REQUESTED', 'APPROVED', 'RECEIVED', 'COMPLETED', 'REJECTED']),
        occurredAt: at(),
        reason: one(['Too big', null]),
        lines: [{ title: 'Lamp', quantity: 1, total: '12.50' }],
      })),
    ];
  });
}

type Row = Record<string, unknown> & { id: string };
const nodesOf = (connection: { nodes: Row[] }) => connection.nodes;
const idOf = (row: unknown) => (row as Row | null)?.id ?? null;
const keep = (row: Row, ...names: string[]) => Object.fromEntries(names.map((name) => [name, row[name]]));
const textOf = (value: unknown) => String(value);
const isCounted = ({ status }: Row) => !['DRAFT', 'CANCELED', 'EXPIRED'].includes(textOf(status));
const later = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0);

// biome-ignore lint/suspicious/noExplicitAny: an answer as the query asks
function expectedOf(customer: any, bounds: Map<string, Parameters<typeof scoresOf>[1]>, now: number) {
  const [orders, interactions, cases, returns] = ['orders', 'interactions', 'cases', 'returns'].map((name) =>
    nodesOf(customer[name]),
  ) as [Row[], Row[], Row[], Row[]];
  const preferences = nodesOf(customer.preferences).filter(
    ({ validFrom, validUntil }) =>
      Date.parse(textOf(validFrom)) <= now && (validUntil === null || Date.parse(textOf(validUntil)) > now),
  );
  const byKey = (a: Row, b: Row) => (textOf(a.key) < textOf(b.key) ? -1 : 1);
  const answeredAt = interactions
    .filter(({ direction }) => direction === 'OUTBOUND')
    .map(({ occurredAt }) => textOf(occurredAt))
    .sort(later)[0];
  const priorities = ['URGENT', 'HIGH', 'MEDIUM', 'LOW'];
  return {
    customerId: customer.id,
    identity: {
      ...keep(
        customer,
        'displayName',
        'givenName',
        'familyName',
        'shortName',
        'title',
        'register',
        'locale',
        'timezone',
        'country',
      ),
      salutation: salutationOf(customer),
      fact: { at: customer.updatedAt },
    },
    value: {
      statistics: customer.statistics,
      rfm: rfmOf(customer, bounds),
      rhythm: rhythmOf(orders.filter(isCounted), now),
    },
    now: {
      openCases: cases
        .filter(({ status }) => status !== 'RESOLVED')
        .sort(
          (a, b) =>
            priorities.indexOf(textOf(a.priority)) - priorities.indexOf(textOf(b.priority)) ||
            -later(textOf(a.openedAt), textOf(b.openedAt)) ||
            (a.id < b.id ? -1 : 1),
        )
        .map(({ order, ...rest }) => ({ ...rest, orderId: idOf(order) })),
      undeliveredOrders: orders
        .filter(
          ({ status, fulfillments }) =>
            ['UNCONFIRMED', 'UNFULFILLED', 'PARTIALLY_FULFILLED'].includes(textOf(status)) ||
            (status === 'FULFILLED' &&
              nodesOf(fulfillments as never).some((each) => ['PENDING', 'IN_TRANSIT'].includes(textOf(each.status)))),
        )
        .reverse()
        .map(({ id }) => ({ id })),
      returnsInProgress: returns
        .filter(({ status }) => ['REQUESTED', 'APPROVED', 'RECEIVED'].includes(textOf(status)))
        .reverse()
        .map(({ order, ...rest }) => ({ ...rest, orderId: idOf(order) })),
      unansweredMessages: interactions
        .filter(
          ({ direction, kind, occurredAt }) =>
            direction === 'INBOUND' && kind !== 'NOTE' && (!answeredAt || textOf(occurredAt) > answeredAt),
        )
        .reverse()
        .map(({ id }) => ({ id })),
    },
    history: {
      orders: orders
        .slice(0, 20)
        .map(({ fulfillments: _, lines, ...rest }) => ({ ...rest, lines: nodesOf(lines as never) })),
      interactions: interactions.slice(0, 20).map(({ actor, order, case: ofCase, ...rest }) => ({
        ...rest,
        actorKind: (actor as Row).kind,
        actorName: (actor as Row).name,
        orderId: idOf(order),
        caseId: idOf(ofCase),
      })),
      surveyResponses: nodesOf(customer.surveyResponses),
      ownedProducts: nodesOf(customer.purchasedProducts).map(({ product, ...rest }) => ({
        productId: idOf(product),
        ...keep(product as Row, 'title', 'category'),
        ...rest,
      })),
    },
    preferences: {
      inForce: preferences
        .filter(({ doNotUse }) => !doNotUse)
        .sort(byKey)
        .map(({ confidence, doNotUse: _, value, ...rest }) => ({
          ...rest,
          value: (value as Row).text,
          valueType: (value as Row).type,
          fact: { confidence, kind: rest.origin },
        })),
      doNotUse: preferences
        .filter(({ doNotUse }) => doNotUse)
        .sort(byKey)
        .map((row) => keep(row, 'id', 'key')),
      consents: nodesOf(customer.consents).map((row) => ({
        ...row,
        isExpired: row.expiresAt !== null && Date.parse(textOf(row.expiresAt)) <= now,
      })),
      quietHours: customer.quietHours,
    },
  };
}

function salutationOf({
  salutations,
  locale,
}: {
  salutations: { locale: string; text: string }[];
  locale: string | null;
}): string | null {
  const inLanguage = (wanted: string | undefined) => salutations.find((each) => each.locale === wanted)?.text;
  return inLanguage(locale ?? '') ?? inLanguage(locale?.split('-')[0]) ?? null;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer as the query asks
function rfmOf({ statistics }: any, bounds: Map<string, Parameters<typeof scoresOf>[1]>) {
  const [most] = statistics
    .filter((each: Row) => Number(each.numberOfOrders) > 0)
    .sort((a: Row, b: Row) => Number(b.numberOfOrders) - Number(a.numberOfOrders));
  const nothing = {
    currencyCode: null,
    frequency: null,
    monetary: null,
    recencyScore: null,
    frequencyScore: null,
    monetaryScore: null,
  };
  if (!most) return { group: 'PROSPECTS', ...nothing };
  const of = bounds.get(most.currencyCode);
  if (!of) throw new Error('There are no bounds.');
  const { amount } = most.amountOrdered;
  const scores = scoresOf(
    { lastOrderAt: most.lastOrderAt, numberOfOrders: most.numberOfOrders, amountOrdered: amount },
    of,
  );
  return {
    group: groupOf(scores),
    currencyCode: most.currencyCode,
    frequency: most.numberOfOrders,
    monetary: amount,
    recencyScore: scores.recency,
    frequencyScore: scores.frequency,
    monetaryScore: scores.monetary,
  };
}

function rhythmOf(counted: Row[], now: number) {
  const instants = counted.map(({ placedAt }) => Date.parse(textOf(placedAt))).sort((a, b) => a - b);
  const [last, gaps] = [instants.at(-1), instants.slice(1).map((instant, i) => (instant - (instants[i] ?? 0)) / dayMs)];
  if (last === undefined || gaps.length === 0) return null;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  const overdue = gaps.length > 1 ? last + (mean + deviation) * dayMs : null;
  return {
    averageDaysBetweenOrders: expect.closeTo(mean, 6),
    deviationDays: expect.closeTo(deviation, 6),
    nextOrderExpectedAt: expect.any(String),
    overdueAt: overdue === null ? null : expect.stringContaining(new Date(overdue).toISOString().slice(0, 16)),
    isOverdue: overdue !== null && overdue < now,
  };
}

describe.each([
  ['retail', retail],
  ['giftshop', giftshop],
] as const)('the context of every customer of %s', (_slug, tenant) => {
  it('is what the resolvers say', { timeout: 300_000 }, async () => {
    const all = await tenant.db.customer.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    const rows = await tenant.db.rfmBounds.findMany();
    const bounds = new Map(
      rows.map((row) => [
        row.currencyCode,
        { ...row, monetary: row.monetary.map(String), computedAt: row.computedAt.toISOString() },
      ]),
    );
    // The embedded database takes one after the other.
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

it('measures scores by the fifths of all buyers, as a plain recount of their orders finds them', async () => {
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
      (Date.parse('2011-01-01T00:00:00Z') - Math.max(...all.map(({ placedAt }) => placedAt.getTime()))) / dayMs,
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
