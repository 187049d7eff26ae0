import * as z from 'zod';

/** Something to do for a customer. */
export const actionOutput = z.object({
  kind: z.string(),
  since: z.string().nullable(),
  blockedBy: z.string().nullable(),
  status: z.string().nullable(),
  factIds: z.array(z.string()),
  productId: z.string().optional(),
  customerId: z.string().optional(),
});

export type Action = z.input<typeof actionOutput>;
