import { builder } from '../graphql/builder.ts';
import { timeOf } from '../graphql/context.ts';
import { cost } from '../graphql/cost/points.ts';
import { countedFact, Fact, provenance } from '../graphql/fields/fact-field.ts';
import { computedBySql, readBySql } from './computed-field-schema.ts';
import { AvailabilityEnum } from './recommendations-schema.ts';
import {
  mostProducts,
  type RepeatedProducts,
  repeatedProductsSql,
  replenishmentsOf,
  type Replenishment as Shape,
} from './replenish.ts';

export const Replenishment = builder.objectRef<Shape>('Replenishment').implement({
  description:
    'Product that a customer bought on at least three days (UTC), and when to expect the next purchase. Computed from ' +
    'the latest 50 orders with the product. Draft, canceled and expired orders do not count.',
  fields: (t) => ({
    productId: t.exposeID('productId', { description: 'ID of the product, to pass to `product`.' }),
    title: t.exposeString('title', { description: 'Current name of the product.' }),
    availability: t.expose('availability', {
      type: AvailabilityEnum,
      description: 'Whether the product can be bought now.',
    }),
    purchases: t.exposeInt('purchases', { description: 'Number of days on which the customer bought the product.' }),
    medianDays: t.exposeFloat('medianDays', { description: 'Median of the days between purchases.' }),
    spreadDays: t.exposeFloat('spreadDays', {
      description: 'Median of the absolute differences between the days and `medianDays`. 0 for a steady rhythm.',
    }),
    lastBoughtAt: t.expose('lastBoughtAt', {
      type: 'DateTime',
      description: 'When the customer last bought the product.',
    }),
    nextExpectedAt: t.expose('nextExpectedAt', {
      type: 'DateTime',
      description: 'When to expect the next purchase: `medianDays` after `lastBoughtAt`.',
    }),
    isDue: t.exposeBoolean('isDue', { description: 'Whether `nextExpectedAt` has passed.' }),
    orderIds: t.exposeIDList('orderIds', { description: 'IDs of the orders behind the date, newest first.' }),
    fact: t.field({
      type: Fact,
      description: provenance,
      resolve: ({ customerId, product }, _args, context) =>
        countedFact('replenishment', customerId, product, timeOf(context)),
    }),
  }),
});

const productsSql = (customerId: string) =>
  `json_build_object('customerId', ${customerId}, 'products', ${repeatedProductsSql(customerId, 'now()')})`;

builder.prismaObjectField('Customer', 'replenishments', (t) =>
  t.field({
    type: [Replenishment],
    description:
      `Products that the customer buys again and again, with the next purchase to expect, soonest first. At most ${mostProducts}. ` +
      'Empty if no product was bought on at least three days.',
    authScopes: { scope: 'orders:read' },
    select: { id: true },
    extensions: {
      query: computedBySql(productsSql, (given, { context }) =>
        replenishmentsOf(given as RepeatedProducts, timeOf(context)),
      ),
      ...cost({ size: mostProducts }),
    },
    resolve: async ({ id }, _args, context) => {
      const found = await readBySql<RepeatedProducts>(context.db, productsSql, id);
      return found ? replenishmentsOf(found, timeOf(context)) : [];
    },
  }),
);
