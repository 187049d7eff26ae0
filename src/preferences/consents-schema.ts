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
  description: 'The latest decision of a customer for one channel and purpose.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    channel: t.expose('channel', { type: InteractionChannelEnum, description: 'By which way.' }),
    purpose: t.expose('purpose', { type: ConsentPurposeEnum, description: 'For what.' }),
    status: t.expose('status', { type: ConsentStatusEnum, description: 'What they decided.' }),
    isInForce: t.boolean({
      description: 'Whether the decision holds now: it has begun and not expired.',
      select: { capturedAt: true, expiresAt: true },
      resolve: ({ capturedAt, expiresAt }) => {
        const now = new Date();
        return capturedAt <= now && (expiresAt === null || expiresAt > now);
      },
    }),
    source: t.exposeString('source', { nullable: true, description: 'Where they said so. Null: not known.' }),
    evidence: t.exposeString('evidence', {
      nullable: true,
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
  description: 'Have a decision about contact that holds now: it has begun and not expired.',
  toPredicate: (decided: Record<string, string>) => {
    const now = new Date();
    const hasNotExpired = { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
    return some('consents', { ...decided, capturedAt: { lte: now }, ...hasNotExpired });
  },
});

const RecordConsentInput = builder.inputType('RecordConsentInput', {
  description: 'A decision of a customer about one channel and purpose.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
    channel: t.field({ type: InteractionChannelEnum, required: true, description: 'Channel they decided about.' }),
    purpose: t.field({ type: ConsentPurposeEnum, required: true, description: 'Purpose they decided about.' }),
    status: t.field({ type: ConsentStatusEnum, required: true, description: 'What they decided.' }),
    source: t.string({ description: 'Where they said so. Omitted: kept if the decision is repeated.' }),
    evidence: t.string({
      description: 'Proof of the decision, up to 10,000 characters. Omitted: kept if the decision is repeated.',
    }),
    capturedAt: t.field({
      type: 'DateTime',
      description:
        'When they said so. Defaults to now. GRANTED must not be in the future; DENIED and REVOKED in the future hold from now on.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'Until when the decision holds. Null: no end. Omitted: kept if the decision is repeated, otherwise no end.',
    }),
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
  description:
    'Records a decision. Every decision is kept; the one captured last holds. A withdrawal wins over every consent recorded before it that ' +
    'carries the same or a future instant, or one up to five minutes later, since clocks differ. NOOP if the latest record of this instant, ' +
    'or without an instant the decision that holds, says the same. A decision is recorded again after it expired, or with another expiry, ' +
    'source or evidence.',
});
