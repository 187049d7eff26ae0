import { CustomerWhere } from '../customers/where.ts';
import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import { enumFilter, type Operators, StringFilter } from '../graphql/filters.ts';
import { defineList } from '../graphql/list.ts';
import { always, and, never, or, type Predicate, some } from '../graphql/predicate.ts';
import { type At, booleanColumn, column, whereInput } from '../graphql/where.ts';
import { parseInput } from '../lib/fields.ts';
import { type PreferenceState, preferenceStates, stateAt, whereState } from './in-force.ts';
import { PreferenceValueInput, PreferenceValueObject, PreferenceValueTypeEnum } from './value-type.ts';
import { preferenceValueInput } from './values.ts';

const scope = 'preferences:read';

export const PreferenceOriginEnum = describedEnum(
  'PreferenceOrigin',
  'How we know. STATED beats OBSERVED beats INFERRED; of equals the newer holds.',
  {
    STATED: 'The customer said so.',
    OBSERVED: 'Seen in what they do.',
    INFERRED: 'Concluded by a rule.',
  },
);

const PreferenceStatusEnum = describedEnum('PreferenceStatus', 'Whether a preference is in force now.', {
  ACTIVE: 'In force. At most one value for each key and customer is.',
  SCHEDULED: 'Comes into force at `validFrom`, which is in the future. The value in force now ends then.',
  EXPIRED: 'Its `validUntil` has passed and no other value replaced it. An earlier value does not come back.',
  PROPOSED: 'Not in force until it is confirmed, or the customer states the value.',
  REJECTED: 'Proposed and turned down.',
  SUPERSEDED: 'A stronger or newer value replaced it.',
  RETRACTED: 'Taken back. Nothing replaced it.',
});

builder.prismaNode('Preference', {
  nullable: true,
  description: 'Something a customer likes or wants, and how we know. Nothing is overwritten: the history stays.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    customer: t.relation('customer', { description: 'Whose it is.' }),
    key: t.exposeString('key', { description: 'What it is about: "shoe.size".' }),
    value: t.field({
      type: PreferenceValueObject,
      description: 'The value, by its type.',
      select: { valueType: true, values: true },
      resolve: ({ valueType, values }) => ({ valueType, values }),
    }),
    origin: t.expose('origin', { type: PreferenceOriginEnum, description: 'How we know.' }),
    confidence: t.float({
      description: 'How sure we are, 0 to 1.',
      select: { confidence: true },
      resolve: ({ confidence }) => confidence.toNumber(),
    }),
    status: t.field({
      type: PreferenceStatusEnum,
      description: 'Whether it is in force now.',
      select: { status: true, validFrom: true, validUntil: true, endedAt: true },
      resolve: (preference) => stateAt(preference, new Date()),
    }),
    doNotUse: t.exposeBoolean('doNotUse', { description: 'Known, but they do not want it used.' }),
    source: t.exposeString('source', { nullable: true, description: 'Where it comes from. Null: not said.' }),
    evidence: t.expose('evidence', {
      type: 'JSON',
      nullable: true,
      description: 'What it rests on. Null: nothing given.',
    }),
    validFrom: t.expose('validFrom', { type: 'DateTime', description: 'Since when.' }),
    validUntil: t.expose('validUntil', { type: 'DateTime', nullable: true, description: 'Until when. Null: no end.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written here.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it was superseded, retracted or rejected. In the future if a scheduled value replaces it then. Null if none of these.',
    }),
  }),
});

builder.prismaObject('PreferenceDefinition', {
  description: 'What a workspace means by a key, and which values it takes.',
  authScopes: { scope },
  select: { key: true },
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key; unique.' }),
    label: t.exposeString('label', { description: 'Its name for people.' }),
    valueType: t.expose('valueType', { type: PreferenceValueTypeEnum, description: 'The type its values must have.' }),
    allowedValues: t.exposeStringList('allowedValues', { description: 'The values it takes. Empty: any of the type.' }),
    isSensitive: t.exposeBoolean('isSensitive', { description: 'Whether it says something delicate, such as health.' }),
  }),
});

defineList('PreferenceDefinition', {
  plural: 'preference definitions',
  orderBy: { KEY: { column: 'key', description: 'The key.' } },
  tieBreaker: 'key',
  direction: 'asc',
}).addToQuery({
  name: 'preferenceDefinitions',
  scope,
  description: 'The keys this workspace has named, in alphabetical order.',
});

// What a preference is not, it is one of the others.
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
    key: column('key', StringFilter, 'What it is about.'),
    status: {
      type: enumFilter('PreferenceStatus', PreferenceStatusEnum),
      description: 'Whether it is in force now.',
      toPredicate: (operators: Operators) => stateMeets(operators, new Date()),
    },
    origin: column('origin', enumFilter('PreferenceOrigin', PreferenceOriginEnum), 'How we know.'),
    doNotUse: booleanColumn('doNotUse', 'Whether it must not be used.'),
  }),
  orderBy: { CREATED_AT: { column: 'createdAt', description: 'When it was written here.' } },
  direction: 'desc',
}).addToType('Customer', {
  name: 'preferences',
  on: { customerId: 'id' },
  scope,
  description:
    'What they like, with its history, newest first. Ask for `status: { eq: ACTIVE }` to get what is in force.',
});

const PreferenceFilter = builder.inputType('CustomerPreferenceFilter', {
  description: 'A preference in force.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'What it is about.' }),
    value: t.field({ type: PreferenceValueInput, description: 'With exactly this value; a list holds all of these.' }),
  }),
});

CustomerWhere.add('preference', {
  scope,
  type: PreferenceFilter,
  description: 'Have such a preference in force.',
  toPredicate: ({ key, value }: { key: string; value?: unknown }, { path }: At) => {
    const wanted = value ? parseInput(preferenceValueInput, value, ...path, 'value') : null;
    const holds = wanted ? { valueType: wanted.valueType, values: { hasEvery: wanted.values } } : {};
    return some('preferences', { key, ...whereState('ACTIVE', new Date()), ...holds });
  },
});
