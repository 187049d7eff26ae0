import type { InputFieldMap } from '@pothos/core';
import { kindOf } from '../db/personal-columns.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { decodeIdOf, type IdType, wrongId } from '../lib/ids.ts';
import { isNestedDeeper } from '../lib/json-value.ts';
import { classOfText, isPiiClass, piiScopes } from '../lib/pii.ts';
import { builder } from './builder.ts';
import { filterTooDeep } from './filter-depth.ts';
import { type Operators, valueFilter } from './filters.ts';
import { isNullable } from './nullability.ts';
import { and, type Condition, never, not, or, type Predicate, valueMeets } from './predicate.ts';

export type Scopes = ReadonlySet<string>;

/** Where a filter stands: the model whose rows it is about, and its path for errors. */
export type At = { model: string; scopes: Scopes; path: (string | number)[] };

/** One field of a `where` input: its type, and the condition that a value of it stands for. */
export type Filter = {
  /** A reference to an input type or enum, or a scalar's name. */
  type: unknown;
  description: string;
  /** The scope without which it is refused: what may not be seen may not be guessed by filters either. */
  scope?: string;
  /** The value holds no null: those are refused before. */
  toPredicate: (value: never, at: At) => Predicate;
};

export type WhereInput = {
  ref: ReturnType<typeof builder.inputRef<Condition>>;
  /** Adds a field from another domain; before the schema is built. */
  add(name: string, filter: Filter): void;
  /** FORBIDDEN where one of these filters needs a scope that is not among `scopes`. */
  toCondition(value: unknown, scopes: Scopes): Condition;
};

/** The `where` input of a model's rows, with AND, OR and NOT. Fields side by side must all hold. */
export function whereInput(model: string, initial: Record<string, Filter>): WhereInput {
  const filters = new Map(Object.entries(initial));
  const ref = builder.inputRef<Condition>(`${model}Where`);
  ref.implement({
    description:
      'Conditions side by side must all hold. An empty object holds for everything. A condition on an unknown value does not ' +
      'hold, so its `NOT` does.',
    fields: (t) => {
      const fields: InputFieldMap = {
        AND: t.field({ type: [ref], description: 'All of these hold. An empty list holds for everything.' }),
        OR: t.field({ type: [ref], description: 'At least one of these holds. An empty list holds for nothing.' }),
        NOT: t.field({ type: ref, description: 'This does not hold. Finds rows with an unknown value too.' }),
      };
      for (const [field, { type, description }] of filters) {
        fields[field] = t.field({ type: type as 'String', description });
      }
      return fields as Record<string, never>;
    },
  });

  function toPredicate(where: unknown, scopes: Scopes, within: At['path']): Predicate {
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
      // A literal and the variables in it may each be as deep as is allowed.
      if (isNestedDeeper(where)) throw filterTooDeep('where');
      checkOperand(where, ['where']);
      return toPredicate(where, scopes, ['where']).holds;
    },
  };
}

// A null that was dropped would find more than was asked for. What PostgreSQL cannot hold it cannot look for either.
function checkOperand(operand: unknown, path: At['path']): void {
  if (operand === null || operand === undefined)
    throw invalid('Must not be null. Leave it out, or use `isNull: true` to find what has no value.', ...path);
  if (typeof operand === 'string' && (operand.includes('\u0000') || !operand.isWellFormed()))
    throw invalid('Holds U+0000 or a lone surrogate.', ...path);
  if (typeof operand !== 'object') return;
  for (const [name, each] of Object.entries(operand))
    checkOperand(each, [...path, Array.isArray(operand) ? Number(name) : name]);
}

function requireScope(scope: string, scopes: Scopes, path: At['path']): void {
  if (scopes.has(scope)) return;
  throw new DomainError('FORBIDDEN', `This key lacks ${scope}, which this filter needs.`, { field: path });
}

/** A filter on one column. What is masked to a key is not found by it either. */
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

// Of a text that may be a contact. Part of a masked one could be guessed letter by letter, so `contains` needs both scopes.
function textFilter(name: string, operators: Operators, { model, scopes, path }: At): Predicate {
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

/** A filter on a column that holds true or false. */
export function booleanColumn(name: string, description: string): Filter {
  return {
    type: 'Boolean',
    description,
    toPredicate: (equals: boolean, { model }) => valueMeets(name, { equals }, isNullable(model, name)),
  };
}

/** A filter on a column that refers to a thing: its id as it stands outside. */
export function idColumn(name: string, type: IdType, description: string): Filter {
  return {
    type: 'ID',
    description,
    toPredicate: (id: string, { model, path }) =>
      valueMeets(name, { equals: uuidOf(type, id, path) }, isNullable(model, name)),
  };
}

/** The UUID behind an id in a filter. */
export function uuidOf(type: IdType, id: string, path: At['path']): string {
  const uuid = decodeIdOf(type, id);
  if (uuid === null) throw invalid(wrongId(id, type), ...path);
  return uuid;
}
