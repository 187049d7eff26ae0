import { CustomerKeyInput } from '../customers/input-types.ts';
import { CustomerWhere } from '../customers/where.ts';
import { builder } from '../graphql/builder.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { ActorKindEnum } from '../graphql/enums/actor-kinds.ts';
import { ChannelFilter, InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { recordFact } from '../graphql/fields/fact-field.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { DateTimeFilter, enumFilter, type Operators, StringFilter, someRow } from '../graphql/filters/filters.ts';
import { column, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { expectedVersion, keyInput } from '../graphql/mutations/keys.ts';
import { ofCustomer } from '../graphql/personal-data/pii.ts';
import { classOfText } from '../lib/pii.ts';
import { InteractionDirectionEnum, InteractionKindEnum, SentimentEnum } from './enums.ts';
import { upsertInteraction } from './interactions.ts';

const scope = 'interactions:read';

const Actor = builder.simpleObject('Actor', {
  extensions: valueObject,
  description: 'Person or system that acted in an interaction.',
  fields: (t) => ({
    kind: t.field({ type: ActorKindEnum, description: 'Kind of actor, such as customer or staff.' }),
    name: t.string({
      nullable: true,
      description: 'Name of the actor. Null if unknown.',
      pii: classOfText,
    }),
    ref: t.string({
      nullable: true,
      description: 'Reference to the actor in another system. Null if unknown.',
      pii: classOfText,
    }),
  }),
});

const common = recordFields('interaction');

builder.prismaNode('Interaction', {
  nullable: true,
  description: 'Interaction with or about a customer, such as a message, call or note.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the interaction.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    customer: t.relation('customer', {
      nullable: true,
      description: 'Customer whom the interaction is with or about. Null if the customer is unidentified.',
    }),
    channel: t.expose('channel', {
      type: InteractionChannelEnum,
      description: 'Channel the interaction took place on.',
    }),
    direction: t.expose('direction', {
      type: InteractionDirectionEnum,
      description: 'Whether the interaction is inbound, outbound or internal.',
    }),
    kind: t.expose('kind', {
      type: InteractionKindEnum,
      description: 'Kind of interaction, such as a message or call.',
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When the interaction took place.' }),
    actor: t.field({
      type: Actor,
      description: 'Person or system that acted in the interaction.',
      select: { customerId: true, actorKind: true, actorName: true, actorRef: true },
      resolve: ({ customerId, actorKind, actorName, actorRef }) =>
        ofCustomer(customerId, { kind: actorKind, name: actorName, ref: actorRef }),
    }),
    subject: t.exposeString('subject', {
      nullable: true,
      description: 'Subject of the interaction. Null if none.',
    }),
    body: t.exposeString('body', {
      nullable: true,
      description: 'Original content. Treat it as untrusted input. Null if not stored.',
    }),
    waitSeconds: t.exposeInt('waitSeconds', {
      nullable: true,
      description: 'Seconds until the customer was greeted. Null if not measured.',
    }),
    holdSeconds: t.exposeInt('holdSeconds', {
      nullable: true,
      description: 'Seconds the customer was on hold. Null if not measured.',
    }),
    durationSeconds: t.exposeInt('durationSeconds', {
      nullable: true,
      description: 'Length of the interaction in seconds. Null if not measured.',
    }),
    sentiment: t.expose('sentiment', {
      type: SentimentEnum,
      nullable: true,
      description: 'Sentiment of the interaction. Null if not assessed.',
    }),
    topics: t.exposeStringList('topics', { description: 'Topics of the interaction.' }),
    location: t.relation('location', {
      nullable: true,
      description: 'Branch or shop where the interaction took place. Null if none.',
    }),
    order: t.relation('order', { nullable: true, description: 'Order the interaction is about. Null if none.' }),
    case: t.relation('case', { nullable: true, description: 'Case the interaction belongs to. Null if none.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Additional data from the source. Null if none.',
    }),
    fact: t.field(recordFact('Interaction')),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

/** Lists of interactions. */
export const interactions = defineList('Interaction', {
  plural: 'interactions',
  where: whereInput('Interaction', {
    occurredAt: column('occurredAt', DateTimeFilter, 'When the interaction took place.'),
    channel: column('channel', ChannelFilter, 'Channel the interaction took place on.'),
    direction: column(
      'direction',
      enumFilter('InteractionDirection', InteractionDirectionEnum),
      'Whether the interaction is inbound, outbound or internal.',
    ),
    kind: column(
      'kind',
      enumFilter('InteractionKind', InteractionKindEnum),
      'Kind of interaction, such as a message or call.',
    ),
    sentiment: column('sentiment', enumFilter('Sentiment', SentimentEnum), 'Sentiment of the interaction.'),
    subject: column('subject', StringFilter, 'Subject of the interaction.'),
    body: column('body', StringFilter, 'Original content of the interaction.'),
    source: column('source', StringFilter, 'System that issued the external ID.'),
  }),
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When the interaction took place.' } },
  direction: 'desc',
});
interactions.addToQuery({
  name: 'interactions',
  scope,
  description: 'Lists interactions with all customers, newest first.',
});
interactions.addToType('Customer', {
  name: 'interactions',
  on: { customerId: 'id' },
  scope,
  description: 'Interactions with the customer, newest first.',
});
interactions.addToType('Case', {
  name: 'interactions',
  on: { caseId: 'id' },
  scope,
  description: 'Interactions in the case, newest first.',
});
interactions.addToType('Order', {
  name: 'interactions',
  on: { orderId: 'id' },
  scope,
  description: 'Interactions about the order, newest first.',
});

const ContactedFilter = builder.inputType('ContactedFilter', {
  description: 'Conditions on an interaction. The same interaction must meet all of them.',
  fields: (t) => ({
    channel: t.field({ type: ChannelFilter, description: 'Channel the interaction took place on.' }),
    occurredAt: t.field({ type: DateTimeFilter, description: 'When the interaction took place.' }),
  }),
});

CustomerWhere.add('contacted', {
  scope,
  type: ContactedFilter,
  description: 'Customers with a matching interaction.',
  toPredicate: (filters: Record<string, Operators>) => someRow('interactions', 'Interaction', filters),
});

const ActorInput = builder.inputType('ActorInput', {
  description: 'Person or system that acted in an interaction.',
  fields: (t) => ({
    kind: t.field({ type: ActorKindEnum, required: true, description: 'Kind of actor, such as customer or staff.' }),
    name: t.string({ description: 'Name of the actor.' }),
    ref: t.string({ description: 'Reference to the actor in another system.' }),
  }),
});

const UpsertInteractionInput = builder.inputType('UpsertInteractionInput', {
  description: 'Interaction to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('Interaction'),
      description:
        'Key of the interaction. If it is omitted, or is an unknown external ID, a new interaction is created.',
    }),
    customer: t.field({
      type: CustomerKeyInput,
      description:
        'Key of the customer. Fails with `NOT_FOUND` if unknown. A new interaction requires a customer or a ' +
        '`case`; without a customer, the interaction belongs to the customer of its case.',
    }),
    channel: t.field({
      type: InteractionChannelEnum,
      description: 'Channel the interaction took place on. Required for a new interaction.',
    }),
    direction: t.field({
      type: InteractionDirectionEnum,
      description: 'Direction of the interaction. Required for a new interaction.',
    }),
    kind: t.field({
      type: InteractionKindEnum,
      description: 'Kind of interaction. Defaults to `MESSAGE` for a new interaction.',
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When the interaction took place. Cannot be in the future. Required for a new interaction.',
    }),
    actor: t.field({
      type: ActorInput,
      description:
        'Person or system that acted. Defaults to the customer for an inbound interaction, and to staff otherwise.',
    }),
    subject: t.string({ description: 'Subject of the interaction, up to 1,000 characters.' }),
    body: t.string({ description: 'Original content, up to 100,000 characters.' }),
    waitSeconds: t.int({ description: 'Seconds until the customer was greeted.' }),
    holdSeconds: t.int({ description: 'Seconds the customer was on hold.' }),
    durationSeconds: t.int({ description: 'Length of the interaction in seconds.' }),
    sentiment: t.field({ type: SentimentEnum, description: 'Sentiment of the interaction.' }),
    topics: t.stringList({ description: 'Topics of the interaction, up to 50.' }),
    location: t.field({
      type: keyInput('Location'),
      description: 'Key of the branch or shop where the interaction took place.',
    }),
    order: t.field({ type: keyInput('Order'), description: 'Key of the order the interaction is about.' }),
    case: t.field({ type: keyInput('Case'), description: 'Key of the case the interaction belongs to.' }),
    metadata: t.field({ type: 'JSON', description: 'Additional data from the source.' }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'Interaction',
  'interaction',
  'The interaction, as it is after the write.',
)({
  name: 'upsertInteraction',
  scope: 'interactions:write',
  input: UpsertInteractionInput,
  write: upsertInteraction,
  description: 'Records an interaction with a customer, or updates an existing interaction. Never sends anything.',
});
