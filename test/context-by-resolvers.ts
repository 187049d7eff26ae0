import { expect } from 'vitest';
import { groupOf, scoresOf } from '../src/orders/statistics/rfm.ts';

/** Fragments that contexts and lists share. */
export const fragments = `
  fragment M on Money { amount currencyCode }
  fragment O on Order { id number channel placedAt status paymentStatus total { ...M } note fact { id kind sources at confidence }
    lines(first: 20) { totalCount nodes { id sku title quantity returnedQuantity unitPrice { ...M } total { ...M } } } }
  fragment R on Return { id kind status occurredAt reason refundAmount { ...M } order { id } fact { id at } }
  fragment I on Interaction { id channel direction kind occurredAt actor { kind name } subject body sentiment topics order { id } case { id } fact { at } }
  fragment C on Case { id number kind status priority subject assignee openedAt firstResponseAt promise { text dueAt status } order { id } fact { at } }
  fragment S on SurveyResponse { id kind rating comment respondedAt fact { at } }
  fragment P on PurchasedProduct { product { id title category } timesBought quantity firstBoughtAt lastBoughtAt fact { id kind sources } }
  fragment V on Preference { id key value origin isSensitive doNotUse validFrom validUntil fact { id kind confidence } }
  fragment N on Consent { id channel purpose status capturedAt expiresAt isInForce fact { at } }`;

// The data that contexts are compared with: every domain's lists, field by field, and plain JavaScript on top.
export const byResolvers = `query ($by: CustomerKey!) { customer(by: $by) {
  id displayName givenName familyName shortName title register locale timezone country updatedAt salutations { locale text } composedSalutation { text locale register source confidence }
  quietHours { from until }
  statistics { currencyCode numberOfOrders amountOrdered { amount currencyCode } amountSpent { amount currencyCode }
    averageOrderValue { amount currencyCode } returnRate firstOrderAt lastOrderAt }
  orders(first: 100) { nodes { ...O fulfillments { nodes { status } } } }
  returns(first: 100) { nodes { ...R } }
  interactions(first: 100) { nodes { ...I } }
  cases(first: 100) { nodes { ...C } }
  surveyResponses(first: 20) { nodes { ...S } }
  purchasedProducts(first: 20) { nodes { ...P } }
  preferences(first: 100, where: { status: { eq: ACTIVE } }) { nodes { ...V } }
  consents(first: 100) { nodes { ...N } } } } ${fragments}`;

const dayMs = 86_400_000;

export type Row = Record<string, unknown> & { id: string };
const nodesOf = (connection: { nodes: Row[] }) => connection.nodes;
const keep = (row: Row, ...names: string[]) => Object.fromEntries(names.map((name) => [name, row[name]]));
const textOf = (value: unknown) => String(value);
const isCounted = ({ status }: Row) => !['DRAFT', 'CANCELED', 'EXPIRED'].includes(textOf(status));
const later = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0);

/** Builds the expected context of a customer from the answer of the resolvers. */
// biome-ignore lint/suspicious/noExplicitAny: the shape follows from the query
export function expectedOf(customer: any, bounds: Map<string, Parameters<typeof scoresOf>[1]>, now: number) {
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
        'composedSalutation',
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
        ),
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
        .reverse(),
      unansweredMessages: interactions
        .filter(
          ({ direction, kind, occurredAt }) =>
            direction === 'INBOUND' && kind !== 'NOTE' && (!answeredAt || textOf(occurredAt) > answeredAt),
        )
        .reverse()
        .map(({ id }) => ({ id })),
    },
    history: {
      orders: orders.slice(0, 20).map(({ fulfillments: _, ...rest }) => rest),
      interactions: interactions.slice(0, 20),
      surveyResponses: nodesOf(customer.surveyResponses),
      purchasedProducts: nodesOf(customer.purchasedProducts),
    },
    preferences: {
      inForce: preferences.filter(({ doNotUse }) => !doNotUse).sort(byKey),
      doNotUse: preferences.filter(({ doNotUse }) => doNotUse).sort(byKey),
      consents: nodesOf(customer.consents),
      quietHours: customer.quietHours,
    },
  };
}

function salutationOf({
  salutations,
  locale,
  composedSalutation,
}: {
  salutations: { locale: string; text: string }[];
  locale: string | null;
  composedSalutation: { text: string };
}): string {
  const inLanguage = (wanted: string | undefined) => salutations.find((each) => each.locale === wanted)?.text;
  return inLanguage(locale ?? '') ?? inLanguage(locale?.split('-')[0]) ?? composedSalutation.text;
}

// biome-ignore lint/suspicious/noExplicitAny: the shape follows from the query
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
  if (!of) throw new Error('No RFM bounds exist for this currency.');
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
    meanIntervalDays: expect.closeTo(mean, 6),
    deviationDays: expect.closeTo(deviation, 6),
    nextOrderExpectedAt: expect.any(String),
    overdueAt: overdue === null ? null : expect.stringContaining(new Date(overdue).toISOString().slice(0, 16)),
    isOverdue: overdue !== null && overdue < now,
  };
}
