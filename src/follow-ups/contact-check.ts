import { contactFactsSql } from '../db/contact-facts.ts';
import type { InteractionChannel, Purpose } from '../db/generated/prisma/enums.ts';
import { type Statements, workspace } from '../db/statements.ts';
import { type ContactFacts, type ContactReason, permissionOf } from '../lib/contact/contact-permission.ts';
import { DomainError } from '../lib/errors.ts';

type Contact = { customerId: string; dueAt: Date; channel: InteractionChannel | null; purpose: Purpose };

/**
 * Throws CONFLICT if the customer may not be contacted at the due time: by their consent, with `refusal: NO_CONSENT`, or
 * by their quiet hours, with the next allowed time.
 */
export async function checkContact(tx: Statements, { customerId, dueAt, channel, purpose }: Contact): Promise<void> {
  const text = `SELECT json_build_object(${contactFactsSql('c', 'now()')}) AS facts
    FROM "Customer" c WHERE c."workspaceId" = ${workspace} AND c."id" = $2::uuid`;
  const [customer] = await tx.query<{ facts: ContactFacts }>({ text, values: [tx.workspaceId, customerId] });
  if (!customer) throw new DomainError('NOT_FOUND', 'No customer has this key.', { field: ['customer'] });
  const { timezone, quiet, decisions } = customer.facts;
  const { isAllowedNow, nextAllowedAt, reason } = permissionOf(decisions, quiet, timezone, purpose, channel, dueAt);
  if (isAllowedNow) return;
  const what = { field: [fields[reason]], refusal: reason };
  throw new DomainError(
    'CONFLICT',
    messages[reason](channel, nextAllowedAt),
    nextAllowedAt ? { ...what, nextAllowedAt } : what,
  );
}

const fields: Record<ContactReason, string> = {
  ALLOWED: 'dueAt',
  QUIET_HOURS: 'dueAt',
  NO_CONSENT: 'channel',
  NO_TIME_ZONE: 'dueAt',
};

type Message = (channel: string | null, nextAllowedAt: string | null) => string;

const messages: Record<ContactReason, Message> = {
  ALLOWED: () => 'Contact is allowed.',
  QUIET_HOURS: (_, nextAllowedAt) =>
    `The due time is within the customer’s quiet hours. Send \`dueAt: ${nextAllowedAt}\` or a later time.`,
  NO_CONSENT: (channel) =>
    `The customer does not allow contact${channel ? ` by ${channel}` : ''} for this purpose. Send another \`channel\`, or ask for consent first.`,
  NO_TIME_ZONE: () =>
    'The customer has quiet hours but no time zone. Set `timezone` of the customer, or send a `PROMISE` without a `channel`.',
};
