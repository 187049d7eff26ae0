import * as z from 'zod';

export const user = z.object({
  name: z.object({ first_name: z.string(), last_name: z.string() }),
  address: z.object({
    address1: z.string(),
    address2: z.string(),
    city: z.string(),
    country: z.string(),
    state: z.string(),
    zip: z.string(),
  }),
  email: z.string(),
  payment_methods: z
    .record(
      z.string(),
      z.object({
        source: z.enum(['gift_card', 'credit_card', 'paypal']),
        balance: z.number().optional(),
        brand: z.string().optional(),
        last_four: z.string().optional(),
      }),
    )
    .default({}),
});

export const product = z.object({
  name: z.string(),
  product_id: z.string(),
  variants: z.record(
    z.string(),
    z.object({
      item_id: z.string(),
      options: z.record(z.string(), z.string()),
      available: z.boolean(),
      price: z.number(),
    }),
  ),
});

export const order = z.object({
  order_id: z.string(),
  user_id: z.string(),
  address: user.shape.address,
  items: z.array(z.object({ name: z.string(), product_id: z.string(), item_id: z.string(), price: z.number() })),
  fulfillments: z.array(z.object({ tracking_id: z.array(z.string()) })),
  status: z.string(),
  cancel_reason: z.string().nullish(),
  payment_history: z.array(
    z.object({ transaction_type: z.enum(['payment', 'refund']), amount: z.number(), payment_method_id: z.string() }),
  ),
});

export const conversation = z.object({ messages_display: z.string() });

/** Returns the key of an object with this external ID. */
export type KeyOf = (value: string) => { externalId: { source: string; value: string } };
