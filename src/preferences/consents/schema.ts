import { CustomerKeyInput } from '../../customers/input-types.ts';
import { CustomerWhere } from '../../customers/where.ts';
import { builder } from '../../graphql/builder.ts';
import { timeOf } from '../../graphql/context.ts';
import { InteractionChannelEnum } from '../../graphql/enums/channels.ts';
import { describedEnum } from '../../graphql/enums/described-enum.ts';
import { recordFact } from '../../graphql/fields/fact-field.ts';
import { some } from '../../graphql/filters/predicate.ts';
import { defineList } from '../../graphql/lists/list.ts';
import { defineWrites } from '../../graphql/mutations/define-mutation.ts';
import { recordConsent } from './consents.ts';

const scope = 'preferences:read';

const ConsentPurposeEnum = describedEnum('ConsentPurpose', 'Purpose of contacting a customer or using their data.', {
  SERVICE: 'Service messages about orders, cases and warnings.',
  PERSONALISATION: 'Messages and offers tailored to the customer.',
  MARKETING: 'Marketing and sales messages.',
  SURVEY: 'Surveys and requests for feedback.',
});

const ConsentStatusEnum = describedEnum('ConsentStatus', 'Decision that a customer made about consent.', {
  GRANTED: 'Consent given by the customer.',
  DENIED: 'Consent refused before it was ever given.',
  REVOKED: 'Consent withdrawn after it was given.',
});

// A consent is the latest decision, so both types have these fields.
const decision = {
  channel: { type: InteractionChannelEnum, description: 'Channel the decision is about.' },
  purpose: { type: ConsentPurposeEnum, description: 'Purpose the decision is about.' },
  status: { type: ConsentStatusEnum, description: 'Decision that the customer made.' },
  source: { nullable: true, description: 'Where the customer made the decision. Null if unknown.' },
  evidence: { nullable: true, description: 'Proof of the decision. Null if none is stored.' },
  capturedAt: { type: 'DateTime', description: 'When the customer decided.' },
  expiresAt: {
    type: 'DateTime',
    nullable: true,
    description: 'When the decision expires. Null if it never expires.',
  },
} as const;

builder.prismaNode('Consent', {
  nullable: true,
  description: 'Latest consent decision that a customer made for one channel and purpose.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the consent.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    channel: t.expose('channel', decision.channel),
    purpose: t.expose('purpose', decision.purpose),
    status: t.expose('status', decision.status),
    isInForce: t.boolean({
      description: 'Whether the decision is in force: it has started and not expired.',
      select: { capturedAt: true, expiresAt: true },
      resolve: ({ capturedAt, expiresAt }, _args, context) => {
        const at = timeOf(context);
        return capturedAt <= at && (expiresAt === null || expiresAt > at);
      },
    }),
    fact: t.field(recordFact('Consent')),
    source: t.exposeString('source', decision.source),
    evidence: t.exposeString('evidence', decision.evidence),
    capturedAt: t.expose('capturedAt', decision.capturedAt),
    expiresAt: t.expose('expiresAt', decision.expiresAt),
  }),
});

builder.prismaNode('ConsentEvent', {
  nullable: true,
  description: 'Single consent decision that a customer made for one channel and purpose. It never changes.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the decision.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    customer: t.relation('customer', { description: 'Customer who made the decision.' }),
    consent: t.relation('consent', { description: 'Current consent for the same channel and purpose.' }),
    channel: t.expose('channel', decision.channel),
    purpose: t.expose('purpose', decision.purpose),
    status: t.expose('status', decision.status),
    source: t.exposeString('source', decision.source),
    evidence: t.exposeString('evidence', decision.evidence),
    capturedAt: t.expose('capturedAt', decision.capturedAt),
    expiresAt: t.expose('expiresAt', decision.expiresAt),
  }),
});

const byTime = { CAPTURED_AT: { column: 'capturedAt', description: 'When the customer decided.' } };

defineList('Consent', {
  plural: 'consents',
  orderBy: byTime,
  direction: 'desc',
}).addToType('Customer', {
  name: 'consents',
  on: { customerId: 'id' },
  scope,
  description: 'Latest consent decision of the customer for each channel and purpose, newest first.',
});

const events = defineList('ConsentEvent', { plural: 'consent decisions', orderBy: byTime, direction: 'desc' });
events.addToType('Consent', {
  name: 'history',
  on: { customerId: 'customerId', channel: 'channel', purpose: 'purpose' },
  scope,
  description: 'All decisions for this channel and purpose, newest first.',
});

const ConsentFilter = builder.inputType('CustomerConsentFilter', {
  description: 'Conditions on a consent decision in force. The same decision must meet all of them.',
  fields: (t) => ({
    channel: t.field({ type: InteractionChannelEnum, description: 'Channel the decision is about.' }),
    purpose: t.field({ type: ConsentPurposeEnum, description: 'Purpose the decision is about.' }),
    status: t.field({ type: ConsentStatusEnum, description: 'Decision that the customer made.' }),
  }),
});

CustomerWhere.add('consent', {
  scope,
  type: ConsentFilter,
  description: 'Customers with a matching consent decision in force: it has started and not expired.',
  toPredicate: (decided: Record<string, string>) => {
    const now = new Date();
    const hasNotExpired = { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
    return some('consents', { ...decided, capturedAt: { lte: now }, ...hasNotExpired });
  },
});

const RecordConsentInput = builder.inputType('RecordConsentInput', {
  description: 'Consent decision that a customer made for one channel and purpose.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
    channel: t.field({ type: InteractionChannelEnum, required: true, description: 'Channel the decision is about.' }),
    purpose: t.field({ type: ConsentPurposeEnum, required: true, description: 'Purpose the decision is about.' }),
    status: t.field({ type: ConsentStatusEnum, required: true, description: 'Decision that the customer made.' }),
    source: t.string({
      description: 'Where the customer made the decision. If omitted, a repeated decision keeps its source.',
    }),
    evidence: t.string({
      description: 'Proof of the decision, up to 10,000 characters. If omitted, a repeated decision keeps its proof.',
    }),
    capturedAt: t.field({
      type: 'DateTime',
      description:
        'When the customer decided. Defaults to now. Cannot be in the future for `GRANTED`. A `DENIED` or ' +
        '`REVOKED` decision dated in the future takes effect now.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'When the decision expires. Null means never. If omitted, a repeated decision keeps its expiry, and a ' +
        'new decision never expires.',
    }),
  }),
});

defineWrites(
  'ConsentEvent',
  'consentEvent',
  'The consent decision, as it is after the write.',
)({
  name: 'recordConsent',
  scope: 'preferences:write',
  input: RecordConsentInput,
  write: recordConsent,
  description:
    'Records a consent decision. Every decision is kept; the latest by `capturedAt` is in force. Because ' +
    'clocks differ, a withdrawal also overrides consent that was recorded earlier with the same ' +
    '`capturedAt`, a future `capturedAt`, or a `capturedAt` up to five minutes later. Returns `NOOP` if the ' +
    'decision repeats the latest decision with the same `capturedAt` or, without `capturedAt`, the decision ' +
    'in force. If the repeated decision has expired, or has another expiry, source or evidence, the decision ' +
    'is recorded again.',
});
