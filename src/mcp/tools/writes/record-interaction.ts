import * as z from 'zod';
import { customerId, purpose } from '../../arguments.ts';
import { Markers } from '../../text/markers.ts';
import { neutralize } from '../../text/neutralize.ts';
import { defineWrite } from '../../writes/define-write.ts';
import { ownRecord } from '../../writes/own-record.ts';
import { channel } from '../channels.ts';

const document = `mutation McpRecordInteraction($input: UpsertInteractionInput!, $isDone: Boolean!) {
  recorded: upsertInteraction(input: $input) { outcome interaction @include(if: $isDone) { id } } }`;

const caseOf = ownRecord('Case');
const orderOf = ownRecord('Order');

type Recorded = { recorded: { outcome: string; interaction?: { id: string } } };

export const recordInteraction = defineWrite({
  name: 'record_interaction',
  title: 'Record an interaction',
  description: 'Records a message, call, visit or note of a customer. It sends nothing.',
  scopes: ['interactions:read', 'interactions:write'],
  effect: 'ADD',
  input: {
    customerId,
    channel,
    direction: z.enum(['INBOUND', 'OUTBOUND', 'INTERNAL']),
    kind: z.enum(['MESSAGE', 'CALL', 'VISIT', 'NOTE']).default('MESSAGE'),
    occurredAt: z.iso.datetime({ offset: true }).optional().describe('Defaults to now.'),
    subject: z.string().max(1_000).optional(),
    body: z.string().min(1).max(100_000),
    caseId: z.string().max(100).optional(),
    orderId: z.string().max(100).optional(),
    purpose,
  },
  output: { outcome: z.string(), interactionId: z.string().nullable() },
  async run(args, { ask, write, isPreview, at }) {
    const { channel, direction, kind, subject, body, caseId, orderId } = args;
    if (caseId !== undefined) await caseOf(caseId, args, ask);
    if (orderId !== undefined) await orderOf(orderId, args, ask);
    const input = {
      customer: { id: args.customerId },
      channel,
      direction,
      kind,
      occurredAt: args.occurredAt ?? at.toISOString(),
      // The agent is a bot. What comes in is from the customer.
      actor: { kind: direction === 'INBOUND' ? 'CUSTOMER' : 'BOT' },
      subject: subject ?? null,
      body,
      ...(caseId !== undefined && { case: { id: caseId } }),
      ...(orderId !== undefined && { order: { id: orderId } }),
    };
    const { recorded } = await write<Recorded>(document, { input, isDone: !isPreview });
    const markers = new Markers();
    const quoted = neutralize([subject, body].filter(Boolean).join(' '), 160).value;
    return {
      text: `${channel} ${direction} ${kind}: ${markers.around(quoted)} ${markers.notice}`,
      data: { outcome: recorded.outcome, interactionId: recorded.interaction?.id ?? null },
    };
  },
});
