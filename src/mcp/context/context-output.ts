import * as z from 'zod';
import { interactionOutput } from '../interactions/interaction-row.ts';
import { orderOutput } from '../orders/order-row.ts';
import { untrustedText } from '../text/untrusted-output.ts';

/** Lists of a detailed reply. Each row is there if the text has its line. */
export const contextLists = {
  orders: z.array(orderOutput),
  cases: z.array(
    z.object({
      caseId: z.string(),
      number: z.int(),
      kind: z.string(),
      status: z.string(),
      priority: z.string(),
      subject: untrustedText.nullable(),
      promise: z
        .object({ status: z.string(), dueAt: z.string().nullable(), text: untrustedText.nullable() })
        .nullable(),
    }),
  ),
  interactions: z.array(interactionOutput),
  preferences: z.array(
    z.object({
      preferenceId: z.string(),
      key: z.string(),
      value: z.unknown(),
      origin: z.string(),
      confidence: z.number(),
    }),
  ),
};

export const contextOutput = z.object({
  facts: z.record(z.string(), z.string()).describe('Fact ID of each reference in the text.'),
  ...z.object(contextLists).partial().shape,
});
