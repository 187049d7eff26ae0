import { builder } from '../graphql/builder.ts';
import { recordFact } from '../graphql/fields/fact-field.ts';
import { money } from '../graphql/fields/money-field.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineLookup } from '../graphql/lookups/entities.ts';
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
const common = recordFields('order');

builder.prismaNode('Order', {
  nullable: true,
  description: 'Purchase by a customer or guest, or a draft of one.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the order.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    number: t.exposeString('number', { description: 'Human-readable order number. Defaults to the external ID.' }),
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    customer: t.relation('customer', {
      nullable: true,
      description: 'Customer who placed the order. Null for a guest.',
    }),
    location: t.relation('location', {
      nullable: true,
      description: 'Branch or shop where the order was placed. Null if none or unknown.',
    }),
    channel: t.expose('channel', { type: SalesChannelEnum, description: 'Channel the order was placed through.' }),
    placedAt: t.expose('placedAt', { type: 'DateTime', description: 'When the order was placed.' }),
    status: t.expose('status', {
      type: OrderStatusEnum,
      description: 'Status of the order, derived from the last status sent and the returns received.',
    }),
    paymentStatus: t.expose('paymentStatus', {
      type: PaymentStatusEnum,
      description:
        'Payment status of the order. Derived from the recorded payments and the total or, without recorded ' +
        'payments, from the last payment status sent. A free order is `PAID`.',
    }),
    cancelReason: t.exposeString('cancelReason', {
      nullable: true,
      description: 'Reason the order was canceled. Null if it was not canceled or no reason was given.',
    }),
    shippingAddress: t.expose('shippingAddress', {
      type: 'JSON',
      nullable: true,
      description:
        'Shipping address stored with the order: `{ lines, city, region, postalCode, countryCode }`. Null if not ' +
        'given.',
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'Note about the order. Null if none.',
    }),
    fact: t.field(recordFact('Order')),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

// All amounts share the order's currency, which the row stores once.
const amounts = {
  subtotal: 'Sum of the lines, before discount, shipping and tax.',
  discount: 'Discount on the whole order.',
  shipping: 'Shipping cost charged to the customer.',
  tax: 'Tax added on top of the lines.',
  total: 'Amount to pay: subtotal minus discount, plus shipping and tax.',
  amountPaid:
    'Sum of the payments. If none are recorded, derived from the last payment status sent: `PAID` means that the ' +
    'total was paid.',
  amountRefunded: 'Sum of the refunds. If none are recorded, derived from the last payment status sent.',
  amountReturned: 'Sum of the refund amounts of received returns. Never more than the total.',
} as const;
for (const [column, description] of Object.entries(amounts)) {
  const name = column as keyof typeof amounts;
  builder.prismaObjectField('Order', name, (t) => t.field(money(column, 'currencyCode', description)));
}

const lineFields = recordFields('line');

builder.prismaNode('OrderLine', {
  nullable: true,
  description: 'Item of an order, as it was sold. A line keeps its ID when lines are reordered, added or removed.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the order line.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', lineFields.source),
    externalId: t.exposeString('externalId', lineFields.externalId),
    product: t.relation('product', {
      nullable: true,
      description: 'Product that was sold. Null for lines such as postage, and for unknown products.',
    }),
    variant: t.relation('variant', {
      nullable: true,
      description: 'Variant of the product that was sold. Null if unknown.',
    }),
    sku: t.exposeString('sku', {
      nullable: true,
      description: 'Stock-keeping unit at the time of sale. Null if none.',
    }),
    title: t.exposeString('title', { description: 'Name of the item at the time of sale.' }),
    quantity: t.exposeInt('quantity', { description: 'Number of units, at least 1.' }),
    returnedQuantity: t.exposeInt('returnedQuantity', { description: 'Number of units that were returned.' }),
    unitPrice: t.field(money('unitPrice', 'order.currencyCode', 'Price per unit at the time of sale.')),
    total: t.field(money('total', 'order.currencyCode', 'Line total: quantity times unit price, except for rounding.')),
  }),
});

builder.prismaObject('Payment', {
  description: 'Payment or refund for an order.',
  authScopes: { scope },
  select: { id: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'ID of the payment.', resolve: ({ id }) => encodeId('Payment', id) }),
    kind: t.expose('kind', { type: PaymentKindEnum, description: 'Whether this is a payment or a refund.' }),
    method: t.exposeString('method', { description: 'Payment method, such as "credit_card" or "paypal".' }),
    paymentMethod: t.relation('paymentMethod', {
      nullable: true,
      description: 'Payment method of the customer. Null if unknown.',
    }),
    amount: t.field(money('amount', 'currencyCode', 'Amount of the payment or refund. Never negative.')),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When the payment or refund took place.' }),
  }),
});

builder.prismaObject('Fulfillment', {
  description: 'Shipment of goods from an order.',
  authScopes: { scope },
  select: { id: true },
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'ID of the shipment.',
      resolve: ({ id }) => encodeId('Fulfillment', id),
    }),
    status: t.expose('status', { type: FulfillmentStatusEnum, description: 'Delivery status of the shipment.' }),
    carrier: t.exposeString('carrier', {
      nullable: true,
      description: 'Company that carries the shipment. Null if unknown.',
    }),
    trackingNumber: t.exposeString('trackingNumber', {
      nullable: true,
      description: 'Tracking number from the carrier. Null if none.',
    }),
    shippedAt: t.expose('shippedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the shipment was sent. Null if not sent yet or unknown.',
    }),
    deliveredAt: t.expose('deliveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the shipment arrived. Null if not delivered yet or unknown.',
    }),
  }),
});

defineLookup({
  type: 'Order',
  name: 'order',
  scope,
  description: 'Finds an order by its key. Null if not found.',
});

const orders = defineList('Order', {
  plural: 'orders',
  where: OrderWhere,
  orderBy: {
    PLACED_AT: { column: 'placedAt', description: 'When the order was placed.' },
    UPDATED_AT: { column: 'updatedAt', description: 'When the order last changed.' },
  },
  direction: 'desc',
});
orders.addToQuery({ name: 'orders', scope, description: 'Lists orders, newest first by default.' });
orders.addToType('Customer', {
  name: 'orders',
  on: { customerId: 'id' },
  scope,
  description: 'Purchase history of the customer, newest first by default.',
});

defineList('OrderLine', {
  plural: 'order lines',
  orderBy: { POSITION: { column: 'position', description: 'Position of the line in the order.' } },
  direction: 'asc',
}).addToType('Order', {
  name: 'lines',
  on: { orderId: 'id' },
  scope,
  description: 'Lines of the order, in their original sequence.',
});

defineList('Payment', {
  plural: 'payments',
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When the payment or refund took place.' } },
  direction: 'asc',
}).addToType('Order', {
  name: 'payments',
  on: { orderId: 'id' },
  scope,
  description: 'Payments and refunds of the order, oldest first.',
});

defineList('Fulfillment', {
  plural: 'fulfillments',
  orderBy: { CREATED_AT: { column: 'createdAt', description: 'When the shipment was first recorded.' } },
  direction: 'asc',
}).addToType('Order', {
  name: 'fulfillments',
  on: { orderId: 'id' },
  scope,
  description: 'Shipments of the order, oldest first.',
});
