import { z } from 'zod';
import { customerId, identity, purpose, reading, requireVerified } from '../arguments.ts';
import { ToolError } from '../ask.ts';
import { lineData, money, type OrderRow, orderData, orderFields, orderOutput } from '../orders/order-row.ts';
import { listReply } from '../text/list-reply.ts';
import { amountOf, codeOf, dayOf, type Money, nameOf } from '../text/names.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  customerId,
  orderId: z.string().max(100).optional(),
  orderNumber: z.string().max(200).optional(),
  ...identity,
  purpose,
  ...reading,
});

const output = z.object({
  order: orderOutput,
  payments: z.array(z.object({ kind: z.string(), method: z.string(), amount: money })),
  shipments: z.array(z.object({ status: z.string(), carrier: z.string().nullable(), tracking: z.string().nullable() })),
  returns: z.array(z.object({ returnId: z.string(), kind: z.string(), status: z.string() })),
  omittedItems: z.int(),
});

const selection = `${orderFields} customer { id }
  payments(first: 20) { nodes { kind method amount { amount currencyCode } occurredAt } }
  fulfillments(first: 20) { nodes { status carrier trackingNumber shippedAt deliveredAt } }
  returns(first: 20) { nodes { id kind status } }`;

const byId = `query McpGetOrder($by: OrderKey!) { order(by: $by) { ${selection} } }`;
const byNumber = `query McpGetOrderByNumber($by: CustomerKey!, $number: String!) {
  customer(by: $by) { orders(first: 3, where: { number: { eq: $number } }) { nodes { ${selection} } } } }`;

type Order = OrderRow & {
  customer: { id: string } | null;
  payments: { nodes: { kind: string; method: string; amount: Money; occurredAt: string }[] };
  fulfillments: {
    nodes: {
      status: string;
      carrier: string | null;
      trackingNumber: string | null;
      shippedAt: string | null;
      deliveredAt: string | null;
    }[];
  };
  returns: { nodes: { id: string; kind: string; status: string }[] };
};

export const getOrder = defineTool({
  name: 'get_order',
  title: 'Get an order',
  description: 'Returns one order of a verified customer with items, payments, shipments and returns.',
  scopes: ['customers:read', 'orders:read'],
  effect: 'READ',
  input,
  output,
  async run(args, { ask }) {
    requireVerified(args);
    const { orderId, orderNumber, customerId, responseFormat } = args;
    if ((orderId === undefined) === (orderNumber === undefined))
      throw new ToolError('INVALID_INPUT', 'Send either `orderId` or `orderNumber`.');
    const by = { id: orderId ?? customerId };
    const found = await ask<{ order?: Order | null; customer?: { orders: { nodes: Order[] } } | null }>(
      orderId === undefined ? byNumber : byId,
      orderId === undefined ? { by, number: orderNumber } : { by },
      { purpose: args.purpose },
    );
    const orders = (found.order ? [found.order] : (found.customer?.orders.nodes ?? [])).filter(
      // The order of another customer gets the answer of one that does not exist.
      ({ customer }) => customer?.id === customerId,
    );
    const [order] = orders;
    if (!order) throw new ToolError('NOT_FOUND', 'This customer has no such order. Call list_orders for their orders.');
    if (orders.length > 1)
      throw new ToolError(
        'CONFLICT',
        'Several orders of this customer have this number. Call list_orders, then send `orderId`.',
      );
    return replyOf(order, args.maxTokens, responseFormat === 'detailed');
  },
});

function replyOf(order: Order, maxTokens: number, isDetailed: boolean) {
  const [lines, payments] = [order.lines.nodes, order.payments.nodes];
  const shipments = order.fulfillments.nodes.map(({ status, carrier, trackingNumber }) => ({
    status,
    carrier: carrier && nameOf(carrier),
    tracking: trackingNumber && codeOf(trackingNumber),
  }));
  const returns = order.returns.nodes.map(({ id, kind, status }) => ({ returnId: id, kind, status }));
  const head = [
    `ORDER ${codeOf(order.number)} ${order.status}, placed ${dayOf(order.placedAt)}, ${amountOf(order.total)} ${order.paymentStatus}`,
    `PAID ${payments.map(({ kind, method, amount }) => `${kind} ${codeOf(method)} ${amountOf(amount)}`).join(', ') || 'nothing'}`,
    `SHIPPED ${shipments.map(({ status, carrier, tracking }) => [status, carrier, tracking].filter(Boolean).join(' ')).join(', ') || 'nothing'}`,
    ...(returns.length > 0 ? [`RETURNS ${returns.map(({ kind, status }) => `${kind} ${status}`).join(', ')}`] : []),
  ];
  return listReply({
    maxTokens,
    head: head.join('\n'),
    rows: lines.map((line) => ({
      line: `${line.quantity} x ${nameOf(line.title)} ${amountOf(line.unitPrice)}${line.returnedQuantity > 0 ? `, ${line.returnedQuantity} returned` : ''}`,
      data: lineData(line),
    })),
    omitted: (shown) => (shown < lines.length ? `OMITTED ${lines.length - shown} items. Raise maxTokens.` : null),
    data: (items) => ({
      order: { ...orderData(order, false), ...(isDetailed && { paymentStatus: order.paymentStatus }), items },
      payments: payments.map(({ kind, method, amount }) => ({ kind, method: codeOf(method), amount })),
      shipments,
      returns,
      omittedItems: lines.length - items.length,
    }),
  });
}
