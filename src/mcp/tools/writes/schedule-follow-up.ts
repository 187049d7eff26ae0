import * as z from 'zod';
import { customerId, purpose } from '../../arguments.ts';
import { ToolError } from '../../ask.ts';
import { Markers } from '../../text/markers.ts';
import { minuteOf } from '../../text/names.ts';
import { neutralize } from '../../text/neutralize.ts';
import { defineWrite } from '../../writes/define-write.ts';
import { channel } from '../channels.ts';

const document = `mutation McpScheduleFollowUp($input: ScheduleFollowUpInput!, $isDone: Boolean!) {
  schedule: scheduleFollowUp(input: $input) { outcome followUp @include(if: $isDone) { id } } }`;

type Scheduled = { schedule: { outcome: string; followUp?: { id: string } } };

export const scheduleFollowUp = defineWrite({
  name: 'schedule_follow_up',
  title: 'Schedule a follow-up',
  description:
    'Plans contact (FOLLOW_UP), or records what you promised the customer (PROMISE). Fails without consent and in quiet ' +
    'hours, with the next allowed time. Sends nothing.',
  scopes: ['customers:read', 'follow-ups:read', 'follow-ups:write'],
  effect: 'ADD',
  input: {
    customerId,
    kind: z.enum(['FOLLOW_UP', 'PROMISE']).default('FOLLOW_UP'),
    text: z.string().min(1).max(1_000),
    dueAt: z.iso.datetime({ offset: true }),
    channel: channel.optional(),
    purpose,
  },
  output: { outcome: z.string(), followUpId: z.string().nullable() },
  async run({ customerId, kind, text, dueAt, channel, purpose }, { write, isPreview }) {
    const input = {
      customer: { id: customerId },
      ...{ kind, text, dueAt, madeByKind: 'BOT' },
      ...(channel !== undefined && { channel }),
      ...(purpose !== undefined && { purpose }),
    };
    const { schedule } = await write<Scheduled>(document, { input, isDone: !isPreview }).catch((error) => {
      throw dueAtError(error);
    });
    const markers = new Markers();
    const said = markers.around(neutralize(text, 200).value);
    const by = channel === undefined ? '' : ` ${channel}`;
    return {
      text: `${kind}${by} due ${minuteOf(new Date(dueAt).toISOString())}: ${said} ${markers.notice}`,
      data: { outcome: schedule.outcome, followUpId: schedule.followUp?.id ?? null },
    };
  },
});

// The due time may also pass between the preview and its confirmation. The message of the server names a field that the
// tool does not have.
function dueAtError(error: unknown): unknown {
  const isPast =
    error instanceof ToolError && error.code === 'INVALID_INPUT' && error.details.field?.at(-1) === 'dueAt';
  return isPast ? new ToolError('INVALID_INPUT', '`dueAt` must be in the future.', { field: ['dueAt'] }) : error;
}
