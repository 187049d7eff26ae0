import { builder } from '../graphql/builder.ts';
import { defineLookup } from '../graphql/entities.ts';
import { describedEnum } from '../graphql/enums.ts';
import { DateTimeFilter, enumFilter, StringFilter } from '../graphql/filters.ts';
import { defineList } from '../graphql/list.ts';
import { ofCustomer } from '../graphql/pii.ts';
import { column, whereInput } from '../graphql/where.ts';
import { ActorKindEnum } from '../interactions/enums.ts';
import { encodeId } from '../lib/ids.ts';

const scope = 'cases:read';

export const CaseKindEnum = describedEnum('CaseKind', 'What a case is about.', {
  QUESTION: 'Something they want to know.',
  REQUEST: 'Something they want done.',
  COMPLAINT: 'Something they are displeased with.',
  RETURN: 'Something they want to give back.',
  PROBLEM: 'Something that does not work.',
  PRAISE: 'Something they are pleased with.',
});

export const CaseStatusEnum = describedEnum('CaseStatus', 'How far a case has got.', {
  OPEN: 'We are to act.',
  PENDING: 'We wait for the customer.',
  SNOOZED: 'Set aside until a certain time.',
  RESOLVED: 'Done.',
});

export const CasePriorityEnum = describedEnum('CasePriority', 'How pressing a case is.', {
  LOW: 'It can wait.',
  MEDIUM: 'In its turn.',
  HIGH: 'Before others.',
  URGENT: 'Now.',
});

export const PromiseStatusEnum = describedEnum('PromiseStatus', 'What has become of a promise.', {
  OPEN: 'Still to be kept.',
  KEPT: 'Kept.',
  BROKEN: 'Not kept.',
});

const CasePromise = builder.simpleObject('CasePromise', {
  description: 'What we said we would do.',
  fields: (t) => ({
    text: t.string({ pii: 'FREE_TEXT', description: 'What was said.' }),
    dueAt: t.field({ type: 'DateTime', nullable: true, description: 'By when. Null: nothing was said of that.' }),
    status: t.field({ type: PromiseStatusEnum, description: 'What has become of it.' }),
  }),
});

builder.prismaNode('Case', {
  nullable: true,
  description: 'Something a customer wants from us, until it is done.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'What people call it by; counted up within the workspace.' }),
    source: t.exposeString('source', { nullable: true, description: 'The system it came from. Null: none.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its id there. Null: it has none.' }),
    customer: t.relation('customer', {
      nullable: true,
      description: 'Whose it is. Null: they never said who they are.',
    }),
    order: t.relation('order', { nullable: true, description: 'The order it is about. Null: none.' }),
    kind: t.expose('kind', { type: CaseKindEnum, description: 'What it is about.' }),
    status: t.expose('status', { type: CaseStatusEnum, description: 'How far it has got.' }),
    priority: t.expose('priority', { type: CasePriorityEnum, description: 'How pressing it is.' }),
    subject: t.exposeString('subject', { description: 'In one line.' }),
    cause: t.exposeString('cause', {
      nullable: true,
      description: 'What it came from. Null: not known.',
    }),
    remedy: t.exposeString('remedy', {
      nullable: true,
      description: 'What was done about it. Null: nothing yet, or not said.',
    }),
    assignee: t.exposeString('assignee', { nullable: true, description: 'Who is on it. Null: nobody.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was opened.' }),
    firstResponseAt: t.expose('firstResponseAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When we first answered. Null: not yet, or not known.',
    }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was done. Null: it is not.',
    }),
    snoozedUntil: t.expose('snoozedUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it is set aside. Null: it is not.',
    }),
    reopenedCount: t.exposeInt('reopenedCount', { description: 'How often it was opened again.' }),
    promise: t.field({
      type: CasePromise,
      nullable: true,
      description: 'What we said we would do. Null: nothing.',
      select: { customerId: true, promiseText: true, promiseDueAt: true, promiseStatus: true },
      resolve: ({ customerId, promiseText, promiseDueAt, promiseStatus }) =>
        promiseText === null
          ? null
          : ofCustomer(customerId, { text: promiseText, dueAt: promiseDueAt, status: promiseStatus ?? 'OPEN' }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first written here.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    version: t.exposeInt('version', {
      description: '1, and one more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

builder.prismaObject('CaseHandoff', {
  description: 'A case given on, from a machine or a person to somebody.',
  authScopes: { scope },
  select: { id: true, case: { select: { customerId: true } } },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Its id.', resolve: ({ id }) => encodeId('CaseHandoff', id) }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When.' }),
    fromKind: t.expose('fromKind', { type: ActorKindEnum, description: 'Who gave it on.' }),
    fromName: t.exposeString('fromName', { nullable: true, description: 'Their name. Null: not known.' }),
    to: t.exposeString('to', { description: 'To whom.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    tried: t.exposeString('tried', {
      nullable: true,
      description: 'What was tried. Null: not said.',
    }),
    openQuestions: t.exposeStringList('openQuestions', {
      description: 'What is still to be found out.',
    }),
  }),
});

export const CaseKeyInput = defineLookup({
  type: 'Case',
  name: 'case',
  scope,
  description: 'One case, found exactly. Null: there is none.',
});

const cases = defineList('Case', {
  plural: 'cases',
  where: whereInput('Case', {
    status: column('status', enumFilter('CaseStatus', CaseStatusEnum), 'How far it has got.'),
    kind: column('kind', enumFilter('CaseKind', CaseKindEnum), 'What it is about.'),
    priority: column('priority', enumFilter('CasePriority', CasePriorityEnum), 'How pressing it is.'),
    subject: column('subject', StringFilter, 'Its subject.'),
    assignee: column('assignee', StringFilter, 'Who is on it.'),
    openedAt: column('openedAt', DateTimeFilter, 'When it was opened.'),
    updatedAt: column('updatedAt', DateTimeFilter, 'When it last changed.'),
  }),
  orderBy: { OPENED_AT: { column: 'openedAt', description: 'When it was opened.' } },
  direction: 'desc',
});
cases.addToQuery({ name: 'cases', scope, description: 'Cases, newest first.' });
cases.addToType('Customer', {
  name: 'cases',
  on: { customerId: 'id' },
  scope,
  description: 'Their cases, newest first.',
});
cases.addToType('Order', { name: 'cases', on: { orderId: 'id' }, scope, description: 'Cases about it, newest first.' });

defineList('CaseHandoff', {
  plural: 'hand-offs',
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When.' } },
  direction: 'asc',
}).addToType('Case', {
  name: 'handoffs',
  on: { caseId: 'id' },
  scope,
  description: 'From whom to whom it went, oldest first.',
});
