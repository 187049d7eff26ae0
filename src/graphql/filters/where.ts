import type { InputFieldMap } from '@pothos/core';
import { kindOf } from '../../db/personal-columns.ts';
import { invalid, missingScope } from '../../lib/errors.ts';
import { decodeIdOf, type IdType, wrongId } from '../../lib/ids.ts';
import { isNestedDeeper } from '../../lib/json/json-value.ts';
import { classOfText, isPiiClass, piiScopes } from '../../lib/pii.ts';
import { nounOf, withArticle } from '../../lib/text/nouns.ts';
import { builder } from '../builder.ts';
import { filterTooDeep } from './filter-depth.ts';
import { type Operators, valueFilter } from './filters.ts';
import { isNullable } from './nullability.ts';
import { and, type Condition, never, not, or, type Predicate, valueMeets } from './predicate.ts';

export type Scopes = ReadonlySet<string>;

/** Context of a filter: the model it applies to, the caller's scopes, and its path for errors. */
export type FilterContext = { model: string; scopes: Scopes; path: (string | number)[] };

/** A field of a `where` input: its type, and the condition that its value stands for. */
export type Filter = {
  /** Reference to an input type or enum, or the name of a scalar. */
  type: unknown;
  description: string;
  /** Required scope. Without it, a filter could reveal values that the caller may not read. */
  scope?: string;
  /** Converts a value to a predicate. The value contains no null, because nulls are rejected earlier. */
  toPredicate: (value: never, at: FilterContext) => Predicate;
};

export type WhereInput = {
  ref: ReturnType<typeof builder.inputRef<Condition>>;
  /** Adds a field from another domain. Call it before the schema is built. */
  add(name: string, filter: Filter): void;
  /** Converts a filter to a condition. Throws FORBIDDEN if it needs a scope that `scopes` lacks. */
  toCondition(value: unknown, scopes: Scopes): Condition;
};

/** Defines the `where` input of a model, with AND, OR and NOT. All fields of an object must match. */
export function whereInput(model: string, initial: Record<string, Filter>): WhereInput {
  const filters = new Map(Object.entries(initial));
  const ref = builder.inputRef<Condition>(`${model}Where`);
  ref.implement({
    description:
      `Conditions on ${withArticle(nounOf(model))}. All given fields must match, and an empty object matches ` +
      'everything. A condition on a null value is false, so its `NOT` is true.',
    fields: (t) => {
      const fields: InputFieldMap = {
        AND: t.field({ type: [ref], description: 'Conditions that must all match. An empty list matches everything.' }),
        OR: t.field({
          type: [ref],
          description: 'Conditions of which at least one must match. An empty list matches nothing.',
        }),
        NOT: t.field({ type: ref, description: 'Condition that must not match. Also finds rows whose value is null.' }),
      };
      for (const [field, { type, description }] of filters) {
        fields[field] = t.field({ type: type as 'String', description });
      }
      return fields as Record<string, never>;
    },
  });

  function toPredicate(where: unknown, scopes: Scopes, within: FilterContext['path']): Predicate {
    const conditions = Object.entries(where as Condition).map(([field, operand]) => {
      const path = [...within, field];
      const each = () => (operand as unknown[]).map((nested, index) => toPredicate(nested, scopes, [...path, index]));
      if (field === 'AND') return and(each());
      if (field === 'OR') return or(each());
      if (field === 'NOT') return not(toPredicate(operand, scopes, path));
      const filter = filters.get(field);
      if (!filter) throw new Error(`${model}Where has no filter ${field}.`);
      if (filter.scope) requireScope(filter.scope, scopes, path);
      return filter.toPredicate(operand as never, { model, scopes, path });
    });
    return and(conditions);
  }

  return {
    ref,
    add: (field, filter) => filters.set(field, filter),
    toCondition: (where, scopes) => {
      // A literal and the variables in it may each reach the maximum depth.
      if (isNestedDeeper(where)) throw filterTooDeep('where');
      checkOperand(where, ['where']);
      return toPredicate(where, scopes, ['where']).holds;
    },
  };
}

// Dropping a null would find more than requested. PostgreSQL cannot search for text that it cannot store.
function checkOperand(operand: unknown, path: FilterContext['path']): void {
  if (operand === null || operand === undefined)
    throw invalid('Must not be null. Omit it, or use `isNull: true` to find null values.', ...path);
  if (typeof operand === 'string' && (operand.includes('\u0000') || !operand.isWellFormed()))
    throw invalid('Must not contain U+0000 or a lone surrogate.', ...path);
  if (typeof operand !== 'object') return;
  for (const [name, each] of Object.entries(operand))
    checkOperand(each, [...path, Array.isArray(operand) ? Number(name) : name]);
}

function requireScope(scope: string, scopes: Scopes, path: FilterContext['path']): void {
  if (!scopes.has(scope)) throw missingScope(scope, 'which this filter requires', path);
}

/** Defines a filter on a column. It does not find values that are masked for the caller. */
export function column(name: string, type: unknown, description: string): Filter {
  return {
    type,
    description,
    toPredicate: (operators: Operators, at) => {
      const kind = kindOf(at.model, name);
      if (isPiiClass(kind)) requireScope(piiScopes[kind], at.scopes, at.path);
      return kind === 'IF_CONTACT' ? textFilter(name, operators, at) : valueFilter(at.model, name, operators);
    },
  };
}

// The text may be an email address or phone number. A masked one could be guessed letter by letter, so `contains`
// requires both scopes.
function textFilter(name: string, operators: Operators, { model, scopes, path }: FilterContext): Predicate {
  const isSeen = (value: unknown) => {
    const piiClass = classOfText(value);
    return piiClass === null || scopes.has(piiScopes[piiClass]);
  };
  if (operators.contains !== undefined)
    for (const scope of [piiScopes.EMAIL, piiScopes.PHONE]) requireScope(scope, scopes, [...path, 'contains']);
  if (!isSeen(operators.eq)) return never;
  const { in: wanted, ...others } = operators;
  return valueFilter(model, name, Array.isArray(wanted) ? { ...others, in: wanted.filter(isSeen) } : operators);
}

/** Defines a filter on a Boolean column. */
export function booleanColumn(name: string, description: string): Filter {
  return {
    type: 'Boolean',
    description,
    toPredicate: (equals: boolean, { model }) => valueMeets(name, { equals }, isNullable(model, name)),
  };
}

/** Defines a filter on a foreign key, which takes a public ID. */
export function idColumn(name: string, type: IdType, description: string): Filter {
  return {
    type: 'ID',
    description,
    toPredicate: (id: string, { model, path }) =>
      valueMeets(name, { equals: uuidOf(type, id, path) }, isNullable(model, name)),
  };
}

/** Decodes an ID in a filter to its UUID. Throws INVALID_INPUT for any other text. */
export function uuidOf(type: IdType, id: string, path: FilterContext['path']): string {
  const uuid = decodeIdOf(type, id);
  if (uuid === null) throw invalid(wrongId(id, type), ...path);
  return uuid;
}
