import * as z from 'zod';
import { customerId, identity, purpose, reading, requireVerified } from '../arguments.ts';
import { missingScopesOf, ToolError } from '../ask.ts';
import {
  type AllowedAction,
  allowedActionFields,
  allowedData,
  allowedOutput,
  allowedText,
  refusedData,
  refusedOutput,
  refusedText,
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
import {
  type LineVariants,
  lineOfVariant,
  optionsText,
  variantFields,
  variantOutput,
  variantsOnOffer,
} from '../orders/variant-row.ts';
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

// A list is there if the text has its line.
const output = z.object({
  order: orderOutput,
  allowedActions: z.array(allowedOutput).optional(),
  refusedActions: z.array(refusedOutput).optional(),
  payments: z.array(z.object({ kind: z.string(), method: z.string(), amount: money })).optional(),
  shipments: z
    .array(z.object({ status: z.string(), carrier: z.string().nullable(), tracking: z.string().nullable() }))
    .optional(),
  returns: z.array(z.object({ returnId: z.string(), kind: z.string(), status: z.string() })).optional(),
  paymentMethods: z.array(methodOutput).optional(),
  variants: z.array(variantOutput).optional(),
  omittedItems: z.int(),
});

const selection = `${orderFields} lines(first: 50) { nodes { id } } lines(first: 50) @include(if: $variants) { nodes { ${variantFields} } } ${allowedActionFields}
  customer { id ${methodFields} }
  payments(first: 20) { nodes { kind method amount { amount currencyCode } occurredAt } }
  fulfillments(first: 20) { nodes { status carrier trackingNumber shippedAt deliveredAt } }
  returns(first: 20) { nodes { id kind status } }`;

const byId = `query McpGetOrder($by: OrderKey!, $variants: Boolean!) { order(by: $by) { ${selection} } }`;
const byNumber = `query McpGetOrderByNumber($by: CustomerKey!, $number: String!, $variants: Boolean!) {
  customer(by: $by) { orders(first: 3, where: { number: { eq: $number } }) { nodes { ${selection} } } } }`;

type Line = LineRow & LineVariants & { id: string };

type Order = Omit<OrderRow, 'lines'> & {
  lines: { nodes: Line[] };
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

type Found = { order?: Order | null; customer?: { orders: { nodes: Order[] } } | null };

export const getOrder = defineTool({
  name: 'get_order',
  title: 'Get an order',
  description:
    'Returns one order of a verified customer: allowed and refused actions, items, payments, shipments, returns, ' +
    'payment methods. `detailed` adds variants that can replace items.',
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
    const isDetailed = responseFormat === 'detailed';
    const read = (variants: boolean) =>
      ask<Found>(orderId === undefined ? byNumber : byId, {
        by,
        variants,
        ...(orderId === undefined && { number: orderNumber }),
      });
    // A key may see orders, but no products.
    const found = await read(isDetailed).catch((error) => {
      if (isDetailed && missingScopesOf(error)?.includes('products:read')) return read(false);
      throw error;
    });
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
    return replyOf(order, args.maxTokens, isDetailed);
  },
});

function replyOf(order: Order, maxTokens: number, isDetailed: boolean) {
  const lines = order.lines.nodes;
  const rows = rowsOf(order, isDetailed);
  return listReply({
    maxTokens,
    head: `ORDER ${codeOf(order.number)} (${order.id}) ${order.status}, placed ${dayOf(order.placedAt)}, ${amountOf(order.total)} ${order.paymentStatus}`,
    rows,
    omitted: (shown) => (shown < rows.length ? `OMITTED ${rows.length - shown} lines. Raise maxTokens.` : null),
    data(parts) {
      const items = parts.flatMap(({ item }) => item ?? []);
      const methods = parts.flatMap(({ method }) => method ?? []);
      const variants = parts.flatMap(({ variant }) => variant ?? []);
      return {
        order: { ...orderData(order, false), ...(isDetailed && { paymentStatus: order.paymentStatus }), items },
        ...Object.assign({}, ...parts.map((part) => part.list ?? {})),
        ...(methods.length > 0 && { paymentMethods: methods }),
        ...(variants.length > 0 && { variants }),
        omittedItems: lines.length - items.length,
      };
    },
  });
}

/** A row of the reply: a list that the text has on one line, an item, a payment method, or a variant. */
type Part = {
  list?: Pick<
    Partial<z.input<typeof output>>,
    'payments' | 'shipments' | 'returns' | 'allowedActions' | 'refusedActions'
  >;
  item?: ReturnType<typeof lineData> & { options?: Record<string, unknown> };
  method?: ReturnType<typeof methodData>;
  variant?: z.input<typeof variantOutput>;
};

// Actions that replace items by other variants.
const replacing = ['CHANGE_ITEMS', 'REQUEST_EXCHANGE'];

// The most important first, because the last ones are left out.
function rowsOf(order: Order, isDetailed: boolean): Row<Part>[] {
  const payments = order.payments.nodes.map((each) => ({ ...each, method: codeOf(each.method) }));
  const shipments = order.fulfillments.nodes.map(({ status, carrier, trackingNumber }) => ({
    status,
    carrier: carrier && nameOf(carrier),
    tracking: trackingNumber && codeOf(trackingNumber),
  }));
  const returns = order.returns.nodes.map(({ id, kind, status }) => ({ returnId: id, kind, status }));
  const allowed = order.allowedActions.filter(({ isAllowed }) => isAllowed);
  const refused = order.allowedActions.filter(({ isAllowed }) => !isAllowed);
  const lines = allowed.some(({ action }) => replacing.includes(action)) ? order.lines.nodes : [];
  const isWithheld = isDetailed && lines.some(({ product }) => product === undefined);
  const list = (label: string, texts: string[], data: Part['list']): Row<Part> => ({
    line: `${label} ${texts.join(', ') || 'nothing'}`,
    data: { list: data },
  });
  return [
    list('ALLOWED', allowed.map(allowedText), { allowedActions: allowed.map(allowedData) }),
    list('PAID', payments.map(paymentText), {
      payments: payments.map(({ kind, method, amount }) => ({ kind, method, amount })),
    }),
    list('SHIPPED', shipments.map(shipmentText), { shipments }),
    list(
      'RETURNS',
      returns.map(({ kind, status }) => `${kind} ${status}`),
      { returns },
    ),
    ...order.lines.nodes.map((line) => ({
      line: itemText(line),
      data: {
        item: { lineId: line.id, ...lineData(line), ...(line.variant && { options: line.variant.options }) },
      },
    })),
    list(
      'REFUSED',
      refused.map((each) => refusedText(each, isDetailed)),
      { refusedActions: refused.map(refusedData) },
    ),
    ...(order.customer?.paymentMethods.nodes ?? []).map((each) => ({
      line: lineOfMethod(each),
      data: { method: methodData(each) },
    })),
    ...(isWithheld ? [{ line: 'WITHHELD variants (SCOPE: products:read)', data: {} }] : []),
    ...variantsOnOffer(lines).map((variant) => ({ line: lineOfVariant(variant), data: { variant } })),
  ];
}

function paymentText({ kind, method, amount }: { kind: string; method: string; amount: Money }): string {
  return `${kind} ${method} ${amountOf(amount)}`;
}

function shipmentText(shipment: { status: string; carrier: string | null; tracking: string | null }): string {
  return [shipment.status, shipment.carrier, shipment.tracking].filter(Boolean).join(' ');
}

function itemText({ id, quantity, title, unitPrice, returnedQuantity, variant }: Line): string {
  const options = variant ? ` ${optionsText(variant.options)}` : '';
  const returned = returnedQuantity > 0 ? `, ${returnedQuantity} returned` : '';
  return `${quantity} x ${nameOf(title)}${options} ${amountOf(unitPrice)}${returned} (${id})`;
}
