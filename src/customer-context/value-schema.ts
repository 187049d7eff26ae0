import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import type { Asked } from '../graphql/sql-answer.ts';
import {
  boolean,
  computed,
  float,
  instant,
  int,
  money,
  nullable,
  rowOf,
  rows,
  sqlType,
  value,
} from '../graphql/sql-types.ts';
import { formatAmount } from '../lib/money.ts';
import { counted } from './fact-schema.ts';
import { own } from './history-schema.ts';
import { type Bought, groupOf, type RfmBounds, recencyDaysAt, rfmGroups, scoresOf } from './rfm.ts';

const currency = 's."currencyCode"';

const Statistics = sqlType(
  'ContextStatistics',
  'What they bought, summed up in one currency. Drafts, canceled and expired orders count nowhere.',
  {
    currencyCode: value('CurrencyCode', currency, 'The currency that all of this is in.'),
    numberOfOrders: int('s."numberOfOrders"', 'How many orders.'),
    amountOrdered: money('s."amountOrdered"', currency, 'Their totals together, whatever was paid or came back.'),
    amountSpent: money('s."amountSpent"', currency, 'What was paid, less what was refunded or came back.'),
    averageOrderValue: nullable(
      money(
        'round(s."amountOrdered" / nullif(s."numberOfOrders", 0), 4)',
        currency,
        '`amountOrdered` by `numberOfOrders`, to four places. Null: no orders.',
      ),
    ),
    returnRate: nullable(
      float(
        's."amountReturned" / nullif(s."amountOrdered", 0)',
        'Worth of what came back by `amountOrdered`. Null: no orders.',
      ),
    ),
    firstOrderAt: nullable(instant('s."firstOrderAt"', 'Null: no orders.')),
    lastOrderAt: nullable(instant('s."lastOrderAt"', 'Null: no orders.')),
    fact: counted('statistics'),
  },
);

// From one order to the next, of the latest hundred that count.
const gaps = `(SELECT count(*) AS orders, max("at") AS "last", avg(gap) AS mean, stddev_pop(gap) AS spread FROM (
  SELECT "at", extract(epoch FROM "at" - lag("at") OVER (ORDER BY "at")) / 86400 AS gap FROM (
    SELECT o."placedAt" AS "at" ${own('Order', 'o')} AND o."status" NOT IN ('DRAFT', 'CANCELED', 'EXPIRED') ORDER BY o."placedAt" DESC LIMIT 100
  ) latest) between_them) g`;

/** Later than this, the next order is overdue; null where there is no rhythm yet. */
const dueBy = `CASE WHEN g.orders > 2 AND g.mean > 0 THEN g."last" + (g.mean + g.spread) * interval '1 day' END`;

/** Since when a customer's next order is overdue; null where it is not. */
export const overdueSince = `(SELECT CASE WHEN ${dueBy} < c."at" THEN ${dueBy} END FROM ${gaps})`;

const Rhythm = sqlType('ContextRhythm', 'How often they order, by the latest hundred orders.', {
  averageDaysBetweenOrders: float('g.mean', 'Days from one order to the next, on the mean.'),
  deviationDays: float('g.spread', 'How far the gaps lie from that: their standard deviation.'),
  nextOrderExpectedAt: instant(`g."last" + g.mean * interval '1 day'`, 'The last order and the mean gap.'),
  overdueAt: nullable(
    instant(dueBy, 'The last order, the mean gap and the deviation. Null: fewer than three orders, or all at once.'),
  ),
  isOverdue: boolean(`coalesce(${dueBy} < c."at", false)`, 'Whether that has passed.'),
  fact: counted('rhythm'),
});

const RfmGroupEnum = describedEnum('RfmGroup', 'What recency, frequency and monetary value say together.', rfmGroups);

const Bounds = builder.simpleObject('ContextRfmBounds', {
  description: 'Between which values the fifths of the workspace’s buyers lie: four each, ascending.',
  fields: (t) => ({
    recencyDays: t.intList({ description: 'Days since the last order. Fewer is better.' }),
    frequency: t.intList({ description: 'Numbers of orders.' }),
    monetary: t.field({ type: ['Decimal'], description: 'Amounts ordered, gross of returns.' }),
    customers: t.int({ description: 'How many buyers they are counted from.' }),
    computedAt: t.field({
      type: 'DateTime',
      description: 'When they were counted: an hour ago at most, while a process runs.',
    }),
  }),
});

const Rfm = builder.simpleObject('ContextRfm', {
  description:
    'Recency, frequency and monetary value, in the currency of most orders. A score is one more than the bounds a value passes, 5 the best; ' +
    'the group follows from the score of recency and the mean of the other two.',
  fields: (t) => ({
    group: t.field({
      type: RfmGroupEnum,
      nullable: true,
      description: 'What they say together. Null: no bounds counted yet in that currency, which takes an hour at most.',
    }),
    currencyCode: t.field({ type: 'CurrencyCode', nullable: true, description: 'Null: no orders.' }),
    recencyDays: t.int({ nullable: true, description: 'Whole days since the last order. Null: no orders.' }),
    frequency: t.int({ nullable: true, description: 'How many orders. Null: none.' }),
    monetary: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Amount ordered, gross of returns. Null: nothing.',
    }),
    recencyScore: t.int({ nullable: true, description: '1 to 5. Null: no orders, or no bounds counted yet.' }),
    frequencyScore: t.int({ nullable: true, description: '1 to 5. Null: likewise.' }),
    monetaryScore: t.int({ nullable: true, description: '1 to 5. Null: likewise.' }),
    bounds: t.field({
      type: Bounds,
      nullable: true,
      description: 'What the scores are measured by. Null: not counted yet.',
    }),
  }),
});

type Given = Partial<Bought> & { currencyCode?: string; bounds?: RfmBounds | null };

/** As the schema has it. */
function rfmOf(given: unknown, { values }: Asked) {
  const { bounds, currencyCode, lastOrderAt, numberOfOrders, amountOrdered } = given as Given;
  if (!currencyCode || !lastOrderAt || !numberOfOrders || amountOrdered === undefined) return { group: groupOf(null) };
  const at = (values.at as Date).toISOString();
  const scores = bounds
    ? scoresOf({ lastOrderAt, numberOfOrders, amountOrdered }, bounds, values.asOf ? at : bounds.computedAt)
    : null;
  const monetary = (amount: number | string) => formatAmount(amount, currencyCode);
  return {
    group: scores && groupOf(scores),
    currencyCode,
    recencyDays: recencyDaysAt(lastOrderAt, at),
    frequency: numberOfOrders,
    monetary: monetary(amountOrdered),
    recencyScore: scores?.recency,
    frequencyScore: scores?.frequency,
    monetaryScore: scores?.monetary,
    bounds: bounds && {
      ...bounds,
      __typename: 'ContextRfmBounds',
      monetary: bounds.monetary.map(monetary),
      computedAt: new Date(bounds.computedAt).toISOString(),
    },
  };
}

const bought = `coalesce((SELECT json_build_object('currencyCode', s."currencyCode", 'lastOrderAt', s."lastOrderAt", 'numberOfOrders', s."numberOfOrders",
    'amountOrdered', s."amountOrdered"::text, 'bounds', CASE WHEN b."computedAt" IS NOT NULL THEN json_build_object('computedAt', b."computedAt",
      'customers', b."customers", 'recencyDays', b."recencyDays", 'frequency', b."frequency", 'monetary', b."monetary"::text[]) END)
  FROM "CustomerStatistics" s LEFT JOIN "RfmBounds" b ON b."workspaceId" = s."workspaceId" AND b."currencyCode" = s."currencyCode"
  WHERE s."workspaceId" = c."workspaceId" AND s."customerId" = c."id" AND s."numberOfOrders" > 0
  ORDER BY s."numberOfOrders" DESC, s."currencyCode" LIMIT 1), '{}'::json)`;

export const Value = sqlType('ContextValue', 'What they are worth to us and how often they order.', {
  statistics: rows(
    Statistics,
    `${own('CustomerStatistics', 's')} ORDER BY s."currencyCode"`,
    'One for each currency, by its code. Empty: they never bought anything.',
  ),
  rfm: computed({ name: 'ContextRfm', ref: Rfm }, bought, rfmOf, 'Where they stand among the workspace’s buyers.'),
  rhythm: rowOf(Rhythm, `FROM ${gaps} WHERE g.orders > 1`, 'How often they order. Null: fewer than two orders.'),
  fact: counted('value'),
});
