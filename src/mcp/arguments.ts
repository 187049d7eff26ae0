import * as z from 'zod';
import { ToolError } from './ask.ts';

/** Fewest and most tokens that a reply can have. The mandatory lines of a customer context fit into the fewest. */
export const tokenLimits = { least: 200, unless: 1_000, most: 8_000 };

/** Arguments of every read. */
export const reading = {
  responseFormat: z.enum(['concise', 'detailed']).default('concise'),
  maxTokens: z.int().min(tokenLimits.least).max(tokenLimits.most).default(tokenLimits.unless),
};

export const purpose = z.enum(['SUPPORT', 'ORDER_FULFILMENT', 'PERSONALISATION', 'MARKETING', 'ANALYTICS']).optional();

/** ID of a customer, from `find_customer`. */
export const customerId = z.string().max(100);

/** Error for an unknown customer. */
export function unknownCustomer(): ToolError {
  return new ToolError('NOT_FOUND', 'No customer has this ID. Find the customer with find_customer.', {
    field: ['customerId'],
  });
}

/** Arguments that say how sure the caller is that the customer is who they say. */
export const identity = {
  assurance: z.enum(['CLAIMED', 'VERIFIED']).default('CLAIMED'),
  proof: z.enum(['EMAIL_CODE', 'PHONE_CODE', 'LOGIN', 'KNOWLEDGE', 'STAFF']).optional(),
};

export type Identity = { assurance: 'CLAIMED' | 'VERIFIED'; proof?: string | undefined };

/** Whether the customer proved who they are. Throws INVALID_INPUT if the proof is missing. */
export function isVerified({ assurance, proof }: Identity): boolean {
  if (assurance === 'CLAIMED') return false;
  if (proof !== undefined) return true;
  throw new ToolError('INVALID_INPUT', 'Send `proof`: how the customer proved who they are.', { field: ['proof'] });
}

/** Throws FORBIDDEN unless the customer proved who they are. */
export function requireVerified(identity: Identity): void {
  if (isVerified(identity)) return;
  const remedy =
    'Verify the customer first, for example with a code sent to their email address. Then send `assurance: VERIFIED` and `proof`.';
  throw new ToolError('FORBIDDEN', `A customer who only claims who they are gets no records. ${remedy}`, {
    field: ['assurance'],
  });
}

/** Arguments of every list. */
export const paging = {
  first: z.int().min(1).max(100).default(20),
  /** `nextCursor` of the page before. The text of the page says so. */
  after: z.string().max(1_000).optional(),
};

/** Page of a list, after the rows that fit the budget. */
export const page = {
  total: z.int(),
  nextCursor: z.string().nullable(),
};
