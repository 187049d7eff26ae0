import * as z from 'zod';

/** Text that someone outside the company wrote, as a part of an output schema. */
export const untrustedText = z.object({
  value: z.string(),
  author: z.enum(['CUSTOMER', 'STAFF', 'BOT', 'SYSTEM', 'UNKNOWN']),
  sourceId: z.string(),
  truncated: z.boolean(),
});
