import { builder } from '../graphql/builder.ts';
import { defineList } from '../graphql/list.ts';
import { amount } from '../lib/money.ts';

const scope = 'orders:read';
const dayMs = 86_400_000;

builder.prismaObject('CustomerStatistics', {
  description:
    'What a customer bought, summed up in one currency. Kept with every write, so reading it costs one row however long the history. ' +
    'Drafts, canceled and expired orders count nowhere.',
  authScopes: { scope },
  select: { currencyCode: true },
  fields: (t) => ({
    currencyCode: t.expose('currencyCode', {
      type: 'CurrencyCode',
      description: 'The currency that all of this is in.',
    }),
    numberOfOrders: t.exposeInt('numberOfOrders', { description: 'How many orders.' }),
    amountOrdered: t.field({
      type: 'Money',
      description: 'Their totals together, whatever was paid or came back.',
      select: { amountOrdered: true },
      resolve: ({ amountOrdered, currencyCode }) => ({ amount: amountOrdered, currencyCode }),
    }),
    amountSpent: t.field({
      type: 'Money',
      description:
        'What was paid, less what was refunded or returned, whichever is more; an order never adds less than nothing. ' +
        'Below zero only for returns whose order is not known.',
      select: { amountSpent: true },
      resolve: ({ amountSpent, currencyCode }) => ({ amount: amountSpent, currencyCode }),
    }),
    averageOrderValue: t.field({
      type: 'Money',
      nullable: true,
      description: '`amountOrdered` by `numberOfOrders`, to four places. Null: no orders.',
      select: { amountOrdered: true, numberOfOrders: true },
      resolve: ({ amountOrdered, numberOfOrders, currencyCode }) =>
        numberOfOrders > 0
          ? { amount: amount(amountOrdered).div(numberOfOrders).toDecimalPlaces(4), currencyCode }
          : null,
    }),
    returnRate: t.float({
      nullable: true,
      description: 'Share of `amountOrdered` that was returned, 0 to 1. Null if nothing was ordered.',
      select: { amountReturned: true, amountOrdered: true },
      resolve: ({ amountReturned, amountOrdered }) =>
        amount(amountOrdered).isZero()
          ? null
          : Math.min(1, amount(amountReturned).div(amount(amountOrdered)).toNumber()),
    }),
    firstOrderAt: t.expose('firstOrderAt', { type: 'DateTime', nullable: true, description: 'Null: no orders.' }),
    lastOrderAt: t.expose('lastOrderAt', { type: 'DateTime', nullable: true, description: 'Null: no orders.' }),
    averageDaysBetweenOrders: t.float({
      nullable: true,
      description: 'Days from the first to the last order by the gaps between them. Null: fewer than two orders.',
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
    description: 'What they bought, summed up: one for each currency, by its code. Empty: they never bought anything.',
    authScopes: { scope },
    query: { orderBy: { currencyCode: 'asc' } },
  }),
);

builder.prismaObject('PurchasedProduct', {
  description: 'A product that a customer owns.',
  authScopes: { scope },
  select: { productId: true },
  fields: (t) => ({
    product: t.relation('product', { description: 'The product.' }),
    timesBought: t.exposeInt('timesBought', { description: 'In how many orders.' }),
    quantity: t.exposeInt('quantity', { description: 'How many in all, returns not taken off.' }),
    firstBoughtAt: t.expose('firstBoughtAt', { type: 'DateTime', description: 'When first.' }),
    lastBoughtAt: t.expose('lastBoughtAt', { type: 'DateTime', description: 'When last.' }),
  }),
});

defineList('PurchasedProduct', {
  plural: 'products owned',
  orderBy: { LAST_BOUGHT_AT: { column: 'lastBoughtAt', description: 'When last bought.' } },
  tieBreaker: 'productId',
  direction: 'desc',
}).addToType('Customer', {
  name: 'purchasedProducts',
  on: { customerId: 'id' },
  scope,
  description: 'What they own, last bought first. Drafts, canceled and expired orders are left out.',
});
