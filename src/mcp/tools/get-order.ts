import { z } from 'zod';
import { customerId, identity, purpose, reading, requireVerified } from '../arguments.ts';
import { ToolError } from '../ask.ts';
import {
  type AllowedAction,
  actionData,
  actionOutput,
  allowedActionFields,
  lineOfAction,
} from '../orders/allowed-actions.ts';
import {
  type LineRow,
  lineData,
  money,
  type OrderRow,
  orderData,
  orderFields,
  orderOutput,
} from '../orders/order-row.ts';
import { lineOfMethod, type Method, methodData, methodFields, methodOutput } from '../orders/payment-method-row.ts';
import { listReply, type Row } from '../text/list-reply.ts';
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
  allowedActions: z.array(actionOutput),
  paymentMethods: z.array(methodOutput),
  omittedItems: z.int(),
});

const selection = `${orderFields} ${allowedActionFields} customer { id ${methodFields} }
  payments(first: 20) { nodes { kind method amount { amount currencyCode } occurredAt } }
  fulfillments(first: 20) { nodes { status carrier trackingNumber shippedAt deliveredAt } }
  returns(first: 20) { nodes { id kind status } }`;

const byId = `query McpGetOrder($by: OrderKey!) { order(by: $by) { ${selection} } }`;
const byNumber = `query McpGetOrderByNumber($by: CustomerKey!, $number: String!) {
  customer(by: $by) { orders(first: 3, where: { number: { eq: $number } }) { nodes { ${selection} } } } }`;

type Order = OrderRow & {
  customer: { id: string; paymentMethods: { nodes: Method[] } } | null;
  allowedActions: AllowedAction[];
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
  description:
    'Returns one order of a verified customer: allowed actions and why others are refused, items, payments, shipments, ' +
    'returns, payment methods.',
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
  const methods = order.customer?.paymentMethods.nodes ?? [];
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
  const rows: Row<Part>[] = [
    ...order.allowedActions.map((each) => ({ line: lineOfAction(each), data: { action: actionData(each) } })),
    ...lines.map((line) => ({ line: lineOfItem(line), data: { item: { lineId: line.id, ...lineData(line) } } })),
    ...methods.map((each) => ({ line: lineOfMethod(each), data: { method: methodData(each) } })),
  ];
  return listReply({
    maxTokens,
    head: head.join('\n'),
    rows,
    omitted: (shown) => (shown < rows.length ? `OMITTED ${rows.length - shown} lines. Raise maxTokens.` : null),
    data(parts) {
      const items = parts.flatMap(({ item }) => item ?? []);
      return {
        order: { ...orderData(order, false), ...(isDetailed && { paymentStatus: order.paymentStatus }), items },
        payments: payments.map(({ kind, method, amount }) => ({ kind, method: codeOf(method), amount })),
        shipments,
        returns,
        allowedActions: parts.flatMap(({ action }) => action ?? []),
        paymentMethods: parts.flatMap(({ method }) => method ?? []),
        omittedItems: lines.length - items.length,
      };
    },
  });
}

/** A row of the reply: an action, an item or a payment method. */
type Part = {
  action?: ReturnType<typeof actionData>;
  item?: ReturnType<typeof lineData>;
  method?: ReturnType<typeof methodData>;
};

function lineOfItem({ quantity, title, unitPrice, returnedQuantity }: LineRow): string {
  const returned = returnedQuantity > 0 ? `, ${returnedQuantity} returned` : '';
  return `${quantity} x ${nameOf(title)} ${amountOf(unitPrice)}${returned}`;
}
