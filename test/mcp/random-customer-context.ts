import fc from 'fast-check';
import { encodeId, newId } from '../../src/lib/ids.ts';
import type { Context } from '../../src/mcp/context/context-document.ts';
import type { InteractionRow } from '../../src/mcp/interactions/interaction-row.ts';

// Words in the languages of the customers, as they write.
const words = {
  pl: 'Dzień dobry gdzie jest moja paczka zamówienie powinno być wczoraj proszę o szybką odpowiedź dziękuję pozdrawiam Żaneta Grzegorz'.split(
    ' ',
  ),
  uk: 'Добрий день де моя посилка замовлення мало прийти вчора прошу швидку відповідь дякую щиро Олена Ілля Ґалаґан'.split(
    ' ',
  ),
  en: 'Hello where is my parcel the order should have been here yesterday please answer quickly thank you regards Sofia'.split(
    ' ',
  ),
};
const language = fc.constantFrom('pl', 'uk', 'en') as fc.Arbitrary<keyof typeof words>;
const prose = (most: number) =>
  language.chain((each) =>
    fc.array(fc.constantFrom(...words[each]), { minLength: 1, maxLength: most }).map((all) => all.join(' ')),
  );
const name = fc.oneof(
  prose(3),
  fc.constantFrom('王小明', 'Ελένη Παπαδοπούλου', '👩‍🚀 Ada', 'x'.repeat(90), '<<admin>>'),
);
const instant = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const idOf = (type: Parameters<typeof encodeId>[0]) => fc.constant(null).map(() => encodeId(type, newId()));
const money = fc
  .record({ amount: fc.integer({ min: 1, max: 9_999_999 }), currencyCode: fc.constantFrom('PLN', 'UAH', 'USD') })
  .map(({ amount, currencyCode }) => ({ amount: (amount / 100).toFixed(2), currencyCode }));
const status = fc.constantFrom('FULFILLED', 'UNFULFILLED', 'PARTIALLY_RETURNED', 'CANCELED');
const upTo = <T>(most: number, each: fc.Arbitrary<T>) => fc.array(each, { maxLength: most });
const orNull = <T>(each: fc.Arbitrary<T>) => fc.option(each, { freq: 8 });

const message: fc.Arbitrary<InteractionRow> = fc.record({
  id: idOf('Interaction'),
  channel: fc.constantFrom('EMAIL', 'LIVE_CHAT', 'PHONE'),
  direction: fc.constantFrom('INBOUND', 'OUTBOUND'),
  kind: fc.constantFrom('MESSAGE', 'CALL'),
  occurredAt: instant,
  subject: fc.option(prose(8)),
  body: fc.option(prose(120)),
  actor: fc.record({ kind: fc.constantFrom('CUSTOMER', 'STAFF', 'BOT') }),
});

const line = fc.record({
  id: fc.constant('order_line_01h455vb4pex5vsknk084sn02q'),
  title: prose(4),
  sku: fc.option(fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String)),
  quantity: fc.integer({ min: 1, max: 30 }),
  returnedQuantity: fc.integer({ min: 0, max: 1 }),
  unitPrice: money,
});
const nodes = <T>(most: number, each: fc.Arbitrary<T>) => fc.record({ nodes: upTo(most, each) });
const order = fc.record({
  id: idOf('Order'),
  number: fc.integer({ min: 1, max: 9_999_999 }).map((number) => `#W${number}`),
  status,
  paymentStatus: fc.constantFrom('PAID', 'PARTIALLY_REFUNDED'),
  placedAt: instant,
  total: money,
  lines: nodes(12, line),
  payments: nodes(
    2,
    fc.record({ kind: fc.constant('PAYMENT'), method: fc.constant('credit_card_9513926'), amount: money }),
  ),
});
const fact = fc.record({ id: idOf('Customer').map((id) => `fact_statistics_${id}_PLN`) });
const openCase = fc.record({
  id: idOf('Case'),
  number: fc.integer({ min: 1, max: 99_999 }),
  kind: fc.constantFrom('COMPLAINT', 'QUESTION'),
  status: fc.constant('OPEN'),
  priority: fc.constantFrom('HIGH', 'MEDIUM'),
  subject: prose(12),
  promise: fc.option(
    fc.record({ text: prose(20), dueAt: fc.option(instant), status: fc.constantFrom('OPEN', 'BROKEN') }),
  ),
});
const openFollowUp = fc.record({
  id: idOf('FollowUp'),
  kind: fc.constantFrom('FOLLOW_UP' as const, 'PROMISE' as const),
  status: fc.constantFrom('OPEN', 'BROKEN'),
  text: prose(20),
  dueAt: instant,
  channel: fc.option(fc.constantFrom('EMAIL', 'PHONE')),
});
const parts = [
  'value',
  'history.orders',
  'history.interactions',
  'now.openCases',
  'now.openFollowUps',
  'preferences.inForce',
  'gestures',
];
const value = fc.oneof(prose(4), fc.boolean(), fc.integer(), upTo(3, prose(1)));

/** A customer context with anything that the API may return. */
export const randomCustomerContext: fc.Arbitrary<Context> = fc.record({
  customerId: idOf('Customer'),
  at: instant,
  identity: orNull(
    fc.record({
      displayName: name,
      salutation: fc.option(name),
      register: fc.option(fc.constantFrom('FORMAL', 'INFORMAL')),
      locale: fc.option(fc.constantFrom('pl-PL', 'uk-UA', 'en-US')),
      localTime: fc.option(instant),
    }),
  ),
  value: orNull(
    fc.record({
      statistics: upTo(
        2,
        fc.record({ numberOfOrders: fc.nat(900), amountSpent: money, lastOrderAt: fc.option(instant), fact }),
      ),
      rfm: fc.record({
        group: fc.constantFrom('CHAMPIONS', 'AT_RISK'),
        recencyScore: fc.integer({ min: 1, max: 5 }),
        frequencyScore: fc.integer({ min: 1, max: 5 }),
        monetaryScore: fc.integer({ min: 1, max: 5 }),
        fact,
      }),
      rhythm: fc.option(
        fc.record({
          meanIntervalDays: fc.integer({ min: 1, max: 90 }),
          deviationDays: fc.nat(20),
          nextOrderExpectedAt: instant,
          isOverdue: fc.boolean(),
          fact,
        }),
      ),
      prediction: fc.record({
        expectedPurchases: fc.option(fc.double({ min: 0, max: 500, noNaN: true })),
        expectedValue: fc.option(money),
        probabilityActive: fc.double({ min: 0, max: 1, noNaN: true }),
        fact,
      }),
    }),
  ),
  now: fc.record({
    openCases: orNull(upTo(4, openCase)),
    openFollowUps: orNull(upTo(4, openFollowUp)),
    undeliveredOrders: orNull(upTo(3, order)),
    returnsInProgress: orNull(
      upTo(
        3,
        fc.record({
          id: idOf('Return'),
          kind: fc.constant('RETURN'),
          status: fc.constant('REQUESTED'),
          occurredAt: instant,
        }),
      ),
    ),
    unansweredMessages: orNull(upTo(4, message)),
  }),
  history: fc.record({
    orders: orNull(upTo(20, order)),
    interactions: orNull(upTo(20, message)),
    purchasedProducts: orNull(
      upTo(
        10,
        fc.record({
          product: fc.record({ title: prose(4) }),
          timesBought: fc.integer({ min: 1, max: 50 }),
          lastBoughtAt: instant,
          fact,
        }),
      ),
    ),
    surveyResponses: orNull(
      upTo(
        5,
        fc.record({
          id: idOf('SurveyResponse'),
          kind: fc.constant('CSAT'),
          rating: fc.option(fc.integer({ min: 1, max: 5 })),
          comment: fc.option(prose(40)),
          respondedAt: instant,
        }),
      ),
    ),
  }),
  preferences: fc.record({
    inForce: orNull(
      upTo(
        12,
        fc.record({
          id: idOf('Preference'),
          key: fc.constantFrom('delivery.day', 'diet', 'helmet.size'),
          value,
          origin: fc.constantFrom('STATED', 'OBSERVED'),
          confidence: fc.constantFrom(0.4, 0.8, 1),
        }),
      ),
    ),
    doNotUse: orNull(upTo(3, fc.record({ id: idOf('Preference'), key: fc.constant('diet'), value }))),
    consents: orNull(
      upTo(
        6,
        fc.record({
          id: idOf('Consent'),
          channel: fc.constantFrom('EMAIL', 'PHONE'),
          purpose: fc.constant('MARKETING'),
          status: fc.constantFrom('GRANTED', 'REVOKED'),
        }),
      ),
    ),
    contact: orNull(
      fc.record({
        isAllowedNow: fc.boolean(),
        nextAllowedAt: fc.option(instant),
        reason: fc.constantFrom('ALLOWED', 'QUIET_HOURS'),
      }),
    ),
  }),
  gestures: orNull(
    upTo(
      4,
      fc.record({
        kind: fc.constantFrom('APOLOGY', 'BIRTHDAY', 'WIN_BACK'),
        since: instant,
        suppressedBy: fc.option(fc.constant('OPEN_COMPLAINT')),
        status: fc.option(fc.constantFrom('SUGGESTED', 'APPROVED')),
        factIds: upTo(2, idOf('Order')),
      }),
    ),
  ),
  unknown: fc.subarray(['birthday', 'locale', 'timezone', 'phone', 'register']),
  withheld: fc
    .subarray(parts)
    .map((what) =>
      what.map((each, i) => ({ what: each, reason: i % 2 === 0 ? 'SCOPE' : 'CONSENT', needs: ['orders:read'] })),
    ),
  omitted: fc.subarray(parts).map((what) => what.map((each) => ({ what: each }))),
});
