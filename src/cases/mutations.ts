import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder, type InputFields } from '../graphql/builder.ts';
import { changedAt, ExternalIdInput, expectedVersion } from '../graphql/keys.ts';
import { defineWrites } from '../graphql/writes.ts';
import { ActorKindEnum } from '../interactions/enums.ts';
import { OrderKeyInput } from '../orders/schema.ts';
import { openCase, reopenCase, resolveCase, updateCase, upsertCase } from './cases.ts';
import { CaseKeyInput, CaseKindEnum, CasePriorityEnum, CaseStatusEnum, PromiseStatusEnum } from './schema.ts';

const scope = 'cases:write';
const addWrite = defineWrites('Case', 'case', 'The case as it is afterwards.');

const PromiseInput = builder.inputType('CasePromiseInput', {
  description: 'What we said we would do.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'What was said.' }),
    dueAt: t.field({ type: 'DateTime', description: 'When it is due. Omitted: kept if the text is the same.' }),
    status: t.field({
      type: PromiseStatusEnum,
      description: 'What became of it. Omitted: kept if the text is the same, otherwise OPEN.',
    }),
  }),
});

const HandoffInput = builder.inputType('CaseHandoffInput', {
  description: 'A case given on.',
  fields: (t) => ({
    occurredAt: t.field({ type: 'DateTime', description: 'When it happened, not in the future. Defaults to now.' }),
    fromKind: t.field({ type: ActorKindEnum, required: true, description: 'Who gives it on.' }),
    fromName: t.string({ description: 'Their name.' }),
    to: t.string({ required: true, description: 'To whom.' }),
    reason: t.string({ required: true, description: 'Why.' }),
    tried: t.string({ description: 'What was tried.' }),
    openQuestions: t.stringList({ description: 'What is still to be found out.' }),
  }),
});

// What every write of a case may say.
function described(t: InputFields) {
  return {
    order: t.field({ type: OrderKeyInput, description: 'The order it is about; NOT_FOUND where unknown.' }),
    kind: t.field({ type: CaseKindEnum, description: 'What it is about. A new one, unless told, is a QUESTION.' }),
    priority: t.field({
      type: CasePriorityEnum,
      description: 'How pressing it is. A new one, unless told, is MEDIUM.',
    }),
    cause: t.string({ description: 'What it came from.' }),
    remedy: t.string({ description: 'What was done about it.' }),
    assignee: t.string({ description: 'Who is on it.' }),
    firstResponseAt: t.field({ type: 'DateTime', description: 'When we first answered, not in the future.' }),
    promise: t.field({ type: PromiseInput, description: 'What we said we would do.' }),
    handoff: t.field({
      type: HandoffInput,
      description:
        'Adds a hand-off. One that says the same as a hand-off at its instant or, without an instant, as the latest hand-off, is known and changes nothing.',
    }),
  };
}

function openedAt(t: InputFields) {
  return t.field({
    type: 'DateTime',
    description:
      'When it was opened, not in the future. Defaults, for a new case, to `firstResponseAt` or `resolvedAt`, whichever is earlier, and to ' +
      'now without them.',
  });
}

function progress(t: InputFields) {
  return {
    status: t.field({
      type: CaseStatusEnum,
      description:
        'How far it has got. A new case is OPEN by default. Another status than RESOLVED reopens a resolved case.',
    }),
    resolvedAt: t.field({
      type: 'DateTime',
      description:
        'When it was resolved, not in the future. It resolves the case, and contradicts any status but RESOLVED. Null or omitted: kept, or now if ' +
        'the case becomes RESOLVED.',
    }),
    snoozedUntil: t.field({ type: 'DateTime', description: 'Until when it is set aside.' }),
    changedAt: changedAt(t),
  };
}

const OpenCaseInput = builder.inputType('OpenCaseInput', {
  description: 'A new case.',
  fields: (t) => ({
    externalId: t.field({ type: ExternalIdInput, description: 'What another system calls it.' }),
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Whose it is.' }),
    subject: t.string({ required: true, description: 'In one line, up to 500 characters.' }),
    openedAt: openedAt(t),
    ...described(t),
  }),
});

const UpdateCaseInput = builder.inputType('UpdateCaseInput', {
  description: 'A known case as it shall be. What is left out stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({ type: CaseKeyInput, required: true, description: 'Which.' }),
    subject: t.string({ description: 'In one line, up to 500 characters.' }),
    ...described(t),
    ...progress(t),
    expectedVersion: expectedVersion(t),
  }),
});

const UpsertCaseInput = builder.inputType('UpsertCaseInput', {
  description: 'A case as it shall be. What is left out stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({ type: CaseKeyInput, description: 'Which. Left out, or an unknown external id: a new one.' }),
    customer: t.field({
      type: CustomerKeyInput,
      description:
        'Whose it is; NOT_FOUND where unknown. Left out or null: they never said who they are. When it changes, the interactions of the ' +
        'case that were with the former customer, or with none, go with it; those of others stay.',
    }),
    subject: t.string({ description: 'In one line, up to 500 characters. A new one needs it.' }),
    openedAt: openedAt(t),
    ...described(t),
    ...progress(t),
    expectedVersion: expectedVersion(t),
  }),
});

const ResolveCaseInput = builder.inputType('ResolveCaseInput', {
  description: 'How a case ended.',
  fields: (t) => ({
    key: t.field({ type: CaseKeyInput, required: true, description: 'Which.' }),
    cause: t.string({ description: 'What it came from.' }),
    remedy: t.string({ description: 'What was done about it.' }),
    resolvedAt: t.field({ type: 'DateTime', description: 'When it happened, not in the future. Defaults to now.' }),
    expectedVersion: expectedVersion(t),
  }),
});

const ReopenCaseInput = builder.inputType('ReopenCaseInput', {
  description: 'A case that is not done after all.',
  fields: (t) => ({
    key: t.field({ type: CaseKeyInput, required: true, description: 'Which.' }),
    reopenedAt: t.field({ type: 'DateTime', description: 'When it happened, not in the future. Defaults to now.' }),
    expectedVersion: expectedVersion(t),
  }),
});

addWrite({
  name: 'upsertCase',
  scope,
  input: UpsertCaseInput,
  write: upsertCase,
  description: 'Creates the case that the key means, or changes the one there is. NOT_FOUND for an unknown id.',
});

addWrite({
  name: 'openCase',
  scope,
  input: OpenCaseInput,
  write: openCase,
  description: 'Opens a new case and numbers it. CONFLICT where its external id is known.',
});

addWrite({
  name: 'updateCase',
  scope,
  input: UpdateCaseInput,
  write: updateCase,
  description: 'Changes a case. NOT_FOUND where it is unknown.',
});

addWrite({
  name: 'resolveCase',
  scope,
  input: ResolveCaseInput,
  write: resolveCase,
  description: 'Closes a case with what was done. NOOP where it says so already.',
});

addWrite({
  name: 'reopenCase',
  scope,
  input: ReopenCaseInput,
  write: reopenCase,
  description: 'Opens a resolved case again and counts that. CONFLICT where it is not resolved.',
});
