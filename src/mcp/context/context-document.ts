import { type InteractionRow, interactionFields } from '../interactions/interaction-row.ts';
import { type OrderRow, orderFields } from '../orders/order-row.ts';
import type { Money } from '../text/names.ts';

const caseFields = 'id number kind status priority subject promise { text dueAt status }';

/** Reads all that a context text may say, in one statement. */
export const contextDocument = `query McpCustomerContext(
  $by: CustomerKey!, $purpose: Purpose!, $channel: InteractionChannel, $asOf: DateTime, $length: Int!, $detailed: Boolean!
) {
  customerContext(by: $by, purpose: $purpose, channel: $channel, asOf: $asOf) {
    customerId at
    identity { displayName salutation register locale localTime }
    value {
      statistics { currencyCode numberOfOrders amountSpent { amount currencyCode } lastOrderAt fact { id } }
      rfm { group recencyScore frequencyScore monetaryScore fact { id } }
      rhythm { meanIntervalDays deviationDays nextOrderExpectedAt isOverdue fact { id } }
      prediction { expectedPurchases expectedValue { amount currencyCode } probabilityActive fact { id } }
    }
    now {
      openCases(first: 10) { ${caseFields} }
      openFollowUps(first: 10) { id kind status text dueAt channel }
      undeliveredOrders(first: 10) { ${orderFields} }
      returnsInProgress(first: 10) { id kind status occurredAt }
      unansweredMessages(first: 5) { ${interactionFields} }
    }
    history {
      orders(first: $length) {
        ${orderFields}
        payments(first: 10) @include(if: $detailed) { nodes { kind method amount { amount currencyCode } } }
      }
      interactions(first: $length) { ${interactionFields} }
      purchasedProducts(first: 10) { product { title } timesBought lastBoughtAt fact { id } }
      surveyResponses(first: 5) { id kind rating comment respondedAt }
    }
    preferences {
      inForce(first: 20) { id key value origin confidence }
      doNotUse(first: 20) { id key value }
      consents { id channel purpose status }
      contact { isAllowedNow nextAllowedAt reason }
    }
    gestures { kind since suppressedBy status factIds }
    unknown
    withheld { what reason needs }
    omitted { what }
  }
}`;

/** Reads only how to address a customer. */
export const salutationDocument = `query McpCustomerSalutation(
  $by: CustomerKey!, $purpose: Purpose!, $channel: InteractionChannel, $asOf: DateTime
) {
  customerContext(by: $by, purpose: $purpose, channel: $channel, asOf: $asOf) {
    customerId at identity { salutation shortName givenName register locale }
    withheld { what reason needs }
  }
}`;

export type OpenCase = {
  id: string;
  number: number;
  kind: string;
  status: string;
  priority: string;
  subject: string;
  promise: { text: string; dueAt: string | null; status: string } | null;
};

export type FollowUp = {
  id: string;
  kind: 'FOLLOW_UP' | 'PROMISE';
  status: string;
  text: string;
  dueAt: string;
  channel: string | null;
};

export type PaidOrder = OrderRow & { payments?: { nodes: { kind: string; method: string; amount: Money }[] } };

type Fact = { fact: { id: string } };

export type Withheld = { what: string; reason: string; needs: string[] };

export type Salutation = {
  customerId: string;
  at: string;
  identity: {
    displayName?: string;
    salutation: string | null;
    shortName?: string | null;
    givenName?: string | null;
    register: string | null;
    locale: string | null;
    localTime?: string | null;
  } | null;
  withheld: Withheld[];
};

export type Context = Salutation & {
  value: {
    statistics: ({ numberOfOrders: number; amountSpent: Money; lastOrderAt: string | null } & Fact)[];
    rfm: { group: string; recencyScore: number; frequencyScore: number; monetaryScore: number } & Fact;
    rhythm:
      | ({ meanIntervalDays: number; deviationDays: number; nextOrderExpectedAt: string; isOverdue: boolean } & Fact)
      | null;
    prediction: {
      expectedPurchases: number | null;
      expectedValue: Money | null;
      probabilityActive: number | null;
    } & Fact;
  } | null;
  now: {
    openCases: OpenCase[] | null;
    openFollowUps: FollowUp[] | null;
    undeliveredOrders: OrderRow[] | null;
    returnsInProgress: { id: string; kind: string; status: string; occurredAt: string }[] | null;
    unansweredMessages: InteractionRow[] | null;
  };
  history: {
    orders: PaidOrder[] | null;
    interactions: InteractionRow[] | null;
    purchasedProducts: ({ product: { title: string }; timesBought: number; lastBoughtAt: string } & Fact)[] | null;
    surveyResponses:
      | { id: string; kind: string; rating: number | null; comment: string | null; respondedAt: string }[]
      | null;
  };
  preferences: {
    inForce: { id: string; key: string; value: unknown; origin: string; confidence: number }[] | null;
    doNotUse: { id: string; key: string; value: unknown }[] | null;
    consents: { id: string; channel: string; purpose: string; status: string }[] | null;
    contact: { isAllowedNow: boolean; nextAllowedAt: string | null; reason: string } | null;
  };
  gestures:
    | { kind: string; since: string; suppressedBy: string | null; status: string | null; factIds: string[] }[]
    | null;
  unknown: string[];
  omitted: { what: string }[];
};
