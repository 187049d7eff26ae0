import * as z from 'zod';
import { customerId, purpose } from '../../arguments.ts';
import { ToolError } from '../../ask.ts';
import { Markers } from '../../text/markers.ts';
import { neutralize } from '../../text/neutralize.ts';
import { defineWrite, type Writing } from '../../writes/define-write.ts';
import { changedSince, ownRecord } from '../../writes/own-record.ts';
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

const documentOf = (mutation: string, type: string) => `mutation McpHandOff($input: ${type}!, $isDone: Boolean!) {
  case: ${mutation}(input: $input) { outcome case @include(if: $isDone) { id number } } }`;

const documents = {
  open: documentOf('openCase', 'OpenCaseInput'),
  update: documentOf('updateCase', 'UpdateCaseInput'),
};

const messages = `mutation McpRecordHandOff($note: UpsertInteractionInput!, $message: UpsertInteractionInput!,
  $hasMessage: Boolean!) {
  note: upsertInteraction(input: $note) { outcome }
  message: upsertInteraction(input: $message) @include(if: $hasMessage) { outcome } }`;

type HandedOff = { case: { outcome: string; case?: { id: string; number: number } } };

const caseOf = ownRecord<{ status: string; version: number }>('Case', 'status version');

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
    const { write, isPreview } = writing;
    const { caseId } = args;
    const expectedVersion = caseId === undefined ? undefined : await versionOf(caseId, args, writing);
    const document = caseId === undefined ? documents.open : documents.update;
    const given = { input: caseInput(args, expectedVersion, writing), isDone: !isPreview };
    const handedOff = await write<HandedOff>(document, given).catch((error) => {
      throw changedSince(error, 'Case') ?? error;
    });
    const { outcome, case: written } = handedOff.case;
    // Only once the case is written, so that a case that has changed gets no messages.
    await write(messages, interactionsOf(args, written?.id ?? caseId, writing));
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
      data: { outcome, caseId: written?.id ?? caseId ?? null, caseNumber: written?.number ?? null },
      ...(expectedVersion !== undefined && { version: expectedVersion }),
    };
  },
});

/** Version that the case must have: the one that the preview showed. */
async function versionOf(caseId: string, args: Args, { ask, isPreview, version }: Writing): Promise<number> {
  const found = await caseOf(caseId, args, ask);
  // Hand-offs of resolved cases are not in the list of those that wait. A repeat of a confirmed call may come later.
  if (isPreview && found.status === 'RESOLVED')
    throw new ToolError('CONFLICT', 'The case is resolved. Omit `caseId` to open a new one.', { field: ['caseId'] });
  return version ?? found.version;
}

function caseInput(args: Args, expectedVersion: number | undefined, { at }: Writing): object {
  const { caseId, to, reason, summary, attempted, openQuestions } = args;
  const handoff = {
    occurredAt: at.toISOString(),
    fromKind: 'BOT',
    to,
    reason,
    tried: attempted ?? null,
    openQuestions: openQuestions ?? null,
  };
  if (caseId !== undefined) return { key: { id: caseId }, expectedVersion, handoff };
  return { customer: { id: args.customerId }, subject: neutralize(summary, 200).value, handoff };
}

// The preview of a new case has no ID yet.
function interactionsOf({ customerId, channel, ...args }: Args, caseId: string | undefined, { at }: Writing): object {
  const interaction = {
    customer: { id: customerId },
    ...(caseId !== undefined && { case: { id: caseId } }),
    occurredAt: at.toISOString(),
    actor: { kind: 'BOT' },
    channel,
  };
  return {
    note: { ...interaction, direction: 'INTERNAL', kind: 'NOTE', body: args.summary },
    message: { ...interaction, direction: 'OUTBOUND', kind: 'MESSAGE', body: args.messageToCustomer ?? '' },
    hasMessage: args.messageToCustomer !== undefined,
  };
}
