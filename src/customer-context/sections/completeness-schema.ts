import { builder } from '../../graphql/builder.ts';
import { valueObject } from '../../graphql/cost/points.ts';
import { describedEnum } from '../../graphql/enums/described-enum.ts';
import { computed, listOf, type SqlField } from '../../graphql/sql/sql-types.ts';
import { piiScopes } from '../../lib/pii.ts';
import { joined, sql } from '../../query/sql/sql.ts';
import { isAllowedSql, withheldFrom } from '../guard-schema.ts';
import { own } from '../sql.ts';
import { historyLists } from './history-schema.ts';
import { inForce } from './preferences-schema.ts';

// What is worth knowing about every customer, with SQL for whether it is known.
const expectedData = {
  'identity.salutation': `EXISTS (SELECT 1 FROM jsonb_object_keys(c."salutation") tag WHERE split_part(tag, '-', 1) = split_part(c."locale", '-', 1))`,
  'identity.shortName': 'c."shortName" IS NOT NULL',
  'identity.register': 'c."register" IS NOT NULL',
  'identity.locale': 'c."locale" IS NOT NULL',
  'identity.timezone': 'c."timezone" IS NOT NULL',
  birthday: 'c."birthMonth" IS NOT NULL',
  'preferences.quietHours': 'c."quietFrom" IS NOT NULL',
  'preferences.consents': `EXISTS (SELECT 1 ${own('Consent', 'n')})`,
  'preferences.inForce': `EXISTS (SELECT 1 ${inForce(false)})`,
  ...Object.fromEntries(
    historyLists
      .filter(({ isExpected }) => isExpected)
      .map(({ name, table }) => [`history.${name}`, `EXISTS (SELECT 1 ${own(table, 'h')})`]),
  ),
};

const names = Object.keys(expectedData);

/** Unknown data. It leaves out withheld data, so that nobody learns whether there is any. */
const unknown: SqlField = listOf(
  computed(
    'String',
    ({ compiler: { shape } }) => [
      `json_build_array(${[isAllowedSql(shape?.purpose), ...Object.values(expectedData)].join(', ')})`,
    ],
    (given, { context, values }) => {
      const [isAllowed = false, ...isKnown] = given as boolean[];
      const { scopes } = context.viewer;
      const hidden = withheldFrom(scopes, String(values.purpose), isAllowed);
      const isHidden = (name: string) =>
        hidden.some(({ what }) => name === what || name.startsWith(`${what}.`)) ||
        (name === 'birthday' && !scopes.has(piiScopes.BIRTHDAY));
      return names.filter((name, i) => !isKnown[i] && !isHidden(name));
    },
    'Paths of data that is unknown, such as "identity.timezone". Withheld data is left out.',
  ),
);

const ReasonEnum = describedEnum('WithheldReason', 'Reason why data is withheld.', {
  SCOPE: 'Scope missing from the API key.',
  PURPOSE: 'Data not needed for the requested purpose.',
  CONSENT: 'Use not allowed by the customer.',
});

const Withheld = builder.simpleObject('Withheld', {
  extensions: valueObject,
  description: 'Data that may exist but is not shown.',
  fields: (t) => ({
    what: t.string({
      description: 'Path in the context, such as "history.orders", or class of personal data, such as "FREE_TEXT".',
    }),
    reason: t.field({ type: ReasonEnum, description: 'Reason the data is withheld.' }),
    needs: t.stringList({ description: 'Scopes, purposes or consent that would show the data.' }),
  }),
});

const withheld: SqlField = listOf(
  computed(
    Withheld,
    ({ compiler: { shape } }) => [`to_json(${isAllowedSql(shape?.purpose)})`],
    (isAllowed, { context, values }) => {
      const { scopes } = context.viewer;
      const classes = Object.entries(piiScopes).filter(([, scope]) => !scopes.has(scope));
      return [
        ...withheldFrom(scopes, String(values.purpose), isAllowed === true),
        ...classes.map(([what, scope]) => ({ what, reason: 'SCOPE', needs: [scope] })),
      ];
    },
    'Data hidden by scope, purpose or consent, and what would reveal it.',
  ),
);

const Omitted = builder.simpleObject('Omitted', {
  extensions: valueObject,
  description: 'List with more items than were requested.',
  fields: (t) => ({
    what: t.string({ description: 'Path of the list in the context, such as "history.orders".' }),
    shown: t.int({ description: 'Number of items shown.' }),
    seeMore: t.string({ description: 'Schema field with all items, such as "Customer.orders".' }),
  }),
});

const fullLists: Record<string, string> = {
  'now.openCases': 'Customer.cases',
  'now.openFollowUps': 'Customer.followUps',
  'now.undeliveredOrders': 'Customer.orders',
  'now.returnsInProgress': 'Customer.returns',
  'now.unansweredMessages': 'Customer.interactions',
  ...Object.fromEntries(historyLists.map(({ name }) => [`history.${name}`, `Customer.${name}`])),
  'preferences.inForce': 'Customer.preferences',
  'preferences.doNotUse': 'Customer.preferences',
};

const omitted: SqlField = {
  ...listOf(
    computed(
      Omitted,
      ({ compiler: { lists } }) => {
        const each = lists.map(
          ({ name, condition, from, first }) =>
            sql`json_build_array('${name}', ${first}, ${condition} AND EXISTS (SELECT 1 ${from} OFFSET ${first} LIMIT 1))`,
        );
        return sql`json_build_array(${joined(each, ', ')})`;
      },
      (given) =>
        (given as [string, number, boolean][]).flatMap(([what, shown, hasMore]) =>
          hasMore ? [{ what, shown, seeMore: fullLists[what] }] : [],
        ),
      'Selected lists that have more items than were returned. To get the other items, increase the list’s `first`, or ' +
        'read the list from `seeMore`. For order lines, select `lines { totalCount }`.',
    ),
  ),
  isLast: true,
};

export const completeness: Record<string, SqlField> = { unknown, withheld, omitted };
