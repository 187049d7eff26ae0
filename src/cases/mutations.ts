import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder, type InputFields } from '../graphql/builder.ts';
import { ActorKindEnum } from '../graphql/enums/actor-kinds.ts';
import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { changedAt, ExternalIdInput, expectedVersion, keyInput } from '../graphql/mutations/keys.ts';
import { openCase, reopenCase, resolveCase, updateCase, upsertCase } from './cases.ts';
import { CaseKindEnum, CasePriorityEnum, CaseStatusEnum, PromiseStatusEnum } from './schema.ts';

const scope = 'cases:write';
const addWrite = defineWrites('Case', 'case', 'The case, as it is after the write.');

const PromiseInput = builder.inputType('CasePromiseInput', {
  description: 'Promise made to the customer.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'Wording of the promise.' }),
    dueAt: t.field({
      type: 'DateTime',
      description: 'When the promise is due. If omitted, a promise with the same text keeps its due date.',
    }),
    status: t.field({
      type: PromiseStatusEnum,
      description:
        'Status of the promise. If omitted, a promise with the same text keeps its status, and a new promise is ' +
        '`OPEN`.',
    }),
  }),
});

const HandoffInput = builder.inputType('CaseHandoffInput', {
  description: 'Hand-off of a case to someone else.',
  fields: (t) => ({
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When the hand-off happened. Cannot be in the future. Defaults to now.',
    }),
    fromKind: t.field({
      type: ActorKindEnum,
      required: true,
      description: 'Kind of actor who hands the case off.',
    }),
    fromName: t.string({ description: 'Name of the actor who hands the case off.' }),
    to: t.string({ required: true, description: 'Person or team taking over the case.' }),
    reason: t.string({ required: true, description: 'Reason for the hand-off.' }),
    tried: t.string({ description: 'Steps that were already tried.' }),
    openQuestions: t.stringList({ description: 'Questions that are still open.' }),
  }),
});

// Fields shared by the inputs that open, update and upsert a case.
function described(t: InputFields) {
  return {
    order: t.field({
      type: keyInput('Order'),
      description: 'Key of the order the case is about. Fails with `NOT_FOUND` if unknown.',
    }),
    kind: t.field({ type: CaseKindEnum, description: 'Kind of case. Defaults to `QUESTION` for a new case.' }),
    priority: t.field({
      type: CasePriorityEnum,
      description: 'Priority of the case. Defaults to `MEDIUM` for a new case.',
    }),
    cause: t.string({ description: 'Cause of the problem.' }),
    remedy: t.string({ description: 'Action taken to resolve the case.' }),
    assignee: t.string({ description: 'Person or team that handles the case.' }),
    firstResponseAt: t.field({
      type: 'DateTime',
      description: 'When the business first responded. Cannot be in the future.',
    }),
    promise: t.field({ type: PromiseInput, description: 'Promise made to the customer.' }),
    handoff: t.field({
      type: HandoffInput,
      description:
        'Hand-off to add. Ignored if it repeats the hand-off at the same time or, without `occurredAt`, the ' +
        'latest hand-off.',
    }),
  };
}

function openedAt(t: InputFields) {
  return t.field({
    type: 'DateTime',
    description:
      'When the case was opened. Cannot be in the future. For a new case, defaults to the earlier of ' +
      '`firstResponseAt` and `resolvedAt`, or else to now.',
  });
}

function progress(t: InputFields) {
  return {
    status: t.field({
      type: CaseStatusEnum,
      description:
        'Status of the case. Defaults to `OPEN` for a new case. Any status except `RESOLVED` reopens a resolved case.',
    }),
    resolvedAt: t.field({
      type: 'DateTime',
      description:
        'When the case was resolved. Cannot be in the future. Sending a time resolves the case, and cannot be ' +
        'combined with another status. If null or omitted, the stored time is kept, or set to now when the case ' +
        'becomes `RESOLVED`.',
    }),
    snoozedUntil: t.field({ type: 'DateTime', description: 'When the case stops being snoozed.' }),
    changedAt: changedAt(t),
  };
}

const OpenCaseInput = builder.inputType('OpenCaseInput', {
  description: 'New case for a customer.',
  fields: (t) => ({
    externalId: t.field({ type: ExternalIdInput, description: 'ID of the case in another system.' }),
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
    subject: t.string({ required: true, description: 'One-line summary, up to 500 characters.' }),
    openedAt: openedAt(t),
    ...described(t),
  }),
});

const UpdateCaseInput = builder.inputType('UpdateCaseInput', {
  description: 'Changes to an existing case. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({ type: keyInput('Case'), required: true, description: 'Key of the case.' }),
    subject: t.string({ description: 'One-line summary, up to 500 characters.' }),
    ...described(t),
    ...progress(t),
    expectedVersion: expectedVersion(t),
  }),
});

const UpsertCaseInput = builder.inputType('UpsertCaseInput', {
  description: 'Case to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('Case'),
      description: 'Key of the case. If it is omitted, or is an unknown external ID, a new case is created.',
    }),
    customer: t.field({
      type: CustomerKeyInput,
      description:
        'Key of the customer. Fails with `NOT_FOUND` if unknown. Null if the customer is unidentified. When the ' +
        'customer changes, the case’s interactions with the former customer, or without a customer, move to the ' +
        'new customer. Interactions with other customers stay.',
    }),
    subject: t.string({ description: 'One-line summary, up to 500 characters. Required for a new case.' }),
    openedAt: openedAt(t),
    ...described(t),
    ...progress(t),
    expectedVersion: expectedVersion(t),
  }),
});

const ResolveCaseInput = builder.inputType('ResolveCaseInput', {
  description: 'Resolution of a case.',
  fields: (t) => ({
    key: t.field({ type: keyInput('Case'), required: true, description: 'Key of the case.' }),
    cause: t.string({ description: 'Cause of the problem.' }),
    remedy: t.string({ description: 'Action taken to resolve the case.' }),
    resolvedAt: t.field({
      type: 'DateTime',
      description: 'When the case was resolved. Cannot be in the future. Defaults to now.',
    }),
    expectedVersion: expectedVersion(t),
  }),
});

const ReopenCaseInput = builder.inputType('ReopenCaseInput', {
  description: 'Resolved case to reopen.',
  fields: (t) => ({
    key: t.field({ type: keyInput('Case'), required: true, description: 'Key of the case.' }),
    reopenedAt: t.field({
      type: 'DateTime',
      description: 'When the case was reopened. Cannot be in the future. Defaults to now.',
    }),
    expectedVersion: expectedVersion(t),
  }),
});

addWrite({
  name: 'upsertCase',
  scope,
  input: UpsertCaseInput,
  write: upsertCase,
  description: 'Creates or updates the case identified by `key`. Fails with `NOT_FOUND` if the ID is unknown.',
});

addWrite({
  name: 'openCase',
  scope,
  input: OpenCaseInput,
  write: openCase,
  description:
    'Opens a new case and assigns it a number. Fails with `CONFLICT` if a case with the external ID already exists.',
});

addWrite({
  name: 'updateCase',
  scope,
  input: UpdateCaseInput,
  write: updateCase,
  description: 'Updates an existing case. Fails with `NOT_FOUND` if the case does not exist.',
});

addWrite({
  name: 'resolveCase',
  scope,
  input: ResolveCaseInput,
  write: resolveCase,
  description: 'Resolves a case and records its cause and remedy. Returns `NOOP` if nothing changes.',
});

addWrite({
  name: 'reopenCase',
  scope,
  input: ReopenCaseInput,
  write: reopenCase,
  description:
    'Reopens a resolved case and increments `reopenedCount`. Fails with `CONFLICT` if the case is not resolved.',
});
