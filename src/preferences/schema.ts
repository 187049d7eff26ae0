import { CustomerWhere } from '../customers/where.ts';
import { workspace } from '../db/statements.ts';
import { builder } from '../graphql/builder.ts';
import { timeOf } from '../graphql/context.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { recordFact } from '../graphql/fields/fact-field.ts';
import { enumFilter, type Operators, StringFilter } from '../graphql/filters/filters.ts';
import { always, and, never, or, type Predicate, some } from '../graphql/filters/predicate.ts';
import { booleanColumn, column, type FilterContext, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { parseInput } from '../lib/fields.ts';
import { sqlValue } from '../query/compile/sql-field.ts';
import { type PreferenceState, preferenceStates, stateAt, whereState } from './in-force.ts';
import { PreferenceValueInput, PreferenceValueTypeEnum } from './value-type.ts';
import { preferenceValueInput, typedValue } from './values.ts';

const scope = 'preferences:read';

export const PreferenceOriginEnum = describedEnum(
  'PreferenceOrigin',
  'Origin of a value. `STATED` beats `OBSERVED`, which beats `INFERRED`. Within one origin, the newer value wins.',
  {
    STATED: 'Statement by the customer.',
    OBSERVED: 'Observation of the customer’s actions.',
    INFERRED: 'Conclusion drawn by a rule.',
  },
);

const PreferenceStatusEnum = describedEnum('PreferenceStatus', 'Current status of a preference.', {
  ACTIVE: 'Value in force. Each customer has at most one per key.',
  SCHEDULED: 'Value that takes effect at `validFrom`, which is in the future. The current value ends at that time.',
  EXPIRED: 'Value past its `validUntil` that was not replaced. An earlier value does not come back.',
  PROPOSED: 'Value that is not in force until it is confirmed or the customer states it.',
  REJECTED: 'Value that was proposed and rejected.',
  SUPERSEDED: 'Value replaced by a stronger or newer one.',
  RETRACTED: 'Value retracted without a replacement.',
});

builder.prismaNode('Preference', {
  nullable: true,
  description: 'Preference of a customer and its origin. Values are never overwritten, so the history is kept.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the preference.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    customer: t.relation('customer', { description: 'Customer who has the preference.' }),
    key: t.exposeString('key', { description: 'Key of the preference, such as "shoe.size".' }),
    value: t.field({
      type: 'PreferenceValue',
      description: 'Value of the preference, of the type in `valueType`.',
      select: { valueType: true, values: true },
      resolve: typedValue,
    }),
    valueType: t.expose('valueType', { type: PreferenceValueTypeEnum, description: 'Data type of the value.' }),
    origin: t.expose('origin', {
      type: PreferenceOriginEnum,
      description: 'Origin of the value: stated, observed or inferred.',
    }),
    confidence: t.float({
      description: 'Confidence in the value, from 0 to 1.',
      select: { confidence: true },
      resolve: ({ confidence }) => confidence.toNumber(),
    }),
    status: t.field({
      type: PreferenceStatusEnum,
      description: 'Current status of the preference.',
      select: { status: true, validFrom: true, validUntil: true, endedAt: true },
      resolve: (preference, _args, context) => stateAt(preference, timeOf(context)),
    }),
    isSensitive: t.boolean({
      description: 'Whether the value is sensitive, such as health data. Defined for the key.',
      select: { key: true },
      extensions: {
        query: sqlValue(
          (row) => `EXISTS (SELECT 1 FROM "PreferenceDefinition" d
            WHERE d."workspaceId" = ${workspace} AND d."key" = ${row}."key" AND d."isSensitive")`,
        ),
      },
      resolve: async ({ key }, _args, { db }) =>
        (await db.preferenceDefinition.count({ where: { workspaceId: db.workspaceId, key, isSensitive: true } })) > 0,
    }),
    doNotUse: t.exposeBoolean('doNotUse', { description: 'Whether the customer does not want this preference used.' }),
    source: t.exposeString('source', { nullable: true, description: 'Source of the value. Null if unknown.' }),
    evidence: t.expose('evidence', {
      type: 'JSON',
      nullable: true,
      description: 'Evidence for the value. Null if none was given.',
    }),
    validFrom: t.expose('validFrom', { type: 'DateTime', description: 'When the value takes effect.' }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'When the value expires. Null if it never expires.',
    }),
    fact: t.field(recordFact('Preference')),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the preference was recorded.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the value was superseded, retracted or rejected. In the future if a scheduled value will replace it. ' +
        'Null otherwise.',
    }),
  }),
});

builder.prismaObject('PreferenceDefinition', {
  description: 'Definition of a preference key and the values it accepts.',
  authScopes: { scope },
  select: { key: true },
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Preference key, unique in the workspace.' }),
    label: t.exposeString('label', { description: 'Human-readable name of the key.' }),
    valueType: t.expose('valueType', {
      type: PreferenceValueTypeEnum,
      description: 'Data type of the values of the key.',
    }),
    allowedValues: t.exposeStringList('allowedValues', {
      description: 'Values that the key accepts. Empty if it accepts any value of the type.',
    }),
    isSensitive: t.exposeBoolean('isSensitive', { description: 'Whether values are sensitive, such as health data.' }),
  }),
});

defineList('PreferenceDefinition', {
  plural: 'preference definitions',
  orderBy: { KEY: { column: 'key', description: 'Key of the definition, compared alphabetically.' } },
  tieBreaker: 'key',
  direction: 'asc',
}).addToQuery({
  name: 'preferenceDefinitions',
  scope,
  description: 'Lists the preference definitions of the workspace, in alphabetical order by key.',
});

// A preference is in exactly one state, so it fails a state if it is in one of the others.
function stateIs(state: PreferenceState, now: Date): Predicate {
  const others = preferenceStates.filter((each) => each !== state);
  return { holds: whereState(state, now), fails: { OR: others.map((each) => whereState(each, now)) } };
}

function stateMeets(operators: Operators, now: Date): Predicate {
  return and(
    Object.entries(operators).map(([operator, operand]) => {
      if (operator === 'isNull') return operand === true ? never : always;
      const states = (operator === 'eq' ? [operand] : operand) as PreferenceState[];
      return or(states.map((state) => stateIs(state, now)));
    }),
  );
}

defineList('Preference', {
  plural: 'preferences',
  where: whereInput('Preference', {
    key: column('key', StringFilter, 'Key of the preference.'),
    status: {
      type: enumFilter('PreferenceStatus', PreferenceStatusEnum),
      description: 'Current status of the preference.',
      toPredicate: (operators: Operators) => stateMeets(operators, new Date()),
    },
    origin: column('origin', enumFilter('PreferenceOrigin', PreferenceOriginEnum), 'Origin of the value.'),
    doNotUse: booleanColumn('doNotUse', 'Whether the customer does not want this preference used.'),
  }),
  orderBy: { CREATED_AT: { column: 'createdAt', description: 'When the preference was recorded.' } },
  direction: 'desc',
}).addToType('Customer', {
  name: 'preferences',
  on: { customerId: 'id' },
  scope,
  description:
    'Preferences of the customer with their history, newest first. Filter by `status: { eq: ACTIVE }` for those in ' +
    'force.',
});

const PreferenceFilter = builder.inputType('CustomerPreferenceFilter', {
  description: 'Conditions on a preference in force.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Key of the preference.' }),
    value: t.field({
      type: PreferenceValueInput,
      description: 'Exact value of the preference. A list must contain all items sent. Omit it to match any value.',
    }),
  }),
});

CustomerWhere.add('preference', {
  scope,
  type: PreferenceFilter,
  description: 'Customers with a matching preference in force.',
  toPredicate: ({ key, value }: { key: string; value?: unknown }, { path }: FilterContext) => {
    const wanted = value ? parseInput(preferenceValueInput, value, ...path, 'value') : null;
    const holds = wanted ? { valueType: wanted.valueType, values: { hasEvery: wanted.values } } : {};
    return some('preferences', { key, ...whereState('ACTIVE', new Date()), ...holds });
  },
});
