import { CustomerWhere } from '../customers/where.ts';
import { builder } from '../graphql/builder.ts';
import {
  DateTimeFilter,
  DecimalFilter,
  enumFilter,
  IntFilter,
  type Operators,
  StringFilter,
  someRow,
  valueFilter,
} from '../graphql/filters.ts';
import { some } from '../graphql/predicate.ts';
import { type At, column, idColumn, uuidOf, whereInput } from '../graphql/where.ts';
import { OrderStatusEnum, PaymentStatusEnum, SalesChannelEnum } from './enums.ts';

const scope = 'orders:read';
const SalesChannelFilter = enumFilter('SalesChannel', SalesChannelEnum);

export const OrderWhere = whereInput('Order', {
  number: column('number', StringFilter, 'What people call it by.'),
  source: column('source', StringFilter, 'The system it came from.'),
  placedAt: column('placedAt', DateTimeFilter, 'When it was placed.'),
  updatedAt: column('updatedAt', DateTimeFilter, 'When it last changed.'),
  total: column('total', DecimalFilter, 'What there was to pay, in its own currency.'),
  currencyCode: column('currencyCode', StringFilter, 'Its currency.'),
  status: column('status', enumFilter('OrderStatus', OrderStatusEnum), 'How far it has got.'),
  paymentStatus: column(
    'paymentStatus',
    enumFilter('PaymentStatus', PaymentStatusEnum),
    'What has become of the money.',
  ),
  channel: column('channel', SalesChannelFilter, 'Where it was bought.'),
  customerId: idColumn('customerId', 'Customer', 'Bought by this customer.'),
  productId: {
    type: 'ID',
    description: 'Has a line of this product.',
    toPredicate: (id: string, { path }: At) => some('lines', { productId: uuidOf('Product', id, path) }),
  },
});

const PurchasedFilter = builder.inputType('PurchasedFilter', {
  description: 'A product that somebody bought; conditions side by side must hold of the same product.',
  fields: (t) => ({
    productId: t.id({ description: 'This product.' }),
    category: t.field({ type: StringFilter, description: 'A product of such a category.' }),
    timesBought: t.field({ type: IntFilter, description: 'In so many orders.' }),
    lastBoughtAt: t.field({ type: DateTimeFilter, description: 'Last bought then.' }),
  }),
});

type Purchased = { productId?: string; category?: Operators; timesBought?: Operators; lastBoughtAt?: Operators };

CustomerWhere.add('purchased', {
  scope,
  type: PurchasedFilter,
  description: 'Bought something that meets this.',
  toPredicate: ({ productId, category, ...filters }: Purchased, { path }: At) =>
    someRow('purchasedProducts', 'PurchasedProduct', filters, {
      ...(productId !== undefined && { productId: uuidOf('Product', productId, [...path, 'productId']) }),
      ...(category && { product: valueFilter('Product', 'category', category).holds }),
    }),
});

const StatisticsFilter = builder.inputType('CustomerStatisticsFilter', {
  description: 'Statistics in one currency; conditions side by side must all hold.',
  fields: (t) => ({
    currencyCode: t.field({ type: 'CurrencyCode', required: true, description: 'The currency they are counted in.' }),
    numberOfOrders: t.field({ type: IntFilter, description: 'How many orders.' }),
    amountSpent: t.field({ type: DecimalFilter, description: 'Paid, less refunded and returned.' }),
    lastOrderAt: t.field({ type: DateTimeFilter, description: 'When they last bought something.' }),
  }),
});

CustomerWhere.add('statistics', {
  scope,
  type: StatisticsFilter,
  description: 'Have statistics that meet this. Who never bought anything in that currency has none.',
  toPredicate: ({ currencyCode, ...filters }: { currencyCode: string } & Record<string, Operators>) =>
    someRow('statistics', 'CustomerStatistics', filters, { currencyCode }),
});

CustomerWhere.add('boughtVia', {
  scope,
  type: SalesChannelFilter,
  description: 'Placed an order in such a channel.',
  toPredicate: (channel: Operators) => someRow('orders', 'Order', { channel }),
});
