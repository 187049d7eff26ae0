import { z } from 'zod';
import {
  cursor,
  customerId,
  identity,
  page,
  purpose,
  reading,
  requireVerified,
  unknownCustomer,
} from '../arguments.ts';
import { lineOfOrder, type OrderRow, orderData, orderFields, orderOutput } from '../orders/order-row.ts';
import { listReply } from '../text/list-reply.ts';
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
  first: z.int().min(1).max(100).default(20),
  after: cursor,
  ...identity,
  purpose,
  ...reading,
});

const output = z.object({ orders: z.array(orderOutput), ...page });

const document = `query McpListOrders($by: CustomerKey!, $first: Int!, $after: String, $where: OrderWhere) {
  customer(by: $by) { orders(first: $first, after: $after, where: $where) {
    edges { cursor node { ${orderFields} } } pageInfo { hasNextPage endCursor } totalCount } } }`;

type Found = {
  customer: {
    orders: {
      edges: { cursor: string; node: OrderRow }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
      totalCount: number;
    };
  } | null;
};

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
    const { customer } = await ask<Found>(document, variables, { purpose: args.purpose });
    if (!customer) throw unknownCustomer();
    const { edges, pageInfo, totalCount } = customer.orders;
    const isDetailed = args.responseFormat === 'detailed';
    return listReply({
      maxTokens: args.maxTokens,
      head: `ORDERS ${totalCount} in all.`,
      rows: edges.map(({ node, cursor }) => ({ line: lineOfOrder(node), data: orderData(node, isDetailed), cursor })),
      omitted: (shown) =>
        shown < edges.length || pageInfo.hasNextPage
          ? 'OMITTED older orders. Send `nextCursor` as `after`, or raise maxTokens.'
          : null,
      endCursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
      data: (orders, nextCursor) => ({ orders, total: totalCount, nextCursor }),
    });
  },
});
