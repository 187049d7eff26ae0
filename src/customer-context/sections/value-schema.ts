import { builder } from '../../graphql/builder.ts';
import { timeOf } from '../../graphql/context.ts';
import { valueObject } from '../../graphql/cost/points.ts';
import { describedEnum } from '../../graphql/enums/described-enum.ts';
import { countedFact, Fact, provenance } from '../../graphql/fields/fact-field.ts';
import type { Transform } from '../../graphql/sql/serializers.ts';
import {
  boolean,
  computed,
  float,
  instant,
  listOf,
  nullable,
  rowOf,
  rows,
  rowsOf,
  sqlType,
} from '../../graphql/sql/sql-types.ts';
import { type RfmProfile, rfmGroups, rfmProfileOf } from '../../orders/statistics/rfm.ts';
import {
  type Recommendation as Recommended,
  recommendationsOf,
  recommendationsSql,
} from '../../recommendations/recommend.ts';
import { Recommendation } from '../../recommendations/recommendations-schema.ts';
import { type RepeatedProducts, repeatedProductsSql, replenishmentsOf } from '../../recommendations/replenish.ts';
import { Replenishment } from '../../recommendations/replenishment-schema.ts';
import { counted } from '../fact-schema.ts';
import { bought, dueBy, orderIntervals, ownOfAnyTime } from '../sql.ts';
import { prediction } from './prediction-schema.ts';

const Rhythm = sqlType('ContextRhythm', 'Order rhythm of the customer, from the latest 100 orders.', {
  meanIntervalDays: float('g.mean', 'Mean number of days between consecutive orders.'),
  deviationDays: float('g.spread', 'Standard deviation of the days between orders.'),
  nextOrderExpectedAt: instant(
    `g."last" + g.mean * interval '1 day'`,
    'When the next order is expected: the time of the last order plus the mean time between orders.',
  ),
  overdueAt: nullable(
    instant(
      dueBy,
      'When the next order becomes overdue: the time of the last order plus the mean time between orders and its ' +
        'standard deviation. Null if there are fewer than three orders, or all were placed at once.',
    ),
  ),
  isOverdue: boolean(`coalesce(${dueBy} < c."at", false)`, 'Whether `overdueAt` has passed.'),
  fact: counted('rhythm'),
});

const RfmGroupEnum = describedEnum('RfmGroup', 'Customer segment by recency, frequency and monetary value.', rfmGroups);

const Bounds = builder.simpleObject('ContextRfmBounds', {
  extensions: valueObject,
  description: 'Bounds that divide the workspace’s buyers into fifths: four for each measure, ascending.',
  fields: (t) => ({
    recencyDays: t.intList({ description: 'Bounds of the days since the last order. Fewer is better.' }),
    frequency: t.intList({ description: 'Bounds of the number of orders.' }),
    monetary: t.field({ type: ['Decimal'], description: 'Bounds of the amount ordered, without subtracting returns.' }),
    customers: t.int({ description: 'Number of buyers the bounds are based on.' }),
    computedAt: t.field({
      type: 'DateTime',
      description: 'When the bounds were computed: at most an hour ago while a server runs.',
    }),
  }),
});

const Rfm = builder.simpleObject('ContextRfm', {
  extensions: valueObject,
  description:
    'Recency, frequency and monetary value in the currency with the most orders. A score is one more than the number ' +
    'of bounds the value passes; 5 is best. The group follows from the recency score and the mean of the other two.',
  fields: (t) => ({
    group: t.field({
      type: RfmGroupEnum,
      nullable: true,
      description:
        'Segment of the customer. Null until bounds are computed for the currency, which takes at most an hour.',
    }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      nullable: true,
      description: 'Currency with the most orders. Null if there are no orders.',
    }),
    recencyDays: t.int({
      nullable: true,
      description: 'Whole days since the last order. Null if there are no orders.',
    }),
    frequency: t.int({ nullable: true, description: 'Number of orders. Null if there are no orders.' }),
    monetary: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Amount ordered, without subtracting returns. Null if there are no orders.',
    }),
    recencyScore: t.int({ nullable: true, description: 'Recency score, 1 to 5. Null without orders or bounds.' }),
    frequencyScore: t.int({ nullable: true, description: 'Frequency score, 1 to 5. Null without orders or bounds.' }),
    monetaryScore: t.int({ nullable: true, description: 'Monetary score, 1 to 5. Null without orders or bounds.' }),
    bounds: t.field({
      type: Bounds,
      nullable: true,
      description: 'Bounds that the scores are based on. Null if not computed yet.',
    }),
    fact: t.field({ type: Fact, description: provenance }),
  }),
});

// Shapes the scores as the schema defines them.
const rfmOf: Transform = (given, { context }) => {
  const at = timeOf(context);
  const { customerId, bought } = given as { customerId: string; bought: RfmProfile };
  const profile = rfmProfileOf(bought, at, context.asOf !== null);
  const bounds = profile.bounds && { ...profile.bounds, computedAt: new Date(profile.bounds.computedAt) };
  return { ...profile, bounds, fact: countedFact('rfm', customerId, null, at) };
};

export const Value = sqlType('ContextValue', 'Value of the customer to the business, and their order rhythm.', {
  statistics: rows(
    rowsOf('CustomerStatistics', 's'),
    `${ownOfAnyTime('CustomerStatistics', 's')} ORDER BY s."currencyCode"`,
    'Purchase statistics, one per currency, sorted by currency code. Empty if the customer never bought anything.',
  ),
  rfm: computed(
    Rfm,
    `json_build_object('customerId', c."id", 'bought', ${bought})`,
    rfmOf,
    'RFM scores of the customer among the workspace’s buyers.',
  ),
  rhythm: rowOf(
    Rhythm,
    `FROM ${orderIntervals} WHERE g.orders > 1`,
    'Order rhythm of the customer. Null if there are fewer than two orders.',
  ),
  prediction,
  replenishments: listOf(
    computed(
      Replenishment,
      `json_build_object('customerId', c."id", 'products', ${repeatedProductsSql('c."id"', 'c."at"')})`,
      (given, { context }) => replenishmentsOf(given as RepeatedProducts, timeOf(context)),
      'Products that the customer buys again and again, with the next purchase to expect, soonest first. At most 50.',
    ),
  ),
  recommendations: nullable(
    listOf(
      computed(
        Recommendation,
        recommendationsSql('c."id"'),
        (items) => recommendationsOf(items as Recommended[]),
        'Products that go with what the customer bought, best first. At most 10. Never one that they already have or ' +
          'that cannot be bought. With `asOf`, the counts of orders are those of today. Null before the first count.',
      ),
    ),
  ),
});
