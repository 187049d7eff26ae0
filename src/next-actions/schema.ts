import { builder } from '../graphql/builder.ts';
import { timeOf } from '../graphql/context.ts';
import { ActorKindEnum } from '../graphql/enums/actor-kinds.ts';
import { InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { GestureKindEnum } from '../graphql/enums/gesture-kinds.ts';
import { NextActionStatusEnum } from '../graphql/enums/next-action-statuses.ts';
import { recordFact } from '../graphql/fields/fact-field.ts';
import { money } from '../graphql/fields/money-field.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { DateTimeFilter, enumFilter } from '../graphql/filters/filters.ts';
import { column, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineLookup } from '../graphql/lookups/entities.ts';
import type { Transform } from '../graphql/sql/serializers.ts';
import type { FieldContext } from '../graphql/sql/sql-types.ts';
import { DomainError } from '../lib/errors.ts';
import { encodeId } from '../lib/ids.ts';
import { formatAmount } from '../lib/money.ts';
import { computedFrom } from '../query/compile/sql-field.ts';
import { type BlockFacts, blockFactsSql, blocks, blocksOf, readBlockFacts } from './blocks.ts';

const scope = 'next-actions:read';

const BlockEnum = describedEnum('NextActionBlock', 'Reason why a gesture cannot be made now.', blocks);

const decide: Transform = (facts, { context }) =>
  blocksOf(facts as BlockFacts, timeOf(context)).map(({ block }) => block);

const common = recordFields('next action');

builder.prismaNode('NextAction', {
  nullable: true,
  description: 'Gesture toward a customer, from its suggestion to its end.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the next action.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    customer: t.relation('customer', { description: 'Customer whom the gesture is for.' }),
    kind: t.expose('kind', { type: GestureKindEnum, description: 'Kind of gesture, such as an apology.' }),
    text: t.exposeString('text', { description: 'What to say or give to the customer.' }),
    status: t.expose('status', { type: NextActionStatusEnum, description: 'Status of the gesture.' }),
    cost: t.field({
      type: 'Money',
      nullable: true,
      description: 'Cost of the gesture to the business. Null if it costs nothing.',
      select: { cost: true, currencyCode: true },
      resolve: ({ cost, currencyCode }) =>
        cost && currencyCode ? { amount: formatAmount(cost, currencyCode), currencyCode } : null,
    }),
    channel: t.expose('channel', {
      type: InteractionChannelEnum,
      nullable: true,
      description: 'Channel to make the gesture on. Null for any channel.',
    }),
    blockedBy: t.field({
      type: [BlockEnum],
      description:
        'All reasons why the gesture cannot be made now. Empty if there is none, or if the gesture has ended. ' +
        '`updateNextActionStatus` decides by the same rules.',
      select: { id: true },
      extensions: {
        query: {
          kind: 'sql',
          compile: (context: FieldContext) => computedFrom(context, [blockFactsSql(context.row.alias)], decide),
        },
      },
      resolve: async ({ id }, _args, context) => {
        const facts = await readBlockFacts(context.db, id);
        if (!facts) throw new DomainError('NOT_FOUND', 'This next action no longer exists.');
        return blocksOf(facts, timeOf(context)).map(({ block }) => block);
      },
    }),
    suggestedAt: t.expose('suggestedAt', { type: 'DateTime', description: 'When the gesture was suggested.' }),
    suggestedByKind: t.expose('suggestedByKind', {
      type: ActorKindEnum,
      description: 'Kind of actor who suggested it.',
    }),
    suggestedByName: t.exposeString('suggestedByName', {
      nullable: true,
      description: 'Name of the actor who suggested it. Null if unknown.',
    }),
    approvedAt: t.expose('approvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the gesture was approved. Null if it is not.',
    }),
    offeredAt: t.expose('offeredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the gesture was offered to the customer. Null if it is not.',
    }),
    redeemedAt: t.expose('redeemedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the customer accepted or used the gesture. Null if they have not.',
    }),
    dismissedAt: t.expose('dismissedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the gesture was dismissed. Null if it is not.',
    }),
    dismissReason: t.exposeString('dismissReason', {
      nullable: true,
      description: 'Reason why the gesture was dismissed. Null if none was given.',
    }),
    fact: t.field(recordFact('NextAction')),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

builder.prismaObject('NextActionCap', {
  description: 'Most that gestures may cost per customer and period, in one currency.',
  authScopes: { scope },
  select: { id: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'ID of the cap.', resolve: ({ id }) => encodeId('NextActionCap', id) }),
    amount: t.field(
      money('amount', 'currencyCode', 'Most that gestures may cost per customer in the period, from their approval.'),
    ),
    periodDays: t.exposeInt('periodDays', { description: 'Length of the period, in days up to now.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the cap last changed.' }),
  }),
});

defineLookup({
  type: 'NextAction',
  name: 'nextAction',
  scope,
  description: 'Finds a next action by its key. Null if not found.',
});

const nextActions = defineList('NextAction', {
  plural: 'next actions',
  where: whereInput('NextAction', {
    kind: column('kind', enumFilter('GestureKind', GestureKindEnum), 'Kind of gesture, such as an apology.'),
    status: column('status', enumFilter('NextActionStatus', NextActionStatusEnum), 'Status of the gesture.'),
    suggestedAt: column('suggestedAt', DateTimeFilter, 'When the gesture was suggested.'),
  }),
  orderBy: { SUGGESTED_AT: { column: 'suggestedAt', description: 'When the gesture was suggested.' } },
  direction: 'desc',
});
nextActions.addToQuery({
  name: 'nextActions',
  scope,
  description: 'Lists the gestures of the workspace, latest suggestion first.',
});
nextActions.addToType('Customer', {
  name: 'nextActions',
  on: { customerId: 'id' },
  scope,
  description: 'Gestures toward the customer, latest suggestion first.',
});

defineList('NextActionCap', {
  plural: 'caps of next actions',
  orderBy: { CURRENCY_CODE: { column: 'currencyCode', description: 'Currency of the cap.' } },
  direction: 'asc',
}).addToQuery({
  name: 'nextActionCaps',
  scope,
  description: 'Lists the caps on the cost of gestures, one per currency. A currency without a cap is not limited.',
});
