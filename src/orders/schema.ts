import { builder } from '../graphql/builder.ts';
import { defineLookup } from '../graphql/entities.ts';
import { defineList } from '../graphql/list.ts';
import { encodeId } from '../lib/ids.ts';
import {
  FulfillmentStatusEnum,
  OrderStatusEnum,
  PaymentKindEnum,
  PaymentStatusEnum,
  SalesChannelEnum,
} from './enums.ts';
import { OrderWhere } from './where.ts';

const scope = 'orders:read';

builder.prismaNode('Order', {
  nullable: true,
  description: 'Something that was bought, or is about to be.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    number: t.exposeString('number', { description: 'What people call it by. Unless given, its external id.' }),
    source: t.exposeString('source', { nullable: true, description: 'The system it came from. Null: none.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its id there. Null: it has none.' }),
    customer: t.relation('customer', { nullable: true, description: 'Who bought it. Null: a guest.' }),
    location: t.relation('location', { nullable: true, description: 'The branch or shop. Null: none, or not known.' }),
    channel: t.expose('channel', { type: SalesChannelEnum, description: 'Where it was bought.' }),
    placedAt: t.expose('placedAt', { type: 'DateTime', description: 'When it was placed.' }),
    status: t.expose('status', {
      type: OrderStatusEnum,
      description: 'How far it has got. Follows from the status last written and the returns that were received.',
    }),
    paymentStatus: t.expose('paymentStatus', {
      type: PaymentStatusEnum,
      description:
        'What has become of the money. Follows from the payments and the total; where none are recorded, from what was written. A free ' +
        'order is PAID.',
    }),
    cancelReason: t.exposeString('cancelReason', {
      nullable: true,
      description: 'Why it was called off. Null: it was not, or nobody said.',
    }),
    shippingAddress: t.expose('shippingAddress', {
      type: 'JSON',
      nullable: true,
      description: '`{ lines, city, region, postalCode, countryCode }` as it was at the time. Null: not given.',
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'What was noted. Null: nothing.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first written here.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    version: t.exposeInt('version', {
      description: '1, and one more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

// Amounts share the order's currency, which stands once in the row.
const amounts = {
  subtotal: 'The lines together.',
  discount: 'What was taken off.',
  shipping: 'What sending it cost the customer.',
  tax: 'Tax that comes on top of the lines.',
  total: 'What there was to pay: subtotal less discount, plus shipping and tax.',
  amountPaid:
    'Sum of the payments. Where none are recorded, what the stated payment status says: PAID counts the total.',
  amountRefunded: 'Sum of the refunds. Where none are recorded, what the stated payment status says.',
  amountReturned: 'Refund amounts of the returns that were received, at most the total.',
} as const;
for (const [column, description] of Object.entries(amounts)) {
  const name = column as keyof typeof amounts;
  builder.prismaObjectField('Order', name, (t) =>
    t.field({
      type: 'Money',
      description,
      select: { [name]: true, currencyCode: true } as { total: true; currencyCode: true },
      resolve: (order) => ({
        amount: (order as Record<string, unknown>)[name] as string,
        currencyCode: order.currencyCode,
      }),
    }),
  );
}

builder.prismaNode('OrderLine', {
  nullable: true,
  description: 'One product of an order, as it was sold. It keeps its ID when lines are reordered, added or removed.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, order: { select: { customerId: true } } },
  fields: (t) => ({
    source: t.exposeString('source', {
      nullable: true,
      description: 'System that `externalId` is from. Null if the line has none.',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'ID of the line in that system. Null if it has none.',
    }),
    product: t.relation('product', {
      nullable: true,
      description: 'Null: it is no product (postage), or not one we know.',
    }),
    variant: t.relation('variant', { nullable: true, description: 'Null: not known.' }),
    sku: t.exposeString('sku', { nullable: true, description: 'Stock-keeping unit as it was sold. Null: none.' }),
    title: t.exposeString('title', { description: 'Its name as it was sold.' }),
    quantity: t.exposeInt('quantity', { description: 'How many; at least 1.' }),
    returnedQuantity: t.exposeInt('returnedQuantity', { description: 'How many of them came back.' }),
    unitPrice: t.field({
      type: 'Money',
      description: 'The price of one, as it was sold.',
      select: { unitPrice: true, order: { select: { currencyCode: true } } },
      resolve: ({ unitPrice, order }) => ({ amount: unitPrice, currencyCode: order.currencyCode }),
    }),
    total: t.field({
      type: 'Money',
      description: 'What the line came to: quantity times unit price, give or take rounding.',
      select: { total: true, order: { select: { currencyCode: true } } },
      resolve: ({ total, order }) => ({ amount: total, currencyCode: order.currencyCode }),
    }),
  }),
});

builder.prismaObject('Payment', {
  description: 'Money that came in for an order, or went back.',
  authScopes: { scope },
  select: { id: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Its id.', resolve: ({ id }) => encodeId('Payment', id) }),
    kind: t.expose('kind', { type: PaymentKindEnum, description: 'Which way the money went.' }),
    method: t.exposeString('method', { description: 'How: "credit_card", "paypal".' }),
    amount: t.field({
      type: 'Money',
      description: 'How much; never negative.',
      select: { amount: true, currencyCode: true },
      resolve: ({ amount, currencyCode }) => ({ amount, currencyCode }),
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.prismaObject('Fulfillment', {
  description: 'Goods of an order on their way.',
  authScopes: { scope },
  select: { id: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Its id.', resolve: ({ id }) => encodeId('Fulfillment', id) }),
    status: t.expose('status', { type: FulfillmentStatusEnum, description: 'How far they have got.' }),
    carrier: t.exposeString('carrier', { nullable: true, description: 'Who carries them. Null: not known.' }),
    trackingNumber: t.exposeString('trackingNumber', { nullable: true, description: 'Null: none.' }),
    shippedAt: t.expose('shippedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null: not sent yet, or not known.',
    }),
    deliveredAt: t.expose('deliveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null: not there yet, or not known.',
    }),
  }),
});

export const OrderKeyInput = defineLookup({
  type: 'Order',
  name: 'order',
  scope,
  description: 'One order, found exactly. Null: there is none.',
});

const orders = defineList('Order', {
  plural: 'orders',
  where: OrderWhere,
  orderBy: {
    PLACED_AT: { column: 'placedAt', description: 'When it was placed.' },
    UPDATED_AT: { column: 'updatedAt', description: 'When it last changed.' },
  },
  direction: 'desc',
});
orders.addToQuery({ name: 'orders', scope, description: 'Orders, newest first unless told otherwise.' });
orders.addToType('Customer', {
  name: 'orders',
  on: { customerId: 'id' },
  scope,
  description: 'Purchase history, newest first unless told otherwise.',
});

defineList('OrderLine', {
  plural: 'order lines',
  orderBy: { POSITION: { column: 'position', description: 'As they were given.' } },
  direction: 'asc',
}).addToType('Order', {
  name: 'lines',
  on: { orderId: 'id' },
  scope,
  description: 'What was bought, in the order it was given.',
});

defineList('Payment', {
  plural: 'payments',
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When.' } },
  direction: 'asc',
}).addToType('Order', {
  name: 'payments',
  on: { orderId: 'id' },
  scope,
  description: 'Money in and out, oldest first.',
});

defineList('Fulfillment', {
  plural: 'fulfillments',
  orderBy: { CREATED_AT: { column: 'createdAt', description: 'When it was written here.' } },
  direction: 'asc',
}).addToType('Order', { name: 'fulfillments', on: { orderId: 'id' }, scope, description: 'Shipments, oldest first.' });
