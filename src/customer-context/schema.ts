import { type Claim, claimOfKey, customerKeyInput, ofWorkspace } from '../customers/claims.ts';
import { CustomerKeyInput, costOfLookUp } from '../customers/input-types.ts';
import type { Purpose } from '../db/generated/prisma/enums.ts';
import { workspace } from '../db/statements.ts';
import { builder } from '../graphql/builder.ts';
import { InteractionChannelEnum } from '../graphql/channels.ts';
import type { Context } from '../graphql/context.ts';
import { describedEnum } from '../graphql/enums.ts';
import { PurposeEnum } from '../graphql/purposes.ts';
import type { SqlRoot } from '../graphql/sql-execute.ts';
import { id, instant, object, type SqlField, sqlType } from '../graphql/sql-types.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { tablesAsOf } from './as-of.ts';
import { gaps } from './gaps-schema.ts';
import { gestures } from './gestures-schema.ts';
import { always, consentJoin, guarded } from './guard-schema.ts';
import { history } from './history-schema.ts';
import { Identity } from './identity-schema.ts';
import { Now } from './now-schema.ts';
import { preferences } from './preferences-schema.ts';
import { Value } from './value-schema.ts';

const History = sqlType('ContextHistory', 'What they bought and what passed between us, latest first.', history);
const Preferences = sqlType('ContextPreferences', 'What they like, allow and want left alone.', preferences);

const serving = ['SUPPORT', 'PERSONALISATION', 'MARKETING'];

const CustomerContext = sqlType('CustomerContext', 'All that one should know before speaking to somebody.', {
  customerId: id('Customer', 'c."id"', 'The id of the customer.'),
  at: instant('c."at"', 'When this was so: now, or `asOf`.'),
  identity: guarded(
    'identity',
    { purposes: always.filter((purpose) => purpose !== 'ANALYTICS') },
    object(Identity, 'Who they are and how to address them.'),
  ),
  value: guarded(
    'value',
    { scopes: ['orders:read'], purposes: [...serving, 'ANALYTICS'], needsConsent: true },
    object(Value, 'What they are worth to us and how often they order.'),
  ),
  now: object(Now, 'What is open between us.'),
  history: object(History, 'What they bought and what passed between us.'),
  preferences: object(Preferences, 'What they like, allow and want left alone.'),
  gestures: guarded(
    'gestures',
    {
      scopes: ['orders:read', 'cases:read', 'interactions:read', 'preferences:read'],
      purposes: serving,
      needsConsent: true,
    },
    gestures,
  ),
  ...gaps,
} satisfies Record<string, SqlField>);

const DetailEnum = describedEnum('ContextDetail', 'How much of each list to give where it is not said.', {
  BRIEF: 'Three.',
  FULL: 'Ten of what is open, twenty of the rest.',
});

builder.queryField('customerContext', (t) =>
  t.field({
    type: CustomerContext.ref,
    nullable: true,
    description:
      'The whole customer in one call: who they are, what they are worth, what is open, what was, what they like and allow, and what we do ' +
      'not know or may not show. One SQL statement, whatever is selected. Null: there is none, or they were erased.',
    authScopes: { scope: 'customers:read' },
    complexity: ({ by, asOf }) => ({ field: costOfLookUp(by) + ((asOf ?? null) === null ? 0 : 100) }),
    args: {
      by: t.arg({ type: CustomerKeyInput, required: true, description: 'What they are known by.' }),
      purpose: t.arg({
        type: PurposeEnum,
        required: true,
        description:
          'What it is read for. What is not needed for it is withheld; for PERSONALISATION and MARKETING so is what the customer does not allow.',
      }),
      channel: t.arg({
        type: InteractionChannelEnum,
        description: 'How they are to be spoken to: whose consent counts. Unless told, any.',
      }),
      detail: t.arg({
        type: DetailEnum,
        defaultValue: 'FULL',
        description: 'How much of each list, where it is not said.',
      }),
      asOf: t.arg({
        type: 'DateTime',
        description:
          'How things stood at a past instant, by when orders, payments, returns, interactions, cases, preferences, consents and surveys ' +
          'happened. Who they are is as it is today, and so are quiet hours, names of products and the bounds of RFM; what may be shown is decided ' +
          'by what they allow today. Unless told, now.',
      }),
    },
    resolve: () => {
      throw new Error('It is answered by one statement.');
    },
  }),
);

type Arguments = {
  by: unknown;
  purpose: Purpose;
  channel?: string | null;
  detail?: string | null;
  asOf?: Date | null;
};

/** `customerContext`, for whoever executes queries. */
export const customerContext: SqlRoot = {
  type: CustomerContext,
  read(given, context) {
    const { by, purpose, channel, detail, asOf } = given as Arguments;
    const { viewer } = context;
    if (viewer.kind === 'CUSTOMER')
      throw new DomainError('FORBIDDEN', 'What staff should know of a customer is not for the customer’s token.');
    const claim = claimOfKey(parseInput(customerKeyInput, by, 'by'), ofWorkspace(viewer.defaultCountry), 'by');
    checkPurpose(purpose, context);
    if (asOf && asOf > new Date()) throw invalid('Must not be in the future.', 'asOf');
    return {
      shape: { kind: claim.kind, purpose, detail: detail ?? 'FULL', time: asOf ? 'PAST' : 'NOW' },
      values: {
        value: claim.value,
        source: claim.kind === 'EXTERNAL' ? claim.source : null,
        channel: channel ?? null,
        purpose,
        asOf: asOf ?? null,
        at: asOf ?? new Date(),
      },
    };
  },
  from({ shape: { kind, purpose, time } }, parameter) {
    const who = owners[kind as Claim['kind']](parameter);
    const consent = consentJoin(purpose, () => parameter('channel'));
    const at = time === 'PAST' ? `${parameter('asOf')}::timestamptz` : 'now()';
    const from = (id: string) =>
      `FROM (SELECT *, ${at} AS "at" FROM "Customer") c ${consent} WHERE c."workspaceId" = ${workspace} AND c."id" = ${id} AND c."status" <> 'ERASED'`;
    if (time === 'NOW') return { from: from(who) };
    return { tables: tablesAsOf(who, at), from: from('(SELECT "customerId" FROM asked)') };
  },
};

// What it is read for goes into the audit log, and may not be another than the request or its key says.
function checkPurpose(purpose: Purpose, context: Context): void {
  const { purposes } = context.viewer;
  if (purposes.length > 0 && !purposes.includes(purpose))
    throw new DomainError('FORBIDDEN', `This key is for ${purposes.join(', ')}.`, { field: ['purpose'] });
  context.purpose ??= purpose;
  if (context.purpose !== purpose)
    throw invalid(`One request is for one purpose, and this is for ${context.purpose}.`, 'purpose');
}

// Whose a key is, looked up by one index.
const contact = (kind: string) => (parameter: (name: string) => string) =>
  `(SELECT "customerId" FROM "ContactPoint" WHERE "workspaceId" = ${workspace} AND "normalizedValue" = ${parameter('value')} AND "kind" = '${kind}')`;

const owners: Record<Claim['kind'], (parameter: (name: string) => string) => string> = {
  ID: (parameter) =>
    `(SELECT coalesce("mergedIntoId", "id") FROM "Customer" WHERE "workspaceId" = ${workspace} AND "id" = ${parameter('value')}::uuid)`,
  EMAIL: contact('EMAIL'),
  PHONE: contact('PHONE'),
  SOCIAL: contact('SOCIAL'),
  EXTERNAL: (parameter) =>
    `(SELECT "customerId" FROM "CustomerExternalId" WHERE "workspaceId" = ${workspace} AND "source" = ${parameter('source')} AND "value" = ${parameter('value')})`,
};
