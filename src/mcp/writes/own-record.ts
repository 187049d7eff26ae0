import { type Ask, missingScopesOf, ToolError } from '../ask.ts';

const records = {
  Case: {
    argument: 'caseId',
    instead: 'Call get_customer_context for their cases.',
  },
  Order: {
    argument: 'orderId',
    instead: 'Call list_orders for their orders.',
  },
} as const;

type RecordType = keyof typeof records;

/**
 * Returns a function that reads a record of a customer by its ID, with these fields. It throws NOT_FOUND for the record
 * of another customer, like for one that does not exist.
 */
export function ownRecord<Row extends object>(type: RecordType, fields = '') {
  const { argument, instead } = records[type];
  const noun = type.toLowerCase();
  const document = `query Mcp${type}ToWrite($by: ${type}Key!) {
  record: ${noun}(by: $by) { id customer { id } ${fields} } }`;
  type Found = { record: (Row & { id: string; customer: { id: string } | null }) | null };

  return async (id: string, { customerId }: { customerId: string }, ask: Ask): Promise<Row & { id: string }> => {
    const { record } = await ask<Found>(document, { by: { id } }).catch((error) => {
      const missingScopes = missingScopesOf(error);
      if (!missingScopes) throw error;
      const message = `\`${argument}\` requires a key with the scope ${missingScopes.join(', ')}.`;
      throw new ToolError('FORBIDDEN', message, { field: [argument], missingScopes });
    });
    if (record?.customer?.id === customerId) return record;
    throw new ToolError('NOT_FOUND', `This customer has no such ${noun}. ${instead}`, { field: [argument] });
  };
}

/** Error for a record that has changed since the preview. Null for any other error. */
export function changedSince(error: unknown, type: RecordType): ToolError | null {
  if (!(error instanceof ToolError) || error.details.currentVersion === undefined) return null;
  const message = `The ${type.toLowerCase()} has changed. Call without \`confirmation\` for a new preview.`;
  return new ToolError('CONFLICT', message);
}
