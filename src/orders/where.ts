import { CustomerWhere } from '../customers/where.ts';
import { builder } from '../graphql/builder.ts';
import {
  all,
  type Condition,
  column,
  DateTimeFilter,
  DecimalFilter,
  enumFilter,
  IntFilter,
  idColumn,
  operators,
  StringFilter,
  uuidOf,
  whereInput,
} from '../graphql/where.ts';
import { OrderStatusEnum, PaymentStatusEnum, SalesChannelEnum } from './enums.ts';

const scope = 'orders:read';
const SalesChannelFilter = enumFilter('SalesChannel', SalesChannelEnum);

export const OrderWhere = whereInput('OrderWhere', {
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
    toCondition: (id: string) => ({ lines: { some: { productId: uuidOf('Product', id, 'productId') } } }),
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

CustomerWhere.add('purchased', {
  scope,
  type: PurchasedFilter,
  description: 'Bought something that meets this.',
  toCondition: ({ productId, category, timesBought, lastBoughtAt }: Record<string, Condition | string>) => ({
    purchasedProducts: {
      some: all([
        ...(typeof productId === 'string' ? [{ productId: uuidOf('Product', productId, 'productId') }] : []),
        ...operatorsOf(category).map((each) => ({ product: { category: each } })),
        ...operatorsOf(timesBought).map((each) => ({ timesBought: each })),
        ...operatorsOf(lastBoughtAt).map((each) => ({ lastBoughtAt: each })),
      ]),
    },
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
  toCondition: ({ currencyCode, ...filters }: Record<string, Condition>) => ({
    statistics: {
      some: all([
        { currencyCode },
        ...Object.entries(filters).flatMap(([name, filter]) => operatorsOf(filter).map((each) => ({ [name]: each }))),
      ]),
    },
  }),
});

CustomerWhere.add('boughtVia', {
  scope,
  type: SalesChannelFilter,
  description: 'Placed an order in such a channel.',
  toCondition: (value: Condition) => ({ orders: { some: all(operators(value).map((each) => ({ channel: each }))) } }),
});

function operatorsOf(filter: unknown): Condition[] {
  return typeof filter === 'object' && filter !== null ? operators({ ...filter }) : [];
}
