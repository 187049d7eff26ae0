import type { InputFieldMap } from '@pothos/core';
import { DomainError, invalid } from '../lib/errors.ts';
import { decodeIdOf, type IdType } from '../lib/ids.ts';
import { escapeLike } from '../lib/like.ts';
import { type PiiClass, piiScopes } from '../lib/pii.ts';
import { builder } from './builder.ts';

/** A condition as Prisma reads it. */
export type Condition = Record<string, unknown>;

/** One field of a `where` input: its type, and the condition that a value of it stands for. */
export type Filter = {
  /** A reference to an input type or enum, or a scalar's name. */
  type: unknown;
  description: string;
  /** The scope without which it is refused: what may not be seen may not be guessed by filters either. */
  scope?: string;
  toCondition: (value: never, scopes: Scopes) => Condition;
};

type Scopes = ReadonlySet<string>;

export type WhereInput = {
  ref: ReturnType<typeof builder.inputRef<Condition>>;
  /** Adds a field from another domain; before the schema is built. */
  add(name: string, filter: Filter): void;
  /** FORBIDDEN where one of these filters needs a scope that is not among `scopes`. */
  toCondition(value: unknown, scopes: Scopes): Condition;
};

/** A `where` input with AND, OR and NOT. Fields side by side must all hold. */
export function whereInput(name: string, initial: Record<string, Filter>): WhereInput {
  const filters = new Map(Object.entries(initial));
  const ref = builder.inputRef<Condition>(name);
  ref.implement({
    description: 'Conditions side by side must all hold. An empty object holds for everything.',
    fields: (t) => {
      const fields: InputFieldMap = {
        AND: t.field({ type: [ref], description: 'All of these hold.' }),
        OR: t.field({ type: [ref], description: 'At least one of these holds.' }),
        NOT: t.field({ type: ref, description: 'This does not hold.' }),
      };
      for (const [field, { type, description }] of filters) {
        fields[field] = t.field({ type: type as 'String', description });
      }
      return fields as Record<string, never>;
    },
  });

  function toCondition(value: unknown, scopes: Scopes): Condition {
    const conditions = Object.entries((value ?? {}) as Condition).flatMap(([field, operand]) => {
      if (operand === null || operand === undefined) return [];
      if (field === 'AND' || field === 'OR')
        return [{ [field]: (operand as unknown[]).map((each) => toCondition(each, scopes)) }];
      if (field === 'NOT') return [{ NOT: toCondition(operand, scopes) }];
      checkTexts(operand, field);
      const filter = filters.get(field);
      if (!filter) return [];
      if (filter.scope && !scopes.has(filter.scope))
        throw new DomainError('FORBIDDEN', `This key lacks ${filter.scope}, which this filter needs.`, {
          field: ['where', field],
        });
      return [filter.toCondition(operand as never, scopes)];
    });
    return conditions.length === 0 ? {} : { AND: conditions };
  }

  return { ref, add: (field, filter) => filters.set(field, filter), toCondition };
}

// What PostgreSQL cannot hold it cannot look for either.
function checkTexts(operand: unknown, ...field: string[]): void {
  if (typeof operand === 'string' && (operand.includes('\u0000') || !operand.isWellFormed()))
    throw invalid('Holds U+0000 or a lone surrogate.', 'where', ...field);
  if (typeof operand !== 'object' || operand === null) return;
  for (const [name, each] of Object.entries(operand)) checkTexts(each, ...field, name);
}

type Operators = { eq?: unknown; in?: unknown[] | null; contains?: string | null; isNull?: boolean | null } & Record<
  string,
  unknown
>;

/** The operators of a scalar filter as Prisma's. A null operand is no condition. */
export function operators({ eq, in: anyOf, contains, isNull, ...ranges }: Operators): Condition[] {
  const conditions: Condition[] = [];
  if (eq !== undefined && eq !== null) conditions.push({ equals: eq });
  if (anyOf) conditions.push({ in: anyOf });
  if (contains) conditions.push({ contains: escapeLike(contains), mode: 'insensitive' });
  if (typeof isNull === 'boolean') conditions.push(isNull ? { equals: null } : { not: null });
  for (const [operator, operand] of Object.entries(ranges)) {
    if (operand !== undefined && operand !== null) conditions.push({ [operator]: operand });
  }
  return conditions;
}

/** A filter on one column; of personal data, with its class. */
export function column(name: string, type: unknown, description: string, pii?: PiiClass): Filter {
  return {
    type,
    description,
    ...(pii && { scope: piiScopes[pii] }),
    toCondition: (value: Operators) => all(operators(value).map((each) => ({ [name]: each }))),
  };
}

/** A filter on a column that refers to a thing: its id as it stands outside. */
export function idColumn(name: string, type: IdType, description: string): Filter {
  return { type: 'ID', description, toCondition: (id: string) => ({ [name]: uuidOf(type, id, name) }) };
}

/** The UUID behind an id in a filter. */
export function uuidOf(type: IdType, id: string, field: string): string {
  const uuid = decodeIdOf(type, id);
  if (uuid === null) throw invalid(`Is not the id of a ${type}.`, 'where', field);
  return uuid;
}

export function all(conditions: Condition[]): Condition {
  return conditions.length === 0 ? {} : { AND: conditions };
}

function scalarFilter(
  name: string,
  type: 'String' | 'ID' | 'Int' | 'DateTime' | 'Decimal',
  operatorNames: string[],
  nullable = true,
) {
  return builder.inputType(name, {
    description: `Conditions on a ${type}; those side by side must all hold.`,
    fields: (t) => {
      const fields: InputFieldMap = {};
      for (const operator of operatorNames) fields[operator] = t.field({ type, description: meaning[operator] });
      fields.in = t.field({ type: [type], description: 'Equals one of these.' });
      if (nullable) fields.isNull = t.boolean({ description: 'Has no value (true), or has one (false).' });
      return fields;
    },
  });
}

const meaning: Record<string, string> = {
  eq: 'Equals.',
  contains: 'Contains this, ignoring case. `%` and `_` are letters.',
  gte: 'At or after; this much or more.',
  gt: 'After; more than this.',
  lte: 'At or before; this much or less.',
  lt: 'Before; less than this.',
};

const ranges = ['eq', 'gt', 'gte', 'lt', 'lte'];
export const StringFilter = scalarFilter('StringFilter', 'String', ['eq', 'contains']);
export const DateTimeFilter = scalarFilter('DateTimeFilter', 'DateTime', ranges);
export const DecimalFilter = scalarFilter('DecimalFilter', 'Decimal', ranges, false);
export const IntFilter = scalarFilter('IntFilter', 'Int', ranges, false);

/** The filter on an enum: `eq` and `in`. */
export function enumFilter(name: string, type: unknown) {
  return builder.inputType(`${name}Filter`, {
    description: `Conditions on a ${name}; those side by side must all hold.`,
    fields: (t) => ({
      eq: t.field({ type: type as 'String', description: 'Equals.' }),
      in: t.field({ type: [type as 'String'], description: 'Equals one of these.' }),
    }),
  });
}
