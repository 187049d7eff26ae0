import { workspace } from '../db/statements.ts';
import { builder } from '../graphql/builder.ts';
import { InteractionChannelEnum } from '../graphql/channels.ts';
import { describedEnum } from '../graphql/enums.ts';
import {
  boolean,
  computed,
  id,
  instant,
  list,
  nullable,
  rowOf,
  rows,
  type SqlField,
  sqlType,
  text,
  value,
} from '../graphql/sql-types.ts';
import { ConsentPurposeEnum, ConsentStatusEnum } from '../preferences/consents-schema.ts';
import { inForceSql } from '../preferences/in-force.ts';
import { PreferenceOriginEnum } from '../preferences/schema.ts';
import { PreferenceValueTypeEnum } from '../preferences/value-type.ts';
import { contactReasons, type Decision, permissionOf, type Quiet } from './contact.ts';
import { learned, recorded } from './fact-schema.ts';
import { always, guarded } from './guard-schema.ts';
import { own } from './sql.ts';

const Preference = sqlType('ContextPreference', 'Customer preference that is in force.', {
  id: id('Preference', 'p."id"', 'ID of the preference.'),
  key: text('Preference', 'p', 'key', 'Key of the preference, such as "shoe.size".'),
  value: value('String', `array_to_string(p."values", ', ')`, 'Value as text. Lists are joined with commas.'),
  valueType: value(PreferenceValueTypeEnum, 'p."valueType"', 'Data type of the preference. `value` is its text.'),
  origin: value(PreferenceOriginEnum, 'p."origin"', 'Origin of the value: stated, observed or inferred.'),
  isSensitive: boolean(
    `EXISTS (SELECT 1 FROM "PreferenceDefinition" d WHERE d."workspaceId" = ${workspace} AND d."key" = p."key" AND d."isSensitive")`,
    'Whether the value is sensitive, such as health data.',
  ),
  validFrom: instant('p."validFrom"', 'When the value took effect.'),
  validUntil: nullable(instant('p."validUntil"', 'When the value expires. Null if it never expires.')),
  fact: learned('Preference', 'p."id"', 'p."validFrom"', 'p."origin"', 'p."confidence"'),
});

/** Returns SQL for the preferences in force at the instant: at most one per key. */
export const inForce = (doNotUse: boolean) =>
  `${own('Preference', 'p')} AND ${inForceSql('p', 'c."at"')}
   AND ${doNotUse ? '' : 'NOT '}p."doNotUse" ORDER BY p."key"`;

const Consent = sqlType('ContextConsent', 'Latest consent decision for one channel and purpose.', {
  id: id('Consent', 'n."id"', 'ID of the consent.'),
  channel: value(InteractionChannelEnum, 'n."channel"', 'Channel the decision is about.'),
  purpose: value(ConsentPurposeEnum, 'n."purpose"', 'Purpose the decision is about.'),
  status: value(ConsentStatusEnum, 'n."status"', 'Decision of the customer.'),
  capturedAt: instant('n."capturedAt"', 'When the customer decided.'),
  expiresAt: nullable(instant('n."expiresAt"', 'When the decision expires. Null if it never expires.')),
  isExpired: boolean('coalesce(n."expiresAt" <= c."at", false)', 'Whether the decision has expired.'),
  fact: recorded('Consent', 'n."id"', 'n."capturedAt"'),
});

const QuietHours = sqlType(
  'ContextQuietHours',
  'Hours of the day in which not to contact the customer, in local time. May span midnight.',
  {
    from: value('LocalTime', 'c."quietFrom"', 'Start of the quiet hours.'),
    until: value('LocalTime', 'c."quietUntil"', 'End of the quiet hours.'),
  },
);

const ReasonEnum = describedEnum('ContactReason', 'Reason a customer may or may not be contacted.', contactReasons);

const Permission = builder.simpleObject('ContactPermission', {
  description: 'Permission to contact the customer for the requested purpose and channel.',
  fields: (t) => ({
    isAllowedNow: t.boolean({ description: 'Whether contact is allowed now.' }),
    nextAllowedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Next time contact is allowed: now, if it is. Null without consent or if the time zone is unknown.',
    }),
    reason: t.field({ type: ReasonEnum, description: 'Reason contact is or is not allowed now.' }),
  }),
});

/** SQL for quiet hours, time zone and consent decisions, as fields of a JSON object. */
export const reachability = `'timezone', c."timezone", 'quiet', CASE WHEN c."quietFrom" IS NOT NULL AND c."quietUntil" IS NOT NULL
    THEN json_build_object('from', c."quietFrom", 'until', c."quietUntil") END, 'decisions', (SELECT coalesce(json_agg(x), '[]') FROM
    (SELECT n."channel", n."purpose", n."status", n."expiresAt" ${own('Consent', 'n')}) x)`;

type Reachability = { timezone: string | null; quiet: Quiet; decisions: Decision[] };

const permission: SqlField = computed(
  { name: 'ContactPermission', ref: Permission },
  `json_build_object(${reachability})`,
  (given, { values }) => {
    const { timezone, quiet, decisions } = given as Reachability;
    const channel = (values.channel ?? null) as string | null;
    return permissionOf(decisions, quiet, timezone, String(values.purpose), channel, values.at as Date);
  },
  'Whether the customer may be contacted now and, if not, when.',
);

const using = ['SUPPORT', 'PERSONALISATION', 'MARKETING'];

export const preferences: Record<string, SqlField> = {
  inForce: guarded(
    'preferences.inForce',
    { scopes: ['preferences:read'], purposes: using, needsConsent: true },
    list(Preference, inForce(false), 20, 'Preferences that may be used, alphabetically by key.'),
  ),
  doNotUse: guarded(
    'preferences.doNotUse',
    { scopes: ['preferences:read'], purposes: using },
    list(Preference, inForce(true), 20, 'Preferences that must not be used, alphabetically by key.'),
  ),
  consents: guarded(
    'preferences.consents',
    {
      scopes: ['preferences:read'],
      purposes: always,
    },
    rows(
      Consent,
      `${own('Consent', 'n')} ORDER BY n."channel", n."purpose", n."id"`,
      'Consent decisions, sorted by channel and purpose.',
    ),
  ),
  quietHours: rowOf(
    QuietHours,
    'WHERE c."quietFrom" IS NOT NULL AND c."quietUntil" IS NOT NULL',
    'Quiet hours of the customer. Null if none are known.',
  ),
  contact: guarded('preferences.contact', { scopes: ['preferences:read'], purposes: always }, permission),
};
