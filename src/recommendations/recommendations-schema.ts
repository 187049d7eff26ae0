import { builder } from '../graphql/builder.ts';
import { cost, valueObject } from '../graphql/cost/points.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { availabilities } from './availability.ts';
import { mostPairs } from './best-pairs.ts';
import { computedBySql, readBySql } from './computed-field-schema.ts';
import {
  type BoughtTogether,
  boughtTogetherOf,
  boughtTogetherSql,
  mostReasons,
  mostRecommendations,
  type Reason,
  recommendationsOf,
  recommendationsSql,
  type Recommendation as Shape,
} from './recommend.ts';

const scope = 'orders:read';

export const AvailabilityEnum = describedEnum(
  'ProductAvailability',
  'Whether a product can be bought, by its own state and that of its variants.',
  availabilities,
);

type PairShape = Omit<BoughtTogether, 'availability'>;

function pairFields(t: PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, PairShape>) {
  return {
    productId: t.exposeID('productId', { description: 'ID of this product, to pass to `product`.' }),
    title: t.exposeString('title', { description: 'Current name of the product.' }),
    orders: t.exposeInt('orders', { description: 'Number of orders with both products.' }),
    support: t.exposeFloat('support', { description: 'Share of all orders that have both products, from 0 to 1.' }),
    confidence: t.exposeFloat('confidence', {
      description: 'Share of the orders with the bought product that have the other one too, from 0 to 1.',
    }),
    lift: t.exposeFloat('lift', {
      description:
        'Number of orders with both products, divided by the number to expect if they were bought independently. ' +
        'Above 1, they are bought together more often than by chance.',
    }),
    cosine: t.exposeFloat('cosine', {
      description:
        'Number of orders with both products, divided by the geometric mean of the numbers of orders with each. From ' +
        '0 to 1.',
    }),
    latestOrderIds: t.exposeIDList('latestOrderIds', {
      description: 'IDs of the latest orders with both products, newest first. At most five.',
    }),
  };
}

const BoughtTogetherType = builder.objectRef<BoughtTogether>('BoughtTogether').implement({
  description: 'Product in the same orders as another one, with the measures of that pair.',
  fields: (t) => ({
    ...pairFields(t as never),
    availability: t.expose('availability', {
      type: AvailabilityEnum,
      description: 'Whether the product can be bought. Never `UNAVAILABLE`.',
    }),
  }),
});

const ReasonType = builder.objectRef<Reason>('RecommendationReason').implement({
  extensions: valueObject,
  description: 'Purchase of the customer that a recommendation is based on, and how often both are bought together.',
  fields: (t) => ({
    ...pairFields(t as never),
    orderId: t.exposeID('orderId', {
      nullable: true,
      description: 'ID of the customer’s latest order with the product. Null if it was changed since.',
    }),
  }),
});

export const Recommendation = builder.objectRef<Shape>('Recommendation').implement({
  description: 'Product to recommend to a customer, and the purchases behind it.',
  fields: (t) => ({
    productId: t.exposeID('productId', { description: 'ID of the product to recommend.' }),
    title: t.exposeString('title', { description: 'Current name of the product.' }),
    availability: t.expose('availability', {
      type: AvailabilityEnum,
      description: 'Whether the product can be bought. Never `UNAVAILABLE`.',
    }),
    score: t.exposeFloat('score', {
      description: 'Sum of `cosine` over the customer’s latest 50 products. Only compares products of one customer.',
    }),
    reasons: t.expose('reasons', {
      type: [ReasonType],
      description: `Purchases behind the recommendation, highest cosine first. At most ${mostReasons}.`,
    }),
  }),
});

const window =
  'Counts the orders of the last 365 days before the latest count, except draft, canceled and expired ones. A server ' +
  'counts every day. Null before the first count, and for customer tokens.';

builder.prismaObjectField('Product', 'boughtTogether', (t) =>
  t.field({
    type: [BoughtTogetherType],
    nullable: true,
    description:
      `Products that are bought in the same orders, at least three times, highest cosine first. At most ${mostPairs}. ` +
      `Leaves out products that cannot be bought. ${window}`,
    authScopes: { scope },
    select: { id: true },
    extensions: {
      query: computedBySql(boughtTogetherSql, (pairs) => boughtTogetherOf(pairs as BoughtTogether[])),
      ...cost({ size: mostPairs }),
    },
    resolve: async ({ id }, _args, { db }) => {
      const pairs = await readBySql<BoughtTogether[]>(db, boughtTogetherSql, id);
      return pairs && boughtTogetherOf(pairs);
    },
  }),
);

builder.prismaObjectField('Customer', 'recommendations', (t) =>
  t.field({
    type: [Recommendation],
    nullable: true,
    description:
      'Products to recommend, because they are bought together with what the customer bought. Best first, at most ' +
      `${mostRecommendations}. Leaves out everything the customer has ever bought, because it may be durable, and ` +
      `products that cannot be bought. ${window}`,
    authScopes: { scope },
    select: { id: true },
    extensions: {
      query: computedBySql(recommendationsSql, (items) => recommendationsOf(items as Shape[])),
      ...cost({ size: mostRecommendations }),
    },
    resolve: async ({ id }, _args, { db }) => {
      const items = await readBySql<Shape[]>(db, recommendationsSql, id);
      return items && recommendationsOf(items);
    },
  }),
);
