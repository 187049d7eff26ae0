import { beforeAll, describe, expect, it } from 'vitest';
import { type Tenant, unlimited, useApi } from '../../test/api.ts';
import { customerKey, customersAndProducts, generateHistories, iso, type Line } from '../../test/history-generator.ts';
import { randomGenerator } from '../../test/random.ts';
import { writeLines } from '../../test/run-import.ts';
import { everything } from '../../test/whole-context.ts';

const api = await useApi({ limits: unlimited });

// Fields that do not depend on the clock, so that the current tables give the same answer at any time.
const fact = 'fact { id kind sources confidence }';
const unclocked = `{ customerId identity { displayName fact { at } }
  value { statistics { currencyCode numberOfOrders amountOrdered { amount } amountSpent { amount } averageOrderValue { amount } returnRate firstOrderAt lastOrderAt ${fact} }
    rhythm { meanIntervalDays deviationDays nextOrderExpectedAt overdueAt } }
  now { openCases { id number kind status priority subject assignee openedAt firstResponseAt promise { text dueAt status } }
    undeliveredOrders { id } returnsInProgress { id } unansweredMessages { id } }
  history { orders { id number channel placedAt status paymentStatus total { amount } note lines { nodes { id title quantity returnedQuantity total { amount } } } ${fact} }
    interactions { id body occurredAt } surveyResponses { id rating respondedAt }
    purchasedProducts { product { id } timesBought quantity firstBoughtAt lastBoughtAt } }
  preferences { inForce { id key value origin validFrom } doNotUse { id key } consents { id channel purpose status capturedAt ${fact} } } }`;

const ask = (selection: string, args = '') =>
  `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT${args}) ${selection} }`;

const write = ({ db }: Tenant, lines: Line[]) => writeLines(db, lines, 'histories');

async function context(tenant: Tenant, n: number, selection: string, args?: string) {
  return (await tenant.data(ask(selection, args), { by: customerKey(n) })).customerContext;
}

// One document for all times, so that it is compiled once.
async function contextAt(tenant: Tenant, n: number, selection: string, at: string | null = null) {
  const document = `query ($by: CustomerKey!, $at: DateTime) { customerContext(by: $by, purpose: SUPPORT, asOf: $at) ${selection} }`;
  return (await tenant.data(document, { by: customerKey(n), at })).customerContext;
}

it('returns what was returned then, at 200 random points of a chronological import', {
  timeout: 300_000,
}, async () => {
  const [shop, customers] = [await api.tenant('replay'), 40];
  await write(shop, customersAndProducts(customers));
  const [events, { below }] = [generateHistories(customers, 11), randomGenerator(5)];
  const stops = new Set(Array.from({ length: 240 }, () => below(events.length)));
  const recorded: { n: number; at: string; answered: unknown; whole: unknown }[] = [];
  let from = 0;
  for (const stop of [...stops].sort((a, b) => a - b)) {
    const passed = events.slice(from, stop + 1);
    await write(
      shop,
      passed.map(({ line }) => line),
    );
    from = stop + 1;
    const [n, at] = [below(customers), iso(events[stop]?.at ?? 0)];
    const whole = await contextAt(shop, n, everything, at);
    recorded.push({ n, at, answered: await contextAt(shop, n, unclocked), whole });
  }
  const rest = events.slice(from).map(({ line }) => line);
  await write(shop, rest);

  expect(recorded.length).toBeGreaterThanOrEqual(200);
  for (const { n, at, answered, whole } of recorded) {
    expect({ n, at, answer: await contextAt(shop, n, unclocked, at) }).toEqual({ n, at, answer: answered });
    expect(await contextAt(shop, n, everything, at)).toEqual(whole);
  }
});

describe('customerContext with asOf', () => {
  let shop: Tenant;
  const customer = customerKey(0);
  const day = (n: number) => `2025-03-${String(n).padStart(2, '0')}T00:00:00.000Z`;

  beforeAll(async () => {
    shop = await api.tenant('once');
    const consent = { type: 'consent', customer, channel: 'EMAIL', purpose: 'MARKETING' };
    await write(shop, [
      ...customersAndProducts(1),
      {
        type: 'order',
        key: { externalId: 'o' },
        customer,
        placedAt: day(1),
        currencyCode: 'EUR',
        status: 'FULFILLED',
        lines: [{ title: 'Lamp', quantity: 1, unitPrice: '10' }],
        payments: [
          { kind: 'PAYMENT', method: 'card', amount: '10', occurredAt: day(2) },
          { kind: 'REFUND', method: 'card', amount: '10', occurredAt: day(9) },
        ],
        fulfillments: [{ status: 'DELIVERED', shippedAt: day(3), deliveredAt: day(5) }],
      },
      {
        type: 'case',
        key: { externalId: 'k' },
        customer,
        subject: 'Where?',
        status: 'RESOLVED',
        openedAt: day(4),
        firstResponseAt: day(5),
        resolvedAt: day(6),
      },
      { ...consent, status: 'GRANTED', capturedAt: day(1) },
      { ...consent, status: 'REVOKED', capturedAt: day(8) },
    ]);
  });

  it('derives past states from the dates of records that were written once', async () => {
    const selection = `{ value { statistics { amountSpent { amount } } } now { undeliveredOrders { status } openCases { status firstResponseAt } }
      history { orders { status paymentStatus } } }`;
    const answers = [];
    for (const n of [1, 2, 3, 4, 5, 6, 9]) {
      const { value, now, history } = await context(shop, 0, selection, `, asOf: "${day(n)}"`);
      const [{ status, paymentStatus }] = history.orders;
      answers.push([
        status,
        paymentStatus,
        value.statistics[0].amountSpent.amount,
        now.undeliveredOrders.length,
        now.openCases[0]?.firstResponseAt,
      ]);
    }

    expect(answers).toEqual([
      ['UNFULFILLED', 'PENDING', '0.00', 1, undefined],
      ['UNFULFILLED', 'PAID', '10.00', 1, undefined],
      ['FULFILLED', 'PAID', '10.00', 1, undefined],
      ['FULFILLED', 'PAID', '10.00', 1, null],
      ['FULFILLED', 'PAID', '10.00', 0, day(5)],
      ['FULFILLED', 'PAID', '10.00', 0, undefined],
      ['FULFILLED', 'REFUNDED', '0.00', 0, undefined],
    ]);
  });

  it('keeps the stated status of an order whose shipments were never sent', async () => {
    const desk = await api.tenant('pending');
    const order = (value: string, fulfillments: object[]) => ({
      type: 'order',
      key: { externalId: value },
      customer,
      placedAt: day(1),
      currencyCode: 'EUR',
      status: 'FULFILLED',
      lines: [{ title: 'Lamp', quantity: 1, unitPrice: '10' }],
      fulfillments,
    });
    const sent = { status: 'IN_TRANSIT', shippedAt: day(3) };
    await write(desk, [
      ...customersAndProducts(1),
      order('pending', [{ status: 'PENDING' }]),
      order('sent', [{ status: 'PENDING' }, sent]),
    ]);
    const statuses = async (args: string) => {
      const { history } = await context(desk, 0, '{ history { orders { number status } } }', args);
      return history.orders.map(({ number, status }: Record<string, string>) => `${number} ${status}`).sort();
    };

    const then = await statuses(`, asOf: "${day(2)}"`);
    expect(await statuses(`, asOf: "${day(4)}"`)).toEqual(await statuses(''));
    expect(await statuses('')).toEqual(['pending FULFILLED', 'sent FULFILLED']);
    expect(then).toEqual(['pending FULFILLED', 'sent UNFULFILLED']);
  });

  it('withholds what the customer does not allow today', async () => {
    const query = `query ($by: CustomerKey!) { customerContext(by: $by, purpose: MARKETING, asOf: "${day(7)}")
      { at value { rfm { group } } preferences { consents { status } } withheld { what reason } } }`;
    const { at, value, preferences, withheld } = (await shop.data(query, { by: customer })).customerContext;

    expect([at, value, preferences.consents]).toEqual([day(7), null, [{ status: 'GRANTED' }]]);
    expect(withheld).toContainEqual({ what: 'value', reason: 'CONSENT' });
  });

  it('is empty before the first event', async () => {
    const selection =
      '{ identity { displayName } value { statistics { numberOfOrders } } history { orders { id } } preferences { consents { id } } }';

    expect(await context(shop, 0, selection, ', asOf: "1999-12-31T23:59:59Z"')).toEqual({
      identity: { displayName: 'Customer 0' },
      value: { statistics: [] },
      history: { orders: [] },
      preferences: { consents: [] },
    });
  });

  it('shows nothing of a resolution or shipment before it', async () => {
    const desk = await api.tenant('written-once');
    await write(desk, [
      ...customersAndProducts(1),
      {
        type: 'order',
        key: { externalId: 'sent' },
        customer,
        placedAt: day(1),
        currencyCode: 'EUR',
        lines: [{ title: 'Lamp', quantity: 1, unitPrice: '10' }],
        fulfillments: [{ status: 'IN_TRANSIT', shippedAt: day(5), carrier: 'DPD', trackingNumber: '1' }],
      },
      {
        type: 'case',
        key: { externalId: 'late' },
        customer,
        order: { externalId: 'sent' },
        kind: 'COMPLAINT',
        subject: 'Late',
        openedAt: day(2),
        status: 'RESOLVED',
        resolvedAt: day(6),
        cause: 'Strike',
        remedy: 'Refund',
      },
    ]);
    const selection = `{ now { openCases { status resolvedAt cause remedy } } history { orders {
      fulfillments { nodes { carrier trackingNumber } }
      resolved: cases(where: { status: { eq: RESOLVED } }) { totalCount } } } }`;

    const [then, now] = [await context(desk, 0, selection, `, asOf: "${day(4)}"`), await context(desk, 0, selection)];

    expect(then).toEqual({
      now: { openCases: [{ status: 'OPEN', resolvedAt: null, cause: null, remedy: null }] },
      history: {
        orders: [{ fulfillments: { nodes: [{ carrier: null, trackingNumber: null }] }, resolved: { totalCount: 0 } }],
      },
    });
    expect(now.history.orders).toEqual([
      { fulfillments: { nodes: [{ carrier: 'DPD', trackingNumber: '1' }] }, resolved: { totalCount: 1 } },
    ]);
  });

  it('rejects a list within the list of a row', async () => {
    const selection = '{ history { orders { cases { nodes { interactions { totalCount } } } } } }';
    const error = await shop.error(ask(selection, `, asOf: "${day(4)}"`), { by: customer });

    expect(error).toMatchObject({
      message: expect.stringContaining('Case.interactions'),
      extensions: { code: 'INVALID_INPUT' },
    });
    expect(await context(shop, 0, selection)).toHaveProperty('history');
  });

  it('rejects an instant in the future', async () => {
    const error = await shop.error(ask('{ at }', ', asOf: "2999-01-01T00:00:00Z"'), { by: customer });

    expect(error.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['asOf'] });
  });

  it('replaces every table except those that are always current', async () => {
    const tablesIn = async (args: string, pattern: RegExp) => {
      api.statements.length = 0;
      await context(shop, 0, everything, args);
      const { sql } = api.statements.find((each) => each.sql.includes('query0')) ?? { sql: '' };
      return [...new Set([...sql.matchAll(pattern)].map(([, table]) => table ?? ''))].sort();
    };
    const read = await tablesIn('', /(?:FROM|JOIN) "([A-Z]\w+)"/g);
    const replaced = await tablesIn(`, asOf: "${day(1)}"`, /"([A-Z]\w+)" AS MATERIALIZED/g);
    const today = [
      'ApiKey',
      'CoPurchaseRun',
      'CustomerExternalId',
      'CustomerValueFit',
      'CustomerValueModel',
      'Customer',
      'CustomerTag',
      'Location',
      'NextActionCap',
      'OrderPolicy',
      'PaymentMethod',
      'Product',
      'ProductPair',
      'ProductVariant',
      'PreferenceDefinition',
      'RfmBounds',
    ];

    expect(replaced).toEqual(read.filter((table) => !today.includes(table)));
  });
});
