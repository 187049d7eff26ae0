import { QuietHours } from '../../customers/values-schema.ts';
import { contactFactsSql } from '../../db/contact-facts.ts';
import { builder } from '../../graphql/builder.ts';
import { timeOf } from '../../graphql/context.ts';
import { valueObject } from '../../graphql/cost/points.ts';
import { describedEnum } from '../../graphql/enums/described-enum.ts';
import { computed, list, nullable, rows, rowsOf, type SqlField, sameAs } from '../../graphql/sql/sql-types.ts';
import { type ContactFacts, contactReasons, permissionOf } from '../../lib/contact/contact-permission.ts';
import { inForceSql } from '../../preferences/in-force.ts';
import { allPurposes, guarded } from '../guard-schema.ts';
import { own } from '../sql.ts';

/** Returns SQL for the preferences in force at the instant: at most one per key. */
export const inForce = (doNotUse: boolean) =>
  `${own('Preference', 'p')} AND ${inForceSql('p', 'c."at"')}
   AND ${doNotUse ? '' : 'NOT '}p."doNotUse" ORDER BY p."key"`;

const ReasonEnum = describedEnum('ContactReason', 'Reason a customer may or may not be contacted.', contactReasons);

const Permission = builder.simpleObject('ContactPermission', {
  extensions: valueObject,
  description: 'Permission to contact the customer for the requested purpose and channel.',
  fields: (t) => ({
    isAllowedNow: t.boolean({ description: 'Whether contact is allowed now.' }),
    nextAllowedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Next time contact is allowed. The current time if contact is allowed now. Null without consent or if the time ' +
        'zone is unknown.',
    }),
    reason: t.field({ type: ReasonEnum, description: 'Reason contact is or is not allowed now.' }),
  }),
});

const permission: SqlField = computed(
  Permission,
  `json_build_object(${contactFactsSql('c', 'c."at"')})`,
  (given, { context, values }) => {
    const { timezone, quiet, decisions } = given as ContactFacts;
    const channel = (values.channel ?? null) as string | null;
    const { nextAllowedAt, ...permission } = permissionOf(
      decisions,
      quiet,
      timezone,
      String(values.purpose),
      channel,
      timeOf(context),
    );
    return { ...permission, nextAllowedAt: nextAllowedAt && new Date(nextAllowedAt) };
  },
  'Whether the customer may be contacted now and, if not, when.',
);

const using = ['SUPPORT', 'PERSONALISATION', 'MARKETING'];

export const preferences: Record<string, SqlField> = {
  inForce: guarded(
    'preferences.inForce',
    { scopes: ['preferences:read'], purposes: using, needsConsent: true },
    list(rowsOf('Preference', 'p'), inForce(false), 20, 'Preferences that may be used, in alphabetical order by key.'),
  ),
  doNotUse: guarded(
    'preferences.doNotUse',
    { scopes: ['preferences:read'], purposes: using },
    list(
      rowsOf('Preference', 'p'),
      inForce(true),
      20,
      'Preferences that must not be used, in alphabetical order by key.',
    ),
  ),
  consents: guarded(
    'preferences.consents',
    {
      scopes: ['preferences:read'],
      purposes: allPurposes,
    },
    rows(
      rowsOf('Consent', 'n'),
      `${own('Consent', 'n')} ORDER BY n."channel", n."purpose", n."id"`,
      'Consent decisions, sorted by channel and purpose.',
    ),
  ),
  quietHours: nullable(
    sameAs(
      'Customer',
      'c',
      QuietHours,
      'Daily hours in which not to contact the customer, in their local time. Null if unknown.',
    ),
  ),
  contact: guarded('preferences.contact', { scopes: ['preferences:read'], purposes: allPurposes }, permission),
};
