import * as z from 'zod';
import { amountOf, codeOf, dayOf, type Money, nameOf } from '../text/names.ts';

/** Selection of an order in a list. */
export const orderFields = `id number status paymentStatus placedAt total { amount currencyCode }
  lines(first: 50) { nodes { title sku quantity returnedQuantity unitPrice { amount currencyCode } } }`;

export type OrderRow = {
  id: string;
  number: string;
  status: string;
  paymentStatus: string;
  placedAt: string;
  total: Money;
  lines: { nodes: LineRow[] };
};

export type LineRow = {
  title: string;
  sku: string | null;
  quantity: number;
  returnedQuantity: number;
  unitPrice: Money;
};

export const money = z.object({ amount: z.string(), currencyCode: z.string() });

const lineOutput = z.object({
  lineId: z.string().optional(),
  title: z.string(),
  quantity: z.int(),
  sku: z.string().nullish(),
  unitPrice: money.nullish(),
  returnedQuantity: z.int().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
});

export const orderOutput = z.object({
  orderId: z.string(),
  number: z.string(),
  status: z.string(),
  placedAt: z.string(),
  total: money,
  paymentStatus: z.string().optional(),
  items: z.array(lineOutput).optional(),
  payments: z.array(z.object({ kind: z.string(), method: z.string(), amount: money })).optional(),
});

/** One line of text about an order: number, day, status, total and items. */
export function lineOfOrder({ number, placedAt, status, total, lines }: OrderRow): string {
  const items = lines.nodes.map(({ title, quantity }) =>
    quantity === 1 ? nameOf(title) : `${nameOf(title)} x${quantity}`,
  );
  return `${codeOf(number)} ${dayOf(placedAt)} ${status} ${amountOf(total)}: ${items.join(', ')}`;
}

export function orderData(order: OrderRow, isDetailed: boolean): z.input<typeof orderOutput> {
  const { id, number, status, placedAt, total, paymentStatus, lines } = order;
  const concise = { orderId: id, number: codeOf(number), status, placedAt, total };
  return isDetailed ? { ...concise, paymentStatus, items: lines.nodes.map(lineData) } : concise;
}

export function lineData({ title, sku, quantity, returnedQuantity, unitPrice }: LineRow): z.input<typeof lineOutput> {
  return {
    title: nameOf(title),
    quantity,
    sku: sku === null ? null : codeOf(sku),
    unitPrice,
    ...(returnedQuantity > 0 && { returnedQuantity }),
  };
}
