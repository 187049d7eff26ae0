import * as z from 'zod';
import {
  customerId,
  identity,
  page,
  paging,
  purpose,
  reading,
  requireVerified,
  unknownCustomer,
} from '../arguments.ts';
import { lineOfOrder, type OrderRow, orderData, orderFields, orderOutput } from '../orders/order-row.ts';
import { type Connection, connectionOf, pageReply } from '../text/list-reply.ts';
import { defineTool } from '../tool.ts';

const statuses = [
  'DRAFT',
  'UNCONFIRMED',
  'UNFULFILLED',
  'PARTIALLY_FULFILLED',
  'FULFILLED',
  'PARTIALLY_RETURNED',
  'RETURNED',
  'CANCELED',
  'EXPIRED',
] as const;

const input = z.strictObject({
  customerId,
  status: z.array(z.enum(statuses)).max(9).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  productId: z.string().max(100).optional(),
  ...paging,
  ...identity,
  purpose,
  ...reading,
});

const output = z.object({ orders: z.array(orderOutput), ...page });

const document = `query McpListOrders($by: CustomerKey!, $first: Int!, $after: String, $where: OrderWhere) {
  customer(by: $by) { orders(first: $first, after: $after, where: $where) { ${connectionOf(orderFields)} } } }`;

type Found = { customer: { orders: Connection<OrderRow> } | null };

export const listOrders = defineTool({
  name: 'list_orders',
  title: 'List orders',
  description: 'Lists the orders of a verified customer, newest first, with their items.',
  scopes: ['customers:read', 'orders:read'],
  effect: 'READ',
  input,
  output,
  async run(args, { ask }) {
    requireVerified(args);
    const { status, since, productId, first, after } = args;
    const where = {
      ...(status && { status: { in: status } }),
      ...(since !== undefined && { placedAt: { gte: since } }),
      ...(productId !== undefined && { productId }),
    };
    const variables = { by: { id: args.customerId }, first, after: after ?? null, where };
    const { customer } = await ask<Found>(document, variables);
    if (!customer) throw unknownCustomer();
    const { orders } = customer;
    const isDetailed = args.responseFormat === 'detailed';
    return pageReply({
      maxTokens: args.maxTokens,
      head: `ORDERS ${orders.totalCount} in all.`,
      connection: orders,
      further: 'older orders',
      rowOf: (order) => ({ line: lineOfOrder(order), data: orderData(order, isDetailed) }),
      data: (rows, page) => ({ orders: rows, ...page }),
    });
  },
});
