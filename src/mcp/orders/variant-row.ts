import * as z from 'zod';
import { amountOf, codeOf, type Money, nameOf } from '../text/names.ts';
import { money } from './order-row.ts';

/** Selection of the product of an order line, with its variants, and of the variant that was sold. */
export const variantFields = `variant { id options } product { id isActive
  variants(first: 30) { nodes { id sku options isAvailable price { amount currencyCode } } } }`;

type Variant = { id: string; sku: string; options: Record<string, unknown>; isAvailable: boolean; price: Money | null };

/** An order line with the variants of its product. Keys without the scope for products do not see them. */
export type LineVariants = {
  title: string;
  unitPrice: Money;
  variant?: { id: string; options: Record<string, unknown> } | null;
  product?: { id: string; isActive: boolean; variants: { nodes: Variant[] } } | null;
};

export const variantOutput = z.object({
  variantId: z.string(),
  title: z.string(),
  sku: z.string(),
  options: z.record(z.string(), z.unknown()),
  price: money,
});

/** Variants that can replace items of these lines: those of the same products that can be bought in the same currency. */
export function variantsOnOffer(lines: LineVariants[]): z.input<typeof variantOutput>[] {
  const products = new Map(lines.flatMap((line) => (line.product?.isActive ? [[line.product.id, line]] : [])));
  return [...products.values()].flatMap(({ title, unitPrice, product }) =>
    (product?.variants.nodes ?? []).flatMap(({ id, sku, options, isAvailable, price }) =>
      isAvailable && price?.currencyCode === unitPrice.currencyCode
        ? [{ variantId: id, title: nameOf(title), sku: codeOf(sku), options, price }]
        : [],
    ),
  );
}

/** One line of text about a variant. */
export function lineOfVariant({ variantId, title, options, price }: z.input<typeof variantOutput>): string {
  return `VARIANT ${title} ${optionsText(options)} ${amountOf(price)} (${variantId})`;
}

/** Options of a variant as text, such as "color blue, size M". */
export function optionsText(options: Record<string, unknown> | undefined): string {
  return Object.entries(options ?? {})
    .map(([name, value]) => `${nameOf(name)} ${nameOf(String(value))}`)
    .join(', ');
}
