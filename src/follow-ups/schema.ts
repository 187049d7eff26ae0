import { builder } from '../graphql/builder.ts';
import { timeOf } from '../graphql/context.ts';
import { ActorKindEnum } from '../graphql/enums/actor-kinds.ts';
import { ChannelFilter, InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { PurposeEnum } from '../graphql/enums/purposes.ts';
import { recordFact } from '../graphql/fields/fact-field.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { DateTimeFilter, enumFilter } from '../graphql/filters/filters.ts';
import { and, never, not, or, type Predicate, valueMeets } from '../graphql/filters/predicate.ts';
import { column, type Filter, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineLookup } from '../graphql/lookups/entities.ts';
import { statusAt } from './status.ts';

const scope = 'follow-ups:read';

export const FollowUpKindEnum = describedEnum('FollowUpKind', 'Follow-up of the business or promise to the customer.', {
  FOLLOW_UP: 'Contact that the business plans. Customer tokens cannot read it.',
  PROMISE: 'Promise that the business made to the customer.',
});

const FollowUpStatusEnum = describedEnum('FollowUpStatus', 'Whether a follow-up or promise is open, kept or broken.', {
  OPEN: 'It is neither completed nor canceled, and not yet due.',
  KEPT: 'It was completed by its due time.',
  BROKEN: 'It was not completed by its due time. It may have been completed later.',
  CANCELED: 'It was canceled before it was completed.',
});

const common = recordFields('follow-up');

builder.prismaNode('FollowUp', {
  nullable: true,
  description: 'Follow-up that is planned, or promise that was made, with a due time.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the follow-up.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    customer: t.relation('customer', { description: 'Customer to contact, or to whom the promise was made.' }),
    kind: t.expose('kind', { type: FollowUpKindEnum, description: 'Whether it is a follow-up or a promise.' }),
    text: t.exposeString('text', { description: 'What to do, or the wording of the promise.' }),
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'When it is due.' }),
    status: t.field({
      type: FollowUpStatusEnum,
      description: 'Whether it is open, kept or broken. Becomes `BROKEN` when `dueAt` has passed.',
      select: { status: true, dueAt: true },
      resolve: (row, _args, context) => statusAt(row, timeOf(context)),
    }),
    isOpen: t.field({
      type: 'Boolean',
      description: 'Whether it still has to be done: it is neither completed nor canceled, and may be overdue.',
      select: { status: true },
      resolve: ({ status }) => status === 'OPEN',
    }),
    channel: t.expose('channel', {
      type: InteractionChannelEnum,
      nullable: true,
      description: 'Channel to contact the customer on. Null for any channel, or if a promise needs no contact.',
    }),
    purpose: t.expose('purpose', {
      type: PurposeEnum,
      description: 'Purpose of the contact, which consent must allow.',
    }),
    case: t.relation('case', { nullable: true, description: 'Case it belongs to. Null if none.' }),
    order: t.relation('order', { nullable: true, description: 'Order it belongs to. Null if none.' }),
    interaction: t.relation('interaction', {
      nullable: true,
      description: 'Interaction in which it was made. Null if none.',
    }),
    madeAt: t.expose('madeAt', { type: 'DateTime', description: 'When it was planned or promised.' }),
    madeByKind: t.expose('madeByKind', { type: ActorKindEnum, description: 'Kind of actor who made it.' }),
    madeByName: t.exposeString('madeByName', {
      nullable: true,
      description: 'Name of the actor who made it. Null if unknown.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed. Null if it is not completed.',
    }),
    canceledAt: t.expose('canceledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was canceled. Null if it is not canceled.',
    }),
    fact: t.field(recordFact('FollowUp')),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

defineLookup({
  type: 'FollowUp',
  name: 'followUp',
  scope,
  description: 'Finds a follow-up or promise by its key. Null if not found.',
});

// The stored status of an open row is OPEN, however late it is. The index of the due list begins with it.
const stored = (status: string) => valueMeets('status', { equals: status }, false);

function hasStatus(status: string, now: Date): Predicate {
  const overdue = and([stored('OPEN'), valueMeets('dueAt', { lt: now }, false)]);
  if (status === 'OPEN') return and([stored('OPEN'), valueMeets('dueAt', { gte: now }, false)]);
  return status === 'BROKEN' ? or([stored('BROKEN'), overdue]) : stored(status);
}

const statusFilter: Filter = {
  type: enumFilter('FollowUpStatus', FollowUpStatusEnum),
  description: 'Status of the follow-up, now.',
  toPredicate: ({ eq, in: within, isNull }: { eq?: string; in?: string[]; isNull?: boolean }) => {
    const now = new Date();
    return and([
      ...(eq === undefined ? [] : [hasStatus(eq, now)]),
      ...(within === undefined ? [] : [or(within.map((status) => hasStatus(status, now)))]),
      ...(isNull === true ? [never] : []),
    ]);
  },
};

const openFilter: Filter = {
  type: 'Boolean',
  description: 'Whether the follow-up still has to be done.',
  toPredicate: (isOpen: boolean) => (isOpen ? stored('OPEN') : not(stored('OPEN'))),
};

const followUps = defineList('FollowUp', {
  plural: 'follow-ups',
  where: whereInput('FollowUp', {
    kind: column('kind', enumFilter('FollowUpKind', FollowUpKindEnum), 'Whether it is a follow-up or a promise.'),
    status: statusFilter,
    isOpen: openFilter,
    dueAt: column('dueAt', DateTimeFilter, 'When the follow-up is due.'),
    channel: column('channel', ChannelFilter, 'Channel to contact the customer on.'),
  }),
  orderBy: { DUE_AT: { column: 'dueAt', description: 'When the follow-up is due.' } },
  direction: 'asc',
});
followUps.addToQuery({
  name: 'followUps',
  scope,
  description: 'Lists the follow-ups and promises of the workspace, earliest due first.',
});
followUps.addToType('Customer', {
  name: 'followUps',
  on: { customerId: 'id' },
  scope,
  description: 'Follow-ups and promises of the customer, earliest due first.',
});
followUps.addToType('Case', {
  name: 'followUps',
  on: { caseId: 'id' },
  scope,
  description: 'Follow-ups and promises of the case, earliest due first.',
});
