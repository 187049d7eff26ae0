import { z } from 'zod';

/** What identifies goods that come back. */
export const returned = {
  lineId: z.string().max(100).describe('From get_order.'),
  quantity: z.int().min(1).optional(),
};

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

/** Fields of the input of a mutation that returns or exchanges goods. */
export function sentGoods({ items, reason, paymentMethodId }: Goods): object {
  return {
    items: items.map(({ lineId, quantity, variantId }) => ({
      line: lineId,
      quantity: quantity ?? null,
      ...(variantId !== undefined && { variant: variantId }),
    })),
    reason: reason ?? null,
    ...(paymentMethodId !== undefined && { paymentMethod: { id: paymentMethodId } }),
  };
}
