import { CustomerKeyInput } from '../customers/input-types.ts';
import { CustomerWhere } from '../customers/where.ts';
import { builder } from '../graphql/builder.ts';
import { InteractionChannelEnum } from '../graphql/channels.ts';
import { describedEnum } from '../graphql/enums.ts';
import { defineList } from '../graphql/list.ts';
import { some } from '../graphql/predicate.ts';
import { defineWrites } from '../graphql/writes.ts';
import { recordConsent } from './consents.ts';

const scope = 'preferences:read';

export const ConsentPurposeEnum = describedEnum(
  'ConsentPurpose',
  'What somebody may be contacted, or their data used, for.',
  {
    SERVICE: 'To serve them: orders, cases, warnings.',
    PERSONALISATION: 'To fit what we say to them.',
    MARKETING: 'To sell them something.',
    SURVEY: 'To ask what they think.',
  },
);

export const ConsentStatusEnum = describedEnum('ConsentStatus', 'What somebody decided.', {
  GRANTED: 'They allow it.',
  DENIED: 'They never allowed it.',
  REVOKED: 'They allowed it and took that back.',
});

builder.prismaNode('Consent', {
  nullable: true,
  description: 'What somebody decided last for one channel and purpose.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    channel: t.expose('channel', { type: InteractionChannelEnum, description: 'By which way.' }),
    purpose: t.expose('purpose', { type: ConsentPurposeEnum, description: 'For what.' }),
    status: t.expose('status', { type: ConsentStatusEnum, description: 'What they decided.' }),
    source: t.exposeString('source', { nullable: true, description: 'Where they said so. Null: not known.' }),
    evidence: t.exposeString('evidence', {
      nullable: true,
      pii: 'FREE_TEXT',
      description: 'What proves it. Null: nothing kept.',
    }),
    capturedAt: t.expose('capturedAt', { type: 'DateTime', description: 'When they said so.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it holds. Null: no end.',
    }),
  }),
});

builder.prismaNode('ConsentEvent', {
  nullable: true,
  description: 'One decision of somebody about one channel and purpose; never changed.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    customer: t.relation('customer', { description: 'Whose it is.' }),
    consent: t.relation('consent', { description: 'What holds now for that channel and purpose.' }),
    channel: t.expose('channel', { type: InteractionChannelEnum, description: 'By which way.' }),
    purpose: t.expose('purpose', { type: ConsentPurposeEnum, description: 'For what.' }),
    status: t.expose('status', { type: ConsentStatusEnum, description: 'What they decided.' }),
    source: t.exposeString('source', { nullable: true, description: 'Where they said so. Null: not known.' }),
    evidence: t.exposeString('evidence', {
      nullable: true,
      pii: 'FREE_TEXT',
      description: 'What proves it. Null: nothing kept.',
    }),
    capturedAt: t.expose('capturedAt', { type: 'DateTime', description: 'When they said so.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it holds. Null: no end.',
    }),
  }),
});

const byTime = { CAPTURED_AT: { column: 'capturedAt', description: 'When they said so.' } };

defineList('Consent', {
  plural: 'consents',
  orderBy: byTime,
  direction: 'desc',
}).addToType('Customer', {
  name: 'consents',
  on: { customerId: 'id' },
  scope,
  description: 'What they allow, refuse or took back: one for each channel and purpose they decided on, newest first.',
});

const events = defineList('ConsentEvent', { plural: 'decisions', orderBy: byTime, direction: 'desc' });
events.addToType('Consent', {
  name: 'history',
  on: { customerId: 'customerId', channel: 'channel', purpose: 'purpose' },
  scope,
  description: 'Every decision about this channel and purpose, newest first.',
});

const ConsentFilter = builder.inputType('CustomerConsentFilter', {
  description: 'A decision that holds; conditions side by side must all hold of it.',
  fields: (t) => ({
    channel: t.field({ type: InteractionChannelEnum, description: 'By this way.' }),
    purpose: t.field({ type: ConsentPurposeEnum, description: 'For this.' }),
    status: t.field({ type: ConsentStatusEnum, description: 'Decided so.' }),
  }),
});

CustomerWhere.add('consent', {
  scope,
  type: ConsentFilter,
  description: 'Decided so about contact, and it has not expired.',
  toPredicate: (decided: Record<string, string>) =>
    some('consents', { ...decided, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] }),
});

const RecordConsentInput = builder.inputType('RecordConsentInput', {
  description: 'A decision of somebody about one channel and purpose.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who.' }),
    channel: t.field({ type: InteractionChannelEnum, required: true, description: 'By which way.' }),
    purpose: t.field({ type: ConsentPurposeEnum, required: true, description: 'For what.' }),
    status: t.field({ type: ConsentStatusEnum, required: true, description: 'What they decided.' }),
    source: t.string({ description: 'Where they said so.' }),
    evidence: t.string({ description: 'What proves it; up to 10,000 characters.' }),
    capturedAt: t.field({ type: 'DateTime', description: 'When they said so. Unless told, now.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'Until when it holds. Left out: no end.' }),
  }),
});

defineWrites(
  'ConsentEvent',
  'consentEvent',
  'The decision as it is kept.',
)({
  name: 'recordConsent',
  scope: 'preferences:write',
  input: RecordConsentInput,
  write: recordConsent,
  description: 'Records a decision. Every one is kept; the one captured last holds. NOOP where the same is known.',
});
