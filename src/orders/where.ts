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
} from '../graphql/filters/filters.ts';
import { some } from '../graphql/filters/predicate.ts';
import { column, type FilterContext, idColumn, uuidOf, whereInput } from '../graphql/filters/where.ts';
import { OrderStatusEnum, PaymentStatusEnum, SalesChannelEnum } from './enums.ts';

const scope = 'orders:read';
const SalesChannelFilter = enumFilter('SalesChannel', SalesChannelEnum);

export const OrderWhere = whereInput('Order', {
  number: column('number', StringFilter, 'Human-readable number of the order.'),
  source: column('source', StringFilter, 'System that issued the external ID.'),
  placedAt: column('placedAt', DateTimeFilter, 'When the order was placed.'),
  updatedAt: column('updatedAt', DateTimeFilter, 'When the order last changed.'),
  total: column('total', DecimalFilter, 'Amount to pay, in the currency of the order.'),
  currencyCode: column('currencyCode', StringFilter, 'Currency of the order, as an ISO 4217 code.'),
  status: column(
    'status',
    enumFilter('OrderStatus', OrderStatusEnum),
    'Status of the order, which takes returns into account.',
  ),
  paymentStatus: column(
    'paymentStatus',
    enumFilter('PaymentStatus', PaymentStatusEnum),
    'Payment status of the order.',
  ),
  channel: column('channel', SalesChannelFilter, 'Channel the order was placed through.'),
  customerId: idColumn('customerId', 'Customer', 'ID of the customer who placed the order.'),
  productId: {
    type: 'ID',
    description: 'ID of a product that the order must contain.',
    toPredicate: (id: string, { path }: FilterContext) => some('lines', { productId: uuidOf('Product', id, path) }),
  },
});

const PurchasedFilter = builder.inputType('PurchasedFilter', {
  description: 'Conditions on a purchased product. The same product must meet all of them.',
  fields: (t) => ({
    productId: t.id({ description: 'ID of the purchased product.' }),
    category: t.field({ type: StringFilter, description: 'Category of the purchased product.' }),
    timesBought: t.field({ type: IntFilter, description: 'Number of orders that contain the product.' }),
    lastBoughtAt: t.field({ type: DateTimeFilter, description: 'When the customer last bought the product.' }),
  }),
});

type Purchased = { productId?: string; category?: Operators; timesBought?: Operators; lastBoughtAt?: Operators };

CustomerWhere.add('purchased', {
  scope,
  type: PurchasedFilter,
  description: 'Customers who bought a matching product.',
  toPredicate: ({ productId, category, ...filters }: Purchased, { path }: FilterContext) =>
    someRow('purchasedProducts', 'PurchasedProduct', filters, {
      ...(productId !== undefined && { productId: uuidOf('Product', productId, [...path, 'productId']) }),
      ...(category && { product: valueFilter('Product', 'category', category).holds }),
    }),
});

const StatisticsFilter = builder.inputType('CustomerStatisticsFilter', {
  description: 'Conditions on the purchase statistics in one currency. All of them must match.',
  fields: (t) => ({
    currencyCode: t.field({
      type: 'CurrencyCode',
      required: true,
      description: 'Currency of the statistics to compare.',
    }),
    numberOfOrders: t.field({ type: IntFilter, description: 'Number of orders in this currency.' }),
    amountSpent: t.field({ type: DecimalFilter, description: 'Amount paid, minus refunds and returns.' }),
    lastOrderAt: t.field({ type: DateTimeFilter, description: 'When the customer last placed an order.' }),
  }),
});

CustomerWhere.add('statistics', {
  scope,
  type: StatisticsFilter,
  description:
    'Customers with matching purchase statistics. Customers who never bought anything in that currency have none.',
  toPredicate: ({ currencyCode, ...filters }: { currencyCode: string } & Record<string, Operators>) =>
    someRow('statistics', 'CustomerStatistics', filters, { currencyCode }),
});

CustomerWhere.add('boughtVia', {
  scope,
  type: SalesChannelFilter,
  description: 'Customers who placed an order through a matching channel.',
  toPredicate: (channel: Operators) => someRow('orders', 'Order', { channel }),
});
