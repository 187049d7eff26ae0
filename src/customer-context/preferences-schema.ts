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

const Preference = sqlType('ContextPreference', 'Something they like or want that is in force.', {
  id: id('Preference', 'p."id"', 'Its id.'),
  key: text('Preference', 'p', 'key', 'What it is about: "shoe.size".'),
  value: value('String', `array_to_string(p."values", ', ')`, 'The value as text; a list joined by commas.'),
  valueType: value(PreferenceValueTypeEnum, 'p."valueType"', 'Its type.'),
  origin: value(PreferenceOriginEnum, 'p."origin"', 'How we know.'),
  isSensitive: boolean(
    `EXISTS (SELECT 1 FROM "PreferenceDefinition" d WHERE d."workspaceId" = ${workspace} AND d."key" = p."key" AND d."isSensitive")`,
    'Whether it says something delicate, such as health.',
  ),
  validFrom: instant('p."validFrom"', 'Since when.'),
  validUntil: nullable(instant('p."validUntil"', 'Until when. Null: no end.')),
  fact: learned('Preference', 'p."id"', 'p."validFrom"', 'p."origin"', 'p."confidence"'),
});

/** Preferences that hold at the instant: at most one of a key. */
export const inForce = (doNotUse: boolean) =>
  `${own('Preference', 'p')} AND ${inForceSql('p', 'c."at"')}
   AND ${doNotUse ? '' : 'NOT '}p."doNotUse" ORDER BY p."key"`;

const Consent = sqlType('ContextConsent', 'What they decided last for one channel and purpose.', {
  id: id('Consent', 'n."id"', 'Its id.'),
  channel: value(InteractionChannelEnum, 'n."channel"', 'By which way.'),
  purpose: value(ConsentPurposeEnum, 'n."purpose"', 'For what.'),
  status: value(ConsentStatusEnum, 'n."status"', 'What they decided.'),
  capturedAt: instant('n."capturedAt"', 'When they said so.'),
  expiresAt: nullable(instant('n."expiresAt"', 'Until when it holds. Null: no end.')),
  isExpired: boolean('coalesce(n."expiresAt" <= c."at", false)', 'Whether that has passed.'),
  fact: recorded('Consent', 'n."id"', 'n."capturedAt"'),
});

const QuietHours = sqlType(
  'ContextQuietHours',
  'When not to contact them, by their own clock; possibly over midnight.',
  {
    from: value('LocalTime', 'c."quietFrom"', 'The start.'),
    until: value('LocalTime', 'c."quietUntil"', 'The end.'),
  },
);

const ReasonEnum = describedEnum('ContactReason', 'Why somebody may or may not be contacted now.', contactReasons);

const Permission = builder.simpleObject('ContactPermission', {
  description: 'Whether they may be contacted, for the purpose and by the channel that were asked for.',
  fields: (t) => ({
    isAllowedNow: t.boolean({ description: 'Whether now.' }),
    nextAllowedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'From when on; now, where it is allowed. Null: not until they decide otherwise, or not known.',
    }),
    reason: t.field({ type: ReasonEnum, description: 'Why.' }),
  }),
});

/** Quiet hours, clock and decisions, as JSON fields. */
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
  'Whether they may be contacted now, and if not, when.',
);

const using = ['SUPPORT', 'PERSONALISATION', 'MARKETING'];

export const preferences: Record<string, SqlField> = {
  inForce: guarded(
    'preferences.inForce',
    { scopes: ['preferences:read'], purposes: using, needsConsent: true },
    list(Preference, inForce(false), 20, 'What may be used, by key.'),
  ),
  doNotUse: guarded(
    'preferences.doNotUse',
    { scopes: ['preferences:read'], purposes: using },
    list(Preference, inForce(true), 20, 'What is known and must not be used, by key.'),
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
      'What they decided, by channel and purpose.',
    ),
  ),
  quietHours: rowOf(QuietHours, 'WHERE c."quietFrom" IS NOT NULL AND c."quietUntil" IS NOT NULL', 'Null: none known.'),
  contact: guarded('preferences.contact', { scopes: ['preferences:read'], purposes: always }, permission),
};
