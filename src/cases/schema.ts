import { builder } from '../graphql/builder.ts';
import { timeOf } from '../graphql/context.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { recordFact } from '../graphql/fields/fact-field.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { DateTimeFilter, enumFilter, StringFilter } from '../graphql/filters/filters.ts';
import { column, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineLookup } from '../graphql/lookups/entities.ts';
import { ofCustomer } from '../graphql/personal-data/pii.ts';

const scope = 'cases:read';

export const CaseKindEnum = describedEnum('CaseKind', 'Kind of customer concern.', {
  QUESTION: 'Question from the customer.',
  REQUEST: 'Request for the business to act.',
  COMPLAINT: 'Complaint from the customer.',
  RETURN: 'Request to return goods.',
  PROBLEM: 'Report of something that is not working.',
  PRAISE: 'Praise from the customer.',
});

export const CaseStatusEnum = describedEnum('CaseStatus', 'Stage of the work on a case.', {
  OPEN: 'The case is waiting for the business.',
  PENDING: 'The case is waiting for the customer.',
  SNOOZED: 'The case is set aside until a later time.',
  RESOLVED: 'The case needs no more work.',
});

export const CasePriorityEnum = describedEnum('CasePriority', 'Urgency of a case.', {
  LOW: 'The case can wait.',
  MEDIUM: 'The case is handled in turn.',
  HIGH: 'The case comes before others.',
  URGENT: 'The case needs immediate attention.',
});

export const PromiseStatusEnum = describedEnum('PromiseStatus', 'Whether a promise is open, kept or broken.', {
  OPEN: 'The promise has not been kept yet.',
  KEPT: 'The promise was kept.',
  BROKEN: 'The promise was broken.',
});

const CasePromise = builder.simpleObject('CasePromise', {
  extensions: valueObject,
  description: 'Promise made to the customer.',
  fields: (t) => ({
    text: t.string({ pii: 'FREE_TEXT', description: 'Wording of the promise.' }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the promise is due. Null if not specified.',
    }),
    status: t.field({ type: PromiseStatusEnum, description: 'Status of the promise.' }),
  }),
});

// Earlier versions accepted times ahead of the clock. What is dated ahead has not happened yet.
const reached = (time: Date | null, at: Date) => (time && time <= at ? time : null);

const common = recordFields('case');

builder.prismaNode('Case', {
  nullable: true,
  description: 'Customer question, request, complaint or other concern, tracked until it is resolved.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the case.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Human-readable case number, sequential within the workspace.' }),
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    customer: t.relation('customer', {
      nullable: true,
      description: 'Customer the case belongs to. Null if the customer is unidentified.',
    }),
    order: t.relation('order', { nullable: true, description: 'Order the case is about. Null if none.' }),
    kind: t.expose('kind', { type: CaseKindEnum, description: 'Kind of case, such as a question or complaint.' }),
    // A case is open until `resolvedAt`.
    status: t.field({
      type: CaseStatusEnum,
      description: 'Status of the case.',
      select: { status: true, resolvedAt: true },
      resolve: ({ status, resolvedAt }, _args, context) =>
        resolvedAt && resolvedAt > timeOf(context) ? 'OPEN' : status,
    }),
    priority: t.expose('priority', { type: CasePriorityEnum, description: 'Priority of the case.' }),
    subject: t.exposeString('subject', { description: 'One-line summary of the case.' }),
    cause: t.exposeString('cause', {
      nullable: true,
      description: 'Cause of the problem. Null if unknown.',
    }),
    remedy: t.exposeString('remedy', {
      nullable: true,
      description: 'Action taken to resolve the case. Null if none yet, or not recorded.',
    }),
    assignee: t.exposeString('assignee', {
      nullable: true,
      description: 'Person or team that handles the case. Null if unassigned.',
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When the case was opened.' }),
    firstResponseAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the business first responded. Null if it has not responded, or if unknown.',
      select: { firstResponseAt: true },
      resolve: ({ firstResponseAt }, _args, context) => reached(firstResponseAt, timeOf(context)),
    }),
    resolvedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the case was resolved. Null if it is not resolved.',
      select: { resolvedAt: true },
      resolve: ({ resolvedAt }, _args, context) => reached(resolvedAt, timeOf(context)),
    }),
    snoozedUntil: t.expose('snoozedUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'When the case stops being snoozed. Null if it is not snoozed.',
    }),
    reopenedCount: t.exposeInt('reopenedCount', { description: 'Number of times the case was reopened.' }),
    promise: t.field({
      type: CasePromise,
      nullable: true,
      description: 'Promise made to the customer. Null if none.',
      select: { customerId: true, promiseText: true, promiseDueAt: true, promiseStatus: true },
      resolve: ({ customerId, promiseText, promiseDueAt, promiseStatus }) =>
        promiseText === null
          ? null
          : ofCustomer(customerId, { text: promiseText, dueAt: promiseDueAt, status: promiseStatus ?? 'OPEN' }),
    }),
    fact: t.field(recordFact('Case')),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

defineLookup({
  type: 'Case',
  name: 'case',
  scope,
  description: 'Finds a case by its key. Null if not found.',
});

const cases = defineList('Case', {
  plural: 'cases',
  where: whereInput('Case', {
    status: column('status', enumFilter('CaseStatus', CaseStatusEnum), 'Status of the case.'),
    kind: column('kind', enumFilter('CaseKind', CaseKindEnum), 'Kind of case, such as a question or complaint.'),
    priority: column('priority', enumFilter('CasePriority', CasePriorityEnum), 'Priority of the case.'),
    subject: column('subject', StringFilter, 'One-line summary of the case.'),
    assignee: column('assignee', StringFilter, 'Person or team that handles the case.'),
    openedAt: column('openedAt', DateTimeFilter, 'When the case was opened.'),
    updatedAt: column('updatedAt', DateTimeFilter, 'When the case last changed.'),
  }),
  orderBy: { OPENED_AT: { column: 'openedAt', description: 'When the case was opened.' } },
  direction: 'desc',
});
cases.addToQuery({ name: 'cases', scope, description: 'Lists the cases of the workspace, newest first.' });
cases.addToType('Customer', {
  name: 'cases',
  on: { customerId: 'id' },
  scope,
  description: 'Cases of the customer, newest first.',
});
cases.addToType('Order', {
  name: 'cases',
  on: { orderId: 'id' },
  scope,
  description: 'Cases about the order, newest first.',
});
