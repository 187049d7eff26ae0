import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import { computed, listOf, type SqlField } from '../graphql/sql-types.ts';
import { piiScopes } from '../lib/pii.ts';
import { allowed, withheldFrom } from './guard-schema.ts';
import { inForce } from './preferences-schema.ts';
import { own } from './sql.ts';

// What one would like to know of anybody, and the SQL that says whether we do.
const wanted = {
  'identity.salutation': `EXISTS (SELECT 1 FROM jsonb_object_keys(c."salutation") tag WHERE split_part(tag, '-', 1) = split_part(c."locale", '-', 1))`,
  'identity.shortName': 'c."shortName" IS NOT NULL',
  'identity.register': 'c."register" IS NOT NULL',
  'identity.locale': 'c."locale" IS NOT NULL',
  'identity.timezone': 'c."timezone" IS NOT NULL',
  birthday: 'c."birthMonth" IS NOT NULL',
  'preferences.quietHours': 'c."quietFrom" IS NOT NULL',
  'preferences.consents': `EXISTS (SELECT 1 ${own('Consent', 'n')})`,
  'preferences.inForce': `EXISTS (SELECT 1 ${inForce(false)})`,
  'history.orders': `EXISTS (SELECT 1 ${own('Order', 'o')})`,
  'history.interactions': `EXISTS (SELECT 1 ${own('Interaction', 'i')})`,
  'history.surveyResponses': `EXISTS (SELECT 1 ${own('SurveyResponse', 'v')})`,
};

const names = Object.keys(wanted);

/** What we do not have; of what is withheld it is not said whether we do. */
const unknown: SqlField = listOf(
  computed(
    { name: 'String', ref: 'String' },
    ({ shape }) => `json_build_array(${[allowed(shape.purpose), ...Object.values(wanted)].join(', ')})`,
    (given, { context, values }) => {
      const [isAllowed = false, ...isKnown] = given as boolean[];
      const { scopes } = context.viewer;
      const hidden = withheldFrom(scopes, String(values.purpose), isAllowed);
      const isHidden = (name: string) =>
        hidden.some(({ what }) => name === what || name.startsWith(`${what}.`)) ||
        (name === 'birthday' && !scopes.has(piiScopes.BIRTHDAY));
      return names.filter((name, i) => !isKnown[i] && !isHidden(name));
    },
    'What we do not have, by its place here: "identity.timezone". Nothing is said of what is withheld.',
  ),
);

const ReasonEnum = describedEnum('WithheldReason', 'Why something is withheld.', {
  SCOPE: 'The key lacks a scope.',
  PURPOSE: 'It is not needed for the purpose.',
  CONSENT: 'The customer does not allow it.',
});

const Withheld = builder.simpleObject('Withheld', {
  description: 'Something that is there, or may be, and is not shown.',
  fields: (t) => ({
    what: t.string({
      description: 'Its place in the context: "history.orders". A class of personal data: "FREE_TEXT".',
    }),
    reason: t.field({ type: ReasonEnum, description: 'Why.' }),
    needs: t.stringList({ description: 'What would show it: scopes, purposes, or the consent.' }),
  }),
});

const withheld: SqlField = listOf(
  computed(
    { name: 'Withheld', ref: Withheld },
    ({ shape }) => allowed(shape.purpose),
    (isAllowed, { context, values }) => {
      const { scopes } = context.viewer;
      const classes = Object.entries(piiScopes).filter(([, scope]) => !scopes.has(scope));
      return [
        ...withheldFrom(scopes, String(values.purpose), isAllowed === true),
        ...classes.map(([what, scope]) => ({ what, reason: 'SCOPE', needs: [scope] })),
      ];
    },
    'What scope, purpose or consent hides, and what would show it.',
  ),
);

const Omitted = builder.simpleObject('Omitted', {
  description: 'A list that goes on beyond what was asked for.',
  fields: (t) => ({
    what: t.string({ description: 'Its place in the context: "history.orders".' }),
    shown: t.int({ description: 'How many are shown.' }),
    seeMore: t.string({ description: 'The field of the schema that has all: "Customer.orders".' }),
  }),
});

const whole: Record<string, string> = {
  'now.openCases': 'Customer.cases',
  'now.undeliveredOrders': 'Customer.orders',
  'now.returnsInProgress': 'Customer.returns',
  'now.unansweredMessages': 'Customer.interactions',
  'history.orders': 'Customer.orders',
  'history.interactions': 'Customer.interactions',
  'history.surveyResponses': 'Customer.surveyResponses',
  'history.ownedProducts': 'Customer.purchasedProducts',
  'preferences.inForce': 'Customer.preferences',
  'preferences.doNotUse': 'Customer.preferences',
};

const omitted: SqlField = {
  ...listOf(
    computed(
      { name: 'Omitted', ref: Omitted },
      ({ lists }) => {
        const each = lists.map(
          ({ name, condition, from, first }) =>
            `json_build_array('${name}', ${first}, ${condition} AND EXISTS (SELECT 1 ${from} OFFSET ${first} LIMIT 1))`,
        );
        return `json_build_array(${each.join(', ')})`;
      },
      (given) =>
        (given as [string, number, boolean][]).flatMap(([what, shown, goesOn]) =>
          goesOn ? [{ what, shown, seeMore: whole[what] }] : [],
        ),
      'The lists that were asked for and go on: raise their `first`, or read them where they are whole. Of lines, `numberOfLines` tells.',
    ),
  ),
  tellsOfOthers: true,
};

export const gaps: Record<string, SqlField> = { unknown, withheld, omitted };
