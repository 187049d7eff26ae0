import { builder } from '../../graphql/builder.ts';
import { recordFact } from '../../graphql/fields/fact-field.ts';
import { money } from '../../graphql/fields/money-field.ts';
import { recordFields } from '../../graphql/fields/record-fields.ts';
import { defineList } from '../../graphql/lists/list.ts';
import { encodeId } from '../../lib/ids.ts';
import { ReturnKindEnum, ReturnStatusEnum } from '../enums.ts';

const scope = 'orders:read';
const common = recordFields('return');

builder.prismaNode('Return', {
  nullable: true,
  description: 'Return of goods from an order, or from a customer if the source does not name the order.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the return.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    order: t.relation('order', { nullable: true, description: 'Order the goods came from. Null if unknown.' }),
    customer: t.relation('customer', {
      nullable: true,
      description: 'Customer who returns the goods. Null for a guest.',
    }),
    kind: t.expose('kind', { type: ReturnKindEnum, description: 'Compensation the customer wants for the goods.' }),
    status: t.expose('status', {
      type: ReturnStatusEnum,
      description: 'Status of the return, from request to settlement.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Reason in the customer’s words. Null if none was given.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'When the return was requested or took place.',
    }),
    refundAmount: t.field(
      money(
        'refundAmount',
        'currencyCode',
        'Amount refunded. Defaults to the price paid for the goods, net of the order discount, or to 0 for an exchange.',
      ),
    ),
    paymentMethod: t.relation('paymentMethod', {
      nullable: true,
      description: 'Payment method for the refund or the price difference. Null means the original payment methods.',
    }),
    fact: t.field(recordFact('Return')),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

builder.prismaObject('ReturnLine', {
  description: 'Goods of one kind in a return.',
  authScopes: { scope },
  select: { id: true, customerId: true },
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'ID of the return line.',
      resolve: ({ id }) => encodeId('ReturnLine', id),
    }),
    orderLine: t.relation('orderLine', {
      nullable: true,
      description: 'Order line the goods were bought in. Null if unknown.',
    }),
    replacementVariant: t.relation('replacementVariant', {
      nullable: true,
      description: 'Product variant wanted in exchange. Null if none.',
    }),
    sku: t.exposeString('sku', { nullable: true, description: 'Stock-keeping unit of the goods. Null if unknown.' }),
    title: t.exposeString('title', { description: 'Name of the returned goods.' }),
    quantity: t.exposeInt('quantity', { description: 'Number of units, at least 1.' }),
    total: t.field(
      money(
        'total',
        'return.currencyCode',
        'Value of the goods. Defaults to the price paid for them, net of the order discount and with tax.',
      ),
    ),
  }),
});

const returns = defineList('Return', {
  plural: 'returns',
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When the return was requested or took place.' } },
  direction: 'desc',
});
returns.addToType('Customer', {
  name: 'returns',
  on: { customerId: 'id' },
  scope,
  description: 'Returns by the customer, newest first.',
});
returns.addToType('Order', {
  name: 'returns',
  on: { orderId: 'id' },
  scope,
  description: 'Returns of goods from the order, newest first.',
});

defineList('ReturnLine', {
  plural: 'return lines',
  orderBy: { POSITION: { column: 'position', description: 'Position of the line in the return.' } },
  direction: 'asc',
}).addToType('Return', {
  name: 'lines',
  on: { returnId: 'id' },
  scope,
  description: 'Returned goods, in their original sequence.',
});
