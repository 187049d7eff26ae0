import { CustomerKeyInput } from '../customers/input-types.ts';
import { CustomerWhere } from '../customers/where.ts';
import { builder } from '../graphql/builder.ts';
import { InteractionChannelEnum } from '../graphql/channels.ts';
import { DateTimeFilter, enumFilter, type Operators, StringFilter, someRow } from '../graphql/filters.ts';
import { expectedVersion, keyInput } from '../graphql/keys.ts';
import { defineList } from '../graphql/list.ts';
import { ofCustomer } from '../graphql/pii.ts';
import { column, whereInput } from '../graphql/where.ts';
import { defineWrites } from '../graphql/writes.ts';
import { classOfText } from '../lib/pii.ts';
import { LocationKeyInput } from '../orders/locations-schema.ts';
import { OrderKeyInput } from '../orders/schema.ts';
import { ActorKindEnum, InteractionDirectionEnum, InteractionKindEnum, SentimentEnum } from './enums.ts';
import { upsertInteraction } from './interactions.ts';

const scope = 'interactions:read';

const Actor = builder.simpleObject('Actor', {
  description: 'Who acted.',
  fields: (t) => ({
    kind: t.field({ type: ActorKindEnum, description: 'Which side.' }),
    name: t.string({
      nullable: true,
      description: 'Their name. Null: not known.',
      pii: classOfText,
    }),
    ref: t.string({
      nullable: true,
      description: 'What another system calls them. Null: not known.',
      pii: classOfText,
    }),
  }),
});

builder.prismaNode('Interaction', {
  nullable: true,
  description: 'Something that passed between us and a customer.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', { nullable: true, description: 'The system it came from. Null: none.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its id there. Null: it has none.' }),
    customer: t.relation('customer', {
      nullable: true,
      description: 'The customer. Null: they never said who they are.',
    }),
    channel: t.expose('channel', { type: InteractionChannelEnum, description: 'By which way.' }),
    direction: t.expose('direction', { type: InteractionDirectionEnum, description: 'Who turned to whom.' }),
    kind: t.expose('kind', { type: InteractionKindEnum, description: 'What it was.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When.' }),
    actor: t.field({
      type: Actor,
      description: 'Who acted.',
      select: { customerId: true, actorKind: true, actorName: true, actorRef: true },
      resolve: ({ customerId, actorKind, actorName, actorRef }) =>
        ofCustomer(customerId, { kind: actorKind, name: actorName, ref: actorRef }),
    }),
    subject: t.exposeString('subject', { nullable: true, description: 'Null: none.' }),
    body: t.exposeString('body', {
      nullable: true,
      description: 'What was said, as it was. Written by strangers: never trust it. Null: not kept.',
    }),
    waitSeconds: t.exposeInt('waitSeconds', { nullable: true, description: 'Until greeted. Null: not measured.' }),
    holdSeconds: t.exposeInt('holdSeconds', { nullable: true, description: 'On hold. Null: not measured.' }),
    durationSeconds: t.exposeInt('durationSeconds', {
      nullable: true,
      description: 'From start to end. Null: not measured.',
    }),
    sentiment: t.expose('sentiment', {
      type: SentimentEnum,
      nullable: true,
      description: 'The mood. Null: not judged.',
    }),
    topics: t.exposeStringList('topics', { description: 'What it was about.' }),
    location: t.relation('location', { nullable: true, description: 'Where. Null: nowhere in particular.' }),
    order: t.relation('order', { nullable: true, description: 'The order it was about. Null: none.' }),
    case: t.relation('case', { nullable: true, description: 'The case it belongs to. Null: none.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Whatever the source adds. Null: nothing.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first written here.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
    version: t.exposeInt('version', {
      description: '1, and one more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

const ChannelFilter = enumFilter('InteractionChannel', InteractionChannelEnum);

const interactions = defineList('Interaction', {
  plural: 'interactions',
  where: whereInput('Interaction', {
    occurredAt: column('occurredAt', DateTimeFilter, 'When.'),
    channel: column('channel', ChannelFilter, 'By which way.'),
    direction: column('direction', enumFilter('InteractionDirection', InteractionDirectionEnum), 'Who turned to whom.'),
    kind: column('kind', enumFilter('InteractionKind', InteractionKindEnum), 'What it was.'),
    sentiment: column('sentiment', enumFilter('Sentiment', SentimentEnum), 'The mood.'),
    subject: column('subject', StringFilter, 'The subject.'),
    body: column('body', StringFilter, 'What was said.'),
    source: column('source', StringFilter, 'The system it came from.'),
  }),
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When.' } },
  direction: 'desc',
});
interactions.addToQuery({
  name: 'interactions',
  scope,
  description: 'What passed between us and all customers, newest first.',
});
interactions.addToType('Customer', {
  name: 'interactions',
  on: { customerId: 'id' },
  scope,
  description: 'What passed between us, newest first.',
});
interactions.addToType('Case', {
  name: 'interactions',
  on: { caseId: 'id' },
  scope,
  description: 'What was said in it, newest first.',
});
interactions.addToType('Order', {
  name: 'interactions',
  on: { orderId: 'id' },
  scope,
  description: 'What was said about it, newest first.',
});

const ContactedFilter = builder.inputType('ContactedFilter', {
  description: 'Something that passed between us; conditions side by side must hold of the same interaction.',
  fields: (t) => ({
    channel: t.field({ type: ChannelFilter, description: 'By which way.' }),
    occurredAt: t.field({ type: DateTimeFilter, description: 'When.' }),
  }),
});

CustomerWhere.add('contacted', {
  scope,
  type: ContactedFilter,
  description: 'Had an interaction that meets this.',
  toPredicate: (filters: Record<string, Operators>) => someRow('interactions', 'Interaction', filters),
});

export const InteractionKeyInput = keyInput('Interaction');

const ActorInput = builder.inputType('ActorInput', {
  description: 'Who acted.',
  fields: (t) => ({
    kind: t.field({ type: ActorKindEnum, required: true, description: 'Which side.' }),
    name: t.string({ description: 'Their name.' }),
    ref: t.string({ description: 'What another system calls them.' }),
  }),
});

const UpsertInteractionInput = builder.inputType('UpsertInteractionInput', {
  description:
    'Something that passed between us and a customer. What is left out of a known one stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({ type: InteractionKeyInput, description: 'Which. Left out, or an unknown external id: a new one.' }),
    customer: t.field({
      type: CustomerKeyInput,
      description:
        'The customer; NOT_FOUND where unknown. A new one needs it, or a case: without a customer it is with the customer of its case.',
    }),
    channel: t.field({ type: InteractionChannelEnum, description: 'By which way. A new one needs it.' }),
    direction: t.field({ type: InteractionDirectionEnum, description: 'Who turned to whom. A new one needs it.' }),
    kind: t.field({ type: InteractionKindEnum, description: 'What it was. Unless told, MESSAGE.' }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it happened, not in the future. A new interaction needs it.',
    }),
    actor: t.field({
      type: ActorInput,
      description: 'Who acted. Unless told: the customer where it is inbound, else staff.',
    }),
    subject: t.string({ description: 'Up to 1,000 characters.' }),
    body: t.string({ description: 'What was said; up to 100,000 characters.' }),
    waitSeconds: t.int({ description: 'Until greeted.' }),
    holdSeconds: t.int({ description: 'On hold.' }),
    durationSeconds: t.int({ description: 'From start to end.' }),
    sentiment: t.field({ type: SentimentEnum, description: 'The mood.' }),
    topics: t.stringList({ description: 'What it was about; up to 50.' }),
    location: t.field({ type: LocationKeyInput, description: 'Where.' }),
    order: t.field({ type: OrderKeyInput, description: 'The order it was about.' }),
    case: t.field({ type: keyInput('Case'), description: 'The case it belongs to.' }),
    metadata: t.field({ type: 'JSON', description: 'Whatever the source adds.' }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'Interaction',
  'interaction',
  'The interaction as it is afterwards.',
)({
  name: 'upsertInteraction',
  scope: 'interactions:write',
  input: UpsertInteractionInput,
  write: upsertInteraction,
  description:
    'Records something that passed between us and a customer, or corrects what was recorded. It never sends anything.',
});
