import { builder } from '../../graphql/builder.ts';
import { timeOf } from '../../graphql/context.ts';
import { countedFact, Fact, provenance } from '../../graphql/fields/fact-field.ts';
import { money } from '../../graphql/fields/money-field.ts';
import { defineList } from '../../graphql/lists/list.ts';
import { amount } from '../../lib/money.ts';

const scope = 'orders:read';
const dayMs = 86_400_000;

builder.prismaObject('CustomerStatistics', {
  description:
    'Purchase statistics of a customer in one currency. Every write updates the statistics, so a read takes one row, ' +
    'no matter how long the history is. Draft, canceled and expired orders are not counted.',
  authScopes: { scope },
  select: { currencyCode: true },
  fields: (t) => ({
    currencyCode: t.expose('currencyCode', {
      type: 'CurrencyCode',
      description: 'Currency of all amounts in these statistics.',
    }),
    numberOfOrders: t.exposeInt('numberOfOrders', { description: 'Number of orders in this currency.' }),
    amountOrdered: t.field(
      money('amountOrdered', 'currencyCode', 'Sum of order totals, regardless of payments and returns.'),
    ),
    amountSpent: t.field(
      money(
        'amountSpent',
        'currencyCode',
        'Amount paid minus the amount refunded or returned, whichever is larger, and at least 0 for each order. Only ' +
          'returns of unknown orders can make it negative.',
      ),
    ),
    averageOrderValue: t.field({
      type: 'Money',
      nullable: true,
      description: '`amountOrdered` divided by `numberOfOrders`, to four decimal places. Null if there are no orders.',
      select: { amountOrdered: true, numberOfOrders: true },
      resolve: ({ amountOrdered, numberOfOrders, currencyCode }) =>
        numberOfOrders > 0
          ? { amount: amount(amountOrdered).div(numberOfOrders).toDecimalPlaces(4), currencyCode }
          : null,
    }),
    returnRate: t.float({
      nullable: true,
      description: 'Share of `amountOrdered` that was returned, from 0 to 1. Null if `amountOrdered` is 0.',
      select: { amountReturned: true, amountOrdered: true },
      resolve: ({ amountReturned, amountOrdered }) =>
        amount(amountOrdered).isZero()
          ? null
          : Math.min(1, amount(amountReturned).div(amount(amountOrdered)).toNumber()),
    }),
    firstOrderAt: t.expose('firstOrderAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first order was placed. Null if there are no orders.',
    }),
    lastOrderAt: t.expose('lastOrderAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last order was placed. Null if there are no orders.',
    }),
    fact: t.field({
      type: Fact,
      description: provenance,
      select: { customerId: true },
      resolve: ({ customerId, currencyCode }, _args, context) =>
        countedFact('statistics', customerId, currencyCode, timeOf(context)),
    }),
    averageDaysBetweenOrders: t.float({
      nullable: true,
      description: 'Average number of days between consecutive orders. Null if there are fewer than two orders.',
      select: { firstOrderAt: true, lastOrderAt: true, numberOfOrders: true },
      resolve: ({ firstOrderAt, lastOrderAt, numberOfOrders }) =>
        firstOrderAt && lastOrderAt && numberOfOrders > 1
          ? (lastOrderAt.getTime() - firstOrderAt.getTime()) / dayMs / (numberOfOrders - 1)
          : null,
    }),
  }),
});

builder.prismaObjectField('Customer', 'statistics', (t) =>
  t.relation('statistics', {
    description:
      'Purchase statistics, one per currency, sorted by currency code. Empty if the customer never bought ' +
      'anything.',
    authScopes: { scope },
    query: { orderBy: { currencyCode: 'asc' } },
  }),
);

builder.prismaObject('PurchasedProduct', {
  description: 'Product that a customer bought.',
  authScopes: { scope },
  select: { productId: true },
  fields: (t) => ({
    product: t.relation('product', { description: 'Product the customer bought.' }),
    timesBought: t.exposeInt('timesBought', { description: 'Number of orders that contain the product.' }),
    quantity: t.exposeInt('quantity', { description: 'Number of units bought, without subtracting returns.' }),
    firstBoughtAt: t.expose('firstBoughtAt', {
      type: 'DateTime',
      description: 'When the customer first bought the product.',
    }),
    lastBoughtAt: t.expose('lastBoughtAt', {
      type: 'DateTime',
      description: 'When the customer last bought the product.',
    }),
    fact: t.field({
      type: Fact,
      description: provenance,
      select: { customerId: true },
      resolve: ({ customerId, productId }, _args, context) =>
        countedFact('ownership', customerId, productId, timeOf(context)),
    }),
  }),
});

defineList('PurchasedProduct', {
  plural: 'purchased products',
  orderBy: { LAST_BOUGHT_AT: { column: 'lastBoughtAt', description: 'When the customer last bought the product.' } },
  tieBreaker: 'productId',
  direction: 'desc',
}).addToType('Customer', {
  name: 'purchasedProducts',
  on: { customerId: 'id' },
  scope,
  description:
    'Products the customer bought, latest purchase first. Draft, canceled and expired orders are not counted.',
});
