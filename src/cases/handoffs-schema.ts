import { builder } from '../graphql/builder.ts';
import { ActorKindEnum } from '../graphql/enums/actor-kinds.ts';
import { DateTimeFilter, StringFilter } from '../graphql/filters/filters.ts';
import { column, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { encodeId } from '../lib/ids.ts';
import { acknowledgeHandoff } from './acknowledge-handoff.ts';

const scope = 'cases:read';

builder.prismaObject('CaseHandoff', {
  description: 'Hand-off of a case from a person or machine to someone else.',
  authScopes: { scope },
  select: { id: true, customerId: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'ID of the hand-off.', resolve: ({ id }) => encodeId('CaseHandoff', id) }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When the hand-off happened.' }),
    fromKind: t.expose('fromKind', { type: ActorKindEnum, description: 'Kind of actor that handed the case off.' }),
    fromName: t.exposeString('fromName', {
      nullable: true,
      description: 'Name of the actor who handed the case off. Null if unknown.',
    }),
    to: t.exposeString('to', { description: 'Person or team that took over the case.' }),
    reason: t.exposeString('reason', { description: 'Reason for the hand-off.' }),
    tried: t.exposeString('tried', {
      nullable: true,
      description: 'Steps that were already tried. Null if not recorded.',
    }),
    openQuestions: t.exposeStringList('openQuestions', {
      description: 'Questions that were still open.',
    }),
    case: t.relation('case', { description: 'Case that was handed off.' }),
    acknowledgedAt: t.expose('acknowledgedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next person or bot took the case over. Null if nobody has yet.',
    }),
    acknowledgedByKind: t.expose('acknowledgedByKind', {
      type: ActorKindEnum,
      nullable: true,
      description: 'Kind of actor who took the case over. Null if nobody has yet.',
    }),
    acknowledgedByName: t.exposeString('acknowledgedByName', {
      nullable: true,
      description: 'Name of the actor who took the case over. Null if nobody has yet.',
    }),
  }),
});

const handoffs = defineList('CaseHandoff', {
  plural: 'hand-offs',
  where: whereInput('CaseHandoff', {
    occurredAt: column('occurredAt', DateTimeFilter, 'When the hand-off happened.'),
    to: column('to', StringFilter, 'Person or team that took over the case.'),
  }),
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When the hand-off happened.' } },
  direction: 'asc',
});
handoffs.addToType('Case', {
  name: 'handoffs',
  on: { caseId: 'id' },
  scope,
  description: 'Hand-offs of the case, oldest first.',
});
handoffs.addToQuery({
  name: 'openCaseHandoffs',
  scope,
  description:
    'Lists the hand-offs that nobody has acknowledged, of cases that are not resolved, longest waiting first. Reads a ' +
    'page by an index that holds only such hand-offs.',
  only: { isOpen: true },
});

const AcknowledgeCaseHandoffInput = builder.inputType('AcknowledgeCaseHandoffInput', {
  description: 'Acknowledgement of a hand-off by the next person or bot.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'ID of the hand-off.' }),
    byKind: t.field({ type: ActorKindEnum, required: true, description: 'Kind of actor who takes the case over.' }),
    byName: t.string({ required: true, description: 'Name of the actor who takes the case over.' }),
    acknowledgedAt: t.field({
      type: 'DateTime',
      description: 'When the actor took the case over. Cannot be in the future. Defaults to now.',
    }),
  }),
});

defineWrites(
  'CaseHandoff',
  'caseHandoff',
  'The hand-off, as it is after the write.',
)({
  name: 'acknowledgeCaseHandoff',
  scope: 'cases:write',
  input: AcknowledgeCaseHandoffInput,
  write: acknowledgeHandoff,
  description:
    'Acknowledges a hand-off, so that it is no longer open. Returns `NOOP` if the same actor acknowledged it before. Fails ' +
    'with `CONFLICT` if someone else did.',
});
