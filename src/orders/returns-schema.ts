import { builder } from '../graphql/builder.ts';
import { defineList } from '../graphql/list.ts';
import { encodeId } from '../lib/ids.ts';
import { ReturnKindEnum, ReturnStatusEnum } from './enums.ts';

const scope = 'orders:read';

builder.prismaNode('Return', {
  nullable: true,
  description: 'Goods that come back: of an order, or of a customer where the source does not say of which order.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', { nullable: true, description: 'The system it came from. Null: none.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its id there. Null: it has none.' }),
    order: t.relation('order', { nullable: true, description: 'The order. Null: not known.' }),
    customer: t.relation('customer', { nullable: true, description: 'Who brings them back. Null: a guest.' }),
    kind: t.expose('kind', { type: ReturnKindEnum, description: 'What the customer wants for them.' }),
    status: t.expose('status', { type: ReturnStatusEnum, description: 'How far it has got.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'In their words. Null: none given.',
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it was asked for, or happened.' }),
    refundAmount: t.field({
      type: 'Money',
      description:
        'Amount given back: as written, else what the goods cost net of the order’s discount; nothing for an exchange.',
      select: { refundAmount: true, currencyCode: true },
      resolve: ({ refundAmount, currencyCode }) => ({ amount: refundAmount, currencyCode }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first written here.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    version: t.exposeInt('version', {
      description: '1, and one more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

builder.prismaObject('ReturnLine', {
  description: 'One kind of goods that come back.',
  authScopes: { scope },
  select: { id: true, return: { select: { customerId: true } } },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Its id.', resolve: ({ id }) => encodeId('ReturnLine', id) }),
    orderLine: t.relation('orderLine', { nullable: true, description: 'What they were bought as. Null: not known.' }),
    replacementVariant: t.relation('replacementVariant', {
      nullable: true,
      description: 'What is wanted in exchange. Null: nothing.',
    }),
    sku: t.exposeString('sku', { nullable: true, description: 'Null: not known.' }),
    title: t.exposeString('title', { description: 'What they are.' }),
    quantity: t.exposeInt('quantity', { description: 'How many; at least 1.' }),
    total: t.field({
      type: 'Money',
      description:
        'What they were worth together: as written, else what they cost net of the order’s discount, with tax.',
      select: { total: true, return: { select: { currencyCode: true } } },
      resolve: ({ total, return: { currencyCode } }) => ({ amount: total, currencyCode }),
    }),
  }),
});

const returns = defineList('Return', {
  plural: 'returns',
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When it happened.' } },
  direction: 'desc',
});
returns.addToType('Customer', {
  name: 'returns',
  on: { customerId: 'id' },
  scope,
  description: 'What they brought back, newest first.',
});
returns.addToType('Order', {
  name: 'returns',
  on: { orderId: 'id' },
  scope,
  description: 'What came back of it, newest first.',
});

defineList('ReturnLine', {
  plural: 'return lines',
  orderBy: { POSITION: { column: 'position', description: 'As they were given.' } },
  direction: 'asc',
}).addToType('Return', {
  name: 'lines',
  on: { returnId: 'id' },
  scope,
  description: 'What comes back, in the order it was given.',
});
