import { z } from 'zod';
import { customerId, purpose } from '../../arguments.ts';
import { type Ask, ToolError } from '../../ask.ts';
import { Markers } from '../../text/markers.ts';
import { neutralize } from '../../text/neutralize.ts';
import { defineWrite, type Writing } from '../../writes/define-write.ts';
import { channel } from '../channels.ts';

const input = {
  customerId,
  caseId: z.string().max(100).optional().describe('Defaults to a new case.'),
  to: z.string().min(1).max(300).default('Support team'),
  reason: z.string().min(1).max(1_000),
  summary: z.string().min(1).max(2_000),
  attempted: z.string().max(10_000).optional(),
  openQuestions: z.array(z.string().min(1).max(1_000)).max(50).optional(),
  messageToCustomer: z.string().min(1).max(10_000).optional(),
  /** Channel of `messageToCustomer`. */
  channel: channel.default('CHATBOT'),
  purpose,
};

type Args = z.output<z.ZodObject<typeof input>>;

const caseDocument = `query McpCaseToHandOff($by: CaseKey!) { case(by: $by) { id customer { id } } }`;

const opening = 'case: openCase(input: $case, idempotencyKey: $caseKey)';
const updating = 'case: updateCase(input: $case, idempotencyKey: $caseKey)';

// In a preview, the interactions have no case to belong to.
const documentOf = (type: string, write: string) => `mutation McpHandOff(
    $case: ${type}!, $caseKey: String, $note: UpsertInteractionInput!, $noteKey: String,
    $message: UpsertInteractionInput!, $messageKey: String, $isDone: Boolean!, $hasMessage: Boolean!
  ) {
    ${write} { outcome case @include(if: $isDone) { id number } }
    note: upsertInteraction(input: $note, idempotencyKey: $noteKey) @include(if: $isDone) { outcome }
    message: upsertInteraction(input: $message, idempotencyKey: $messageKey) @include(if: $hasMessage) { outcome }
  }`;

const documents = {
  open: documentOf('OpenCaseInput', opening),
  update: documentOf('UpdateCaseInput', updating),
};

type HandedOff = { case: { outcome: string; case?: { id: string; number: number } } };

export const handOff = defineWrite({
  name: 'hand_off',
  title: 'Hand off to a person',
  description:
    'Hands a case to a person or team. Records `messageToCustomer` as sent by you, so say it to the customer.',
  scopes: ['customers:read', 'cases:read', 'cases:write', 'interactions:write'],
  effect: 'ADD',
  input,
  output: { outcome: z.string(), caseId: z.string().nullable(), caseNumber: z.int().nullable() },
  async run(args, writing) {
    const { write } = writing;
    if (args.caseId !== undefined) await checkCase(args.customerId, args.caseId, args.purpose, writing.ask);
    const document = args.caseId === undefined ? documents.open : documents.update;
    const handedOff = await write<HandedOff>(document, variablesOf(args, writing));
    const { outcome, case: written } = handedOff.case;
    const markers = new Markers();
    const said = args.messageToCustomer;
    const lines = [
      `HAND-OFF to ${markers.around(neutralize(args.to, 60).value)}: ${markers.around(neutralize(args.reason, 200).value)}`,
      ...(written ? [`CASE ${written.number}`] : []),
      ...(said === undefined ? [] : [`SAY ${markers.around(neutralize(said, 300).value)}`]),
      markers.notice,
    ];
    return {
      text: lines.join('\n'),
      data: { outcome, caseId: written?.id ?? args.caseId ?? null, caseNumber: written?.number ?? null },
    };
  },
});

function variablesOf(args: Args, { isPreview, idempotencyKey, at }: Writing): object {
  const { caseId, to, reason, summary, attempted, openQuestions, messageToCustomer } = args;
  const customer = { id: args.customerId };
  const occurredAt = at.toISOString();
  const handoff = {
    occurredAt,
    fromKind: 'BOT',
    to,
    reason,
    tried: attempted ?? null,
    openQuestions: openQuestions ?? null,
  };
  // The interactions find the new case by this ID, before the agent knows the one of the case.
  const externalId = { source: 'agent', value: `${args.customerId} ${idempotencyKey}` };
  const key = caseId === undefined ? { externalId } : { id: caseId };
  const opened = { externalId, customer, subject: neutralize(summary, 200).value, handoff };
  const interaction = { customer, case: key, occurredAt, actor: { kind: 'BOT' }, channel: args.channel };
  return {
    case: caseId === undefined ? opened : { key, handoff },
    caseKey: isPreview ? null : idempotencyKey,
    note: { ...interaction, direction: 'INTERNAL', kind: 'NOTE', body: summary },
    noteKey: `${idempotencyKey} note`,
    message: { ...interaction, direction: 'OUTBOUND', kind: 'MESSAGE', body: messageToCustomer ?? '' },
    messageKey: `${idempotencyKey} message`,
    isDone: !isPreview,
    hasMessage: !isPreview && messageToCustomer !== undefined,
  };
}

// The case of another customer gets the answer of one that does not exist.
async function checkCase(customerId: string, caseId: string, purpose: Args['purpose'], ask: Ask): Promise<void> {
  type Found = { case: { customer: { id: string } | null } | null };
  const { case: found } = await ask<Found>(caseDocument, { by: { id: caseId } }, { purpose });
  if (found?.customer?.id !== customerId)
    throw new ToolError('NOT_FOUND', 'This customer has no such case. Call get_customer_context for their cases.', {
      field: ['caseId'],
    });
}
