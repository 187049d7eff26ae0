import {
  type CustomerIdentifier,
  countryOfWorkspace,
  customerKeyInput,
  identifierOfKey,
} from '../customers/identity/identifiers.ts';
import { owners } from '../customers/identity/owner-sql.ts';
import { type CustomerKeyFields, CustomerKeyInput, pointsOfLookUp } from '../customers/input-types.ts';
import type { Purpose } from '../db/generated/prisma/enums.ts';
import { workspace } from '../db/statements.ts';
import { builder } from '../graphql/builder.ts';
import type { Context } from '../graphql/context.ts';
import { cost } from '../graphql/cost/points.ts';
import { InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { PurposeEnum } from '../graphql/enums/purposes.ts';
import { id, instant, object, type SqlField, sqlType } from '../graphql/sql/sql-types.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import type { Shape } from '../query/compile/compiler.ts';
import type { SourceArguments, SourceField, SourceSql } from '../query/query-field.ts';
import { tablesAsOf } from './as-of.ts';
import { allPurposes, consentJoin, guarded } from './guard-schema.ts';
import { completeness } from './sections/completeness-schema.ts';
import { gestures } from './sections/gestures-schema.ts';
import { history } from './sections/history-schema.ts';
import { Identity } from './sections/identity-schema.ts';
import { Now } from './sections/now-schema.ts';
import { preferences } from './sections/preferences-schema.ts';
import { Value } from './sections/value-schema.ts';

const History = sqlType('ContextHistory', 'Latest records of the customer, in one list per kind.', history);
const Preferences = sqlType(
  'ContextPreferences',
  'Preferences, consent decisions, quiet hours and contact permission.',
  preferences,
);

const serving = ['SUPPORT', 'PERSONALISATION', 'MARKETING'];

const CustomerContext = sqlType('CustomerContext', 'Context of a customer, to read before contacting them.', {
  customerId: id('Customer', 'c."id"', 'ID of the customer that the context describes.'),
  at: instant('c."at"', 'Time the context describes: now, or `asOf`.'),
  identity: guarded(
    'identity',
    { purposes: allPurposes.filter((purpose) => purpose !== 'ANALYTICS') },
    { ...object(Identity, 'Name of the customer and how to address them.'), model: 'Customer' },
  ),
  value: guarded(
    'value',
    { scopes: ['orders:read'], purposes: [...serving, 'ANALYTICS'], needsConsent: true },
    object(Value, 'Value of the customer to the business, and their order rhythm.'),
  ),
  now: object(Now, 'Cases, follow-ups, orders, returns and messages that are still open.'),
  history: object(History, 'Latest records of the customer, in one list per kind.'),
  preferences: object(Preferences, 'Preferences, consent decisions, quiet hours and contact permission.'),
  gestures: guarded(
    'gestures',
    {
      scopes: ['orders:read', 'cases:read', 'interactions:read', 'preferences:read'],
      purposes: serving,
      needsConsent: true,
    },
    gestures,
  ),
  ...completeness,
} satisfies Record<string, SqlField>);

const DetailEnum = describedEnum('ContextDetail', 'Default length of the lists in a context.', {
  BRIEF: 'Three items in each list.',
  FULL: 'Ten items in lists under `now`, twenty in all others.',
});

builder.queryField('customerContext', (t) =>
  t.field({
    type: CustomerContext.ref,
    nullable: true,
    description:
      'Returns everything about a customer in one call: identity, value, open matters, history, preferences and ' +
      'consent, and which data is unknown or withheld. Runs one SQL statement for any selection. Null if the ' +
      'customer does not exist or was erased.',
    authScopes: { scope: 'customers:read' },
    args: {
      by: t.arg({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
      purpose: t.arg({
        type: PurposeEnum,
        required: true,
        description:
          'Purpose of reading the data. Data that the purpose does not need is withheld. For `PERSONALISATION` and ' +
          '`MARKETING`, so is data whose use the customer does not allow.',
      }),
      channel: t.arg({
        type: InteractionChannelEnum,
        description:
          'Channel to contact the customer on. Only consent for this channel counts. Defaults to any channel.',
      }),
      detail: t.arg({
        type: DetailEnum,
        defaultValue: 'FULL',
        description: 'Length of the lists that do not set `first`.',
      }),
      asOf: t.arg({
        type: 'DateTime',
        description:
          'Past time to describe, by the dates of the records, such as when an order was placed. Identity, quiet ' +
          'hours, product names, RFM bounds and models of customer value are always current. ' +
          'Consent as of today decides what is shown. Defaults to now.',
      }),
    },
    extensions: {
      ...cost<{ by: CustomerKeyFields; asOf?: Date | null }>({
        points: ({ by, asOf }) => pointsOfLookUp(by) + ((asOf ?? null) === null ? 0 : 100),
      }),
      query: {
        kind: 'source',
        alias: 'c',
        owner: 'c."id"',
        parse: parseArguments,
        from: sourceOf,
      } satisfies SourceField<Context>,
    },
    resolve: () => {
      throw new Error('One SQL statement answers `customerContext`, so it has no resolver.');
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

function parseArguments(given: Record<string, unknown>, context: Context): SourceArguments<Context> {
  const { by, purpose, channel, detail, asOf } = given as Arguments;
  const { viewer } = context;
  if (viewer.kind === 'CUSTOMER')
    throw new DomainError('FORBIDDEN', 'Customer tokens cannot read `customerContext`. Use an API key.');
  const identifier = identifierOfKey(
    parseInput(customerKeyInput, by, 'by'),
    countryOfWorkspace(viewer.defaultCountry),
    'by',
  );
  checkPurpose(purpose, context);
  if (asOf && asOf > new Date())
    throw invalid('Must not be in the future. Omit it to read the context as of now.', 'asOf');
  const source = identifier.kind === 'EXTERNAL' ? identifier.source : null;
  return {
    shape: { kind: identifier.kind, purpose, detail: detail ?? 'FULL', time: asOf ? 'PAST' : 'NOW' },
    values: { value: identifier.value, source, channel: channel ?? null, purpose, asOf: asOf ?? null },
    context: asOf ? { ...context, asOf } : context,
  };
}

function sourceOf({ kind, purpose, time }: Shape, parameter: (name: string) => string): SourceSql {
  const customerSql = owners[kind as CustomerIdentifier['kind']](
    () => parameter('value'),
    () => parameter('source'),
  );
  const consent = consentJoin(purpose, () => parameter('channel'));
  const at = time === 'PAST' ? `${parameter('asOf')}::timestamptz` : 'now()';
  const from = (id: string) =>
    `FROM (SELECT *, ${at} AS "at" FROM "Customer") c ${consent} WHERE c."workspaceId" = ${workspace} AND c."id" = ${id} AND c."status" <> 'ERASED'`;
  if (time === 'NOW') return { from: from(customerSql) };
  return { tables: tablesAsOf(customerSql, at), from: from('(SELECT "customerId" FROM asked)') };
}

// The purpose goes into the audit log, so it must match the purposes of the key and of the request.
function checkPurpose(purpose: Purpose, context: Context): void {
  const { purposes } = context.viewer;
  if (purposes.length > 0 && !purposes.includes(purpose))
    throw new DomainError('FORBIDDEN', `This key may only be used for ${purposes.join(', ')}.`, { field: ['purpose'] });
  context.purpose ??= purpose;
  if (context.purpose !== purpose)
    throw invalid(`This request has the purpose ${context.purpose}. Use it here, or send another request.`, 'purpose');
}
