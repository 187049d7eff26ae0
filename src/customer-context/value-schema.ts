import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import type { Finish } from '../graphql/sql-answer.ts';
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
import { counted, countedNow, FactType } from './fact-schema.ts';
import { rfmGroups, type Standing, standingOf } from './rfm.ts';
import { bought, dueBy, gaps, own } from './sql.ts';

const currency = 's."currencyCode"';

const Statistics = sqlType(
  'ContextStatistics',
  'What they bought, summed up in one currency. Drafts, canceled and expired orders count nowhere.',
  {
    currencyCode: value('CurrencyCode', currency, 'The currency that all of this is in.'),
    numberOfOrders: int('s."numberOfOrders"', 'How many orders.'),
    amountOrdered: money('s."amountOrdered"', currency, 'Their totals together, whatever was paid or came back.'),
    amountSpent: money(
      's."amountSpent"',
      currency,
      'What was paid, less what was refunded or returned, whichever is more; an order never adds less than nothing. ' +
        'Below zero only for returns whose order is not known.',
    ),
    averageOrderValue: nullable(
      money(
        'round(s."amountOrdered" / nullif(s."numberOfOrders", 0), 4)',
        currency,
        '`amountOrdered` by `numberOfOrders`, to four places. Null: no orders.',
      ),
    ),
    returnRate: nullable(
      float(
        'CASE WHEN s."amountOrdered" <> 0 THEN least(1, s."amountReturned" / s."amountOrdered") END',
        'Share of `amountOrdered` that was returned, 0 to 1. Null if nothing was ordered.',
      ),
    ),
    firstOrderAt: nullable(instant('s."firstOrderAt"', 'Null: no orders.')),
    lastOrderAt: nullable(instant('s."lastOrderAt"', 'Null: no orders.')),
    fact: counted('statistics', currency),
  },
);

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
    fact: t.field({ type: FactType, description: 'How this is known.' }),
  }),
});

// As the schema has it.
const rfmOf: Finish = (given, { values }) => {
  const { customerId, bought } = given as { customerId: string; bought: Standing };
  const at = values.at as Date;
  const standing = standingOf(bought, at, values.asOf !== null);
  const bounds = standing.bounds && { ...standing.bounds, __typename: 'ContextRfmBounds' };
  return { ...standing, bounds, fact: countedNow('rfm', customerId, at) };
};

export const Value = sqlType('ContextValue', 'What they are worth to us and how often they order.', {
  statistics: rows(
    Statistics,
    `${own('CustomerStatistics', 's')} ORDER BY s."currencyCode"`,
    'One for each currency, by its code. Empty: they never bought anything.',
  ),
  rfm: computed(
    { name: 'ContextRfm', ref: Rfm },
    `json_build_object('customerId', c."id", 'bought', ${bought})`,
    rfmOf,
    'Where they stand among the workspace’s buyers.',
  ),
  rhythm: rowOf(Rhythm, `FROM ${gaps} WHERE g.orders > 1`, 'How often they order. Null: fewer than two orders.'),
});
