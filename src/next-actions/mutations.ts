import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { ActorKindEnum } from '../graphql/enums/actor-kinds.ts';
import { InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { GestureKindEnum } from '../graphql/enums/gesture-kinds.ts';
import { NextActionStatusEnum } from '../graphql/enums/next-action-statuses.ts';
import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { expectedVersion, keyInput } from '../graphql/mutations/keys.ts';
import { setNextActionCap } from './caps.ts';
import { suggestNextAction } from './next-actions.ts';
import { updateNextActionStatus } from './transitions.ts';

const scope = 'next-actions:write';
const addWrite = defineWrites('NextAction', 'nextAction', 'The next action, as it is after the write.');

addWrite({
  name: 'suggestNextAction',
  scope,
  input: builder.inputType('SuggestNextActionInput', {
    description: 'Gesture to suggest, or suggestion to change. Omitted fields keep their value; `null` clears them.',
    fields: (t) => ({
      key: t.field({
        type: keyInput('NextAction'),
        description:
          'Key of the next action. If it is omitted, or is an unknown external ID, a new next action is created.',
      }),
      customer: t.field({
        type: CustomerKeyInput,
        description: 'Key of the customer. Required for a new suggestion.',
      }),
      kind: t.field({ type: GestureKindEnum, description: 'Kind of gesture. Required for a new suggestion.' }),
      text: t.string({
        description: 'What to say or give to the customer, up to 1,000 characters. Required for a new suggestion.',
      }),
      cost: t.field({ type: 'Decimal', description: 'Cost to the business, not negative. Omit it if there is none.' }),
      currencyCode: t.field({ type: 'CurrencyCode', description: 'Currency of `cost`. Required with a cost.' }),
      channel: t.field({ type: InteractionChannelEnum, description: 'Channel to make the gesture on.' }),
      suggestedAt: t.field({
        type: 'DateTime',
        description: 'When the gesture was suggested. Cannot be in the future. Defaults to now.',
      }),
      suggestedByKind: t.field({
        type: ActorKindEnum,
        description: 'Kind of actor who suggests the gesture. Defaults to `STAFF`.',
      }),
      suggestedByName: t.string({ description: 'Name of the actor who suggests the gesture.' }),
      expectedVersion: expectedVersion(t),
    }),
  }),
  write: suggestNextAction,
  description:
    'Suggests a gesture toward a customer, or changes the suggestion identified by `key`. Fails with `CONFLICT` if the ' +
    'gesture was already approved or dismissed. A suggestion may be blocked: see `blockedBy`.',
});

addWrite({
  name: 'updateNextActionStatus',
  scope,
  input: builder.inputType('UpdateNextActionStatusInput', {
    description: 'Next status of a gesture.',
    fields: (t) => ({
      key: t.field({ type: keyInput('NextAction'), required: true, description: 'Key of the next action.' }),
      status: t.field({
        type: NextActionStatusEnum,
        required: true,
        description:
          'New status: `APPROVED` after `SUGGESTED`, `OFFERED` after `APPROVED`, `REDEEMED` after `OFFERED`, or ' +
          '`DISMISSED` after any of these three.',
      }),
      reason: t.string({ description: 'Reason to dismiss the gesture, up to 1,000 characters.' }),
      at: t.field({
        type: 'DateTime',
        description: 'When the gesture got the status. Cannot be in the future. Defaults to now.',
      }),
      expectedVersion: expectedVersion(t),
    }),
  }),
  write: updateNextActionStatus,
  description:
    'Moves a gesture to its next status. Returns `NOOP` if it has the status. Fails with `CONFLICT` if the status does ' +
    'not follow, and with `refusal` if the gesture is blocked: `NO_CONSENT`, `OPEN_COMPLAINT`, `CAP_REACHED` or, for ' +
    'an offer, `QUIET_HOURS` with `nextAllowedAt`.',
});

defineWrites(
  'NextActionCap',
  'nextActionCap',
  'The cap, as it is after the write.',
)({
  name: 'setNextActionCap',
  // Agents may suggest gestures, but must not raise what they may cost.
  scope: 'policies:write',
  input: builder.inputType('SetNextActionCapInput', {
    description: 'Most that gestures may cost per customer and period, in one currency.',
    fields: (t) => ({
      currencyCode: t.field({ type: 'CurrencyCode', required: true, description: 'Currency of the cap.' }),
      amount: t.field({ type: 'Decimal', required: true, description: 'Most that gestures may cost, not negative.' }),
      periodDays: t.int({ required: true, description: 'Length of the period, 1 to 3,650 days up to now.' }),
    }),
  }),
  write: setNextActionCap,
  description:
    'Sets or replaces the cap on the cost of gestures in a currency. It applies to approvals and offers from then on.',
});
