import { CustomerKeyInput } from '../customers/input-types.ts';
import type { Purpose } from '../db/generated/prisma/enums.ts';
import { builder, type InputFields } from '../graphql/builder.ts';
import { ActorKindEnum } from '../graphql/enums/actor-kinds.ts';
import { InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { PurposeEnum } from '../graphql/enums/purposes.ts';
import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { changedAt, expectedVersion, keyInput } from '../graphql/mutations/keys.ts';
import { cancelFollowUp, completeFollowUp, scheduleFollowUp } from './follow-ups.ts';
import { FollowUpKindEnum } from './schema.ts';

const scope = 'follow-ups:write';
const addWrite = defineWrites('FollowUp', 'followUp', 'The follow-up, as it is after the write.');

function closing(t: InputFields, field: string, done: string) {
  return {
    [field]: t.field({
      type: 'DateTime',
      description: `When the follow-up was ${done}. Cannot be in the future. Defaults to now.`,
    }),
    key: t.field({ type: keyInput('FollowUp'), required: true, description: 'Key of the follow-up.' }),
    expectedVersion: expectedVersion(t),
  };
}

const ScheduleFollowUpInput = builder.inputType('ScheduleFollowUpInput', {
  description: 'Follow-up or promise to create or change. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('FollowUp'),
      description: 'Key of the follow-up. If it is omitted, or is an unknown external ID, a new follow-up is created.',
    }),
    customer: t.field({
      type: CustomerKeyInput,
      description: 'Key of the customer. Required for a new follow-up.',
    }),
    kind: t.field({ type: FollowUpKindEnum, description: 'Follow-up or promise. Defaults to `FOLLOW_UP`.' }),
    text: t.string({
      description: 'What to do, or the wording of the promise, up to 1,000 characters. Required for a new follow-up.',
    }),
    dueAt: t.field({
      type: 'DateTime',
      description:
        'When it is due. Required for a new follow-up. Must be in the future, unless `madeAt` is in the past.',
    }),
    channel: t.field({
      type: InteractionChannelEnum,
      description:
        'Channel to contact the customer on. Without it, consent for any channel counts, and a promise needs no contact.',
    }),
    purpose: t.field({
      type: PurposeEnum,
      description:
        'Purpose of the contact, which consent must allow. Without a `key`, defaults to the purpose of the request. ' +
        'Otherwise, defaults to `SUPPORT` for a new follow-up.',
    }),
    case: t.field({ type: keyInput('Case'), description: 'Key of the case it belongs to.' }),
    order: t.field({ type: keyInput('Order'), description: 'Key of the order it belongs to.' }),
    interaction: t.field({
      type: keyInput('Interaction'),
      description: 'Key of the interaction in which it was made.',
    }),
    madeAt: t.field({
      type: 'DateTime',
      description: 'When it was planned or promised. Cannot be in the future. Defaults to now.',
    }),
    madeByKind: t.field({ type: ActorKindEnum, description: 'Kind of actor who made it. Defaults to `STAFF`.' }),
    madeByName: t.string({ description: 'Name of the actor who made it.' }),
    completedAt: t.field({
      type: 'DateTime',
      description: 'When it was completed. Cannot be in the future. `null` opens it again.',
    }),
    canceledAt: t.field({
      type: 'DateTime',
      description: 'When it was canceled. Cannot be in the future. `null` opens it again.',
    }),
    changedAt: changedAt(t),
    expectedVersion: expectedVersion(t),
  }),
});

const CompleteFollowUpInput = builder.inputType('CompleteFollowUpInput', {
  description: 'Follow-up that is done, or promise that is kept.',
  fields: (t) => closing(t, 'completedAt', 'completed'),
});

const CancelFollowUpInput = builder.inputType('CancelFollowUpInput', {
  description: 'Follow-up or promise that is no longer needed.',
  fields: (t) => closing(t, 'canceledAt', 'canceled'),
});

// Only a follow-up without a key is surely new. An existing one keeps its purpose.
function withPurpose(input: unknown, purpose: Purpose | null): unknown {
  const given = input as { key?: object | null; purpose?: Purpose | null };
  return given.key || given.purpose || purpose === null ? input : { ...given, purpose };
}

addWrite({
  name: 'scheduleFollowUp',
  scope,
  input: ScheduleFollowUpInput,
  write: (db, input, { purpose }) => scheduleFollowUp(db, withPurpose(input, purpose)),
  description:
    'Schedules a follow-up or promise, or changes the one identified by `key`. Fails with `CONFLICT` and `refusal` if ' +
    'the customer may not be contacted at the due time: `NO_CONSENT`, `NO_TIME_ZONE`, or `QUIET_HOURS` with ' +
    '`nextAllowedAt`. Never sends anything.',
});

addWrite({
  name: 'completeFollowUp',
  scope,
  input: CompleteFollowUpInput,
  write: completeFollowUp,
  description:
    'Completes a follow-up or promise. It is `KEPT` by its due time, and `BROKEN` later. Returns `NOOP` if it is ' +
    'completed, and fails with `CONFLICT` if it is canceled.',
});

addWrite({
  name: 'cancelFollowUp',
  scope,
  input: CancelFollowUpInput,
  write: cancelFollowUp,
  description:
    'Cancels a follow-up or promise. Returns `NOOP` if it is canceled, and fails with `CONFLICT` if it is completed.',
});
