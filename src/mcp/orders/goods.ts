import * as z from 'zod';
import { amountOf, codeOf, type Money, nameOf } from '../text/names.ts';
import type { Described } from './order-action.ts';
import { optionsText } from './variant-row.ts';

const line = { lineId: z.string().max(100), quantity: z.int().min(1).optional() };

/** Goods that come back. */
export const returned = z.array(z.strictObject(line)).min(1).max(500);

/** Goods, and the variants that replace them. */
export const replaced = z
  .array(z.strictObject({ ...line, variantId: z.string().max(100) }))
  .min(1)
  .max(500);

/** Further arguments of a return or an exchange. */
export const goods = {
  reason: z.string().max(1_000).optional(),
  paymentMethodId: z.string().max(100).optional(),
};

type Goods = {
  items: { lineId: string; quantity?: number | undefined; variantId?: string }[];
  reason?: string | undefined;
  paymentMethodId?: string | undefined;
};

/** Fields of the input of a mutation that changes, returns or exchanges goods. */
export function sentGoods({ items, reason, paymentMethodId }: Goods): object {
  return {
    items: items.map(({ lineId, quantity, variantId }) => ({
      line: lineId,
      quantity: quantity ?? null,
      ...(variantId !== undefined && { variant: variantId }),
    })),
    ...(reason !== undefined && { reason }),
    ...(paymentMethodId !== undefined && { paymentMethod: { id: paymentMethodId } }),
  };
}

const document = `query McpReplaced($lines: [ID!]!, $variants: [ID!]!) {
  lines: nodes(ids: $lines) { ... on OrderLine { title sku unitPrice { amount currencyCode } } }
  variants: nodes(ids: $variants) { ... on ProductVariant { sku options price { amount currencyCode } } } }`;

type Found = {
  lines: ({ title: string; sku: string | null; unitPrice: Money } | null)[];
  variants: ({ sku: string; options: Record<string, unknown>; price: Money | null } | null)[];
};

// A preview names no more items than a person would check one by one.
const mostShown = 50;

/** Says which variants replace which goods, and the price difference. */
export async function describeReplaced(
  { items }: { items: { lineId: string; quantity?: number | undefined; variantId: string }[] },
  { ask, isPreview, priceDifference }: Described,
): Promise<string> {
  const shown = items.slice(0, mostShown);
  const { lines, variants } = await ask<Found>(document, {
    lines: shown.map(({ lineId }) => lineId),
    variants: shown.map(({ variantId }) => variantId),
  });
  const texts = shown.map(({ quantity }, i) => {
    const [line, variant] = [lines[i], variants[i]];
    const count = quantity === undefined ? '' : `${quantity} x `;
    // Once it is done, the line may already be the new one.
    const old = line && isPreview ? ` ${codeOf(line.sku ?? '')} ${amountOf(line.unitPrice)}` : '';
    const price = variant?.price ? ` ${amountOf(variant.price)}` : '';
    return `REPLACE ${count}${nameOf(line?.title)}${old} BY ${codeOf(variant?.sku ?? '')} ${optionsText(variant?.options)}${price}`;
  });
  const more = items.length > mostShown ? [`+${items.length - mostShown} more items`] : [];
  return [...texts, ...more, `PRICE DIFFERENCE ${amountOf(priceDifference)}`].join('\n');
}
