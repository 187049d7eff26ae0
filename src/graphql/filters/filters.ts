import type { InputFieldMap } from '@pothos/core';
import { escapeLike } from '../../lib/text/like.ts';
import { builder } from '../builder.ts';
import { isNullable } from './nullability.ts';
import { all, and, type Condition, isNull, never, not, type Predicate, some, valueMeets } from './predicate.ts';

/** Operators of a filter on a single value, such as `StringFilter`, with their operands. */
export type Operators = Readonly<Record<string, unknown>>;

/** Returns the predicate that all operators of a filter hold for a column. */
export function valueFilter(model: string, column: string, operators: Operators): Predicate {
  const nullable = isNullable(model, column);
  const meets = (condition: Condition) => valueMeets(column, condition, nullable);
  const missing = isNull(column, nullable);
  return and(
    Object.entries(operators).map(([operator, operand]) => {
      if (operator === 'isNull') return operand === true ? missing : not(missing);
      if (operator === 'eq') return meets({ equals: operand });
      if (operator === 'in') return isEmpty(operand) ? never : meets({ in: operand });
      if (operator !== 'contains') return meets({ [operator]: operand });
      return isEmpty(operand) ? not(missing) : meets({ contains: escapeLike(String(operand)), mode: 'insensitive' });
    }),
  );
}

/**
 * Returns the predicate that at least one row of a relation meets the condition and the filters, which are keyed by
 * column. A non-nullable column is null only if there is no row, so `isNull: true` on it means that no row meets the
 * other filters.
 */
export function someRow(
  relation: string,
  model: string,
  filters: Record<string, Operators>,
  condition: Condition = {},
): Predicate {
  const given = Object.entries(filters);
  const isAbsent = ([column, operators]: [string, Operators]) =>
    operators.isNull === true && !isNullable(model, column);
  const meets = given.filter((each) => !isAbsent(each)).map(([column, each]) => valueFilter(model, column, each));
  const found = some(relation, all([condition, and(meets).holds]));
  const absent = given.filter(isAbsent);
  if (absent.length === 0) return found;
  return absent.some(([, operators]) => Object.keys(operators).length > 1) ? never : not(found);
}

function isEmpty(operand: unknown): boolean {
  return operand === '' || (Array.isArray(operand) && operand.length === 0);
}

function scalarFilter(
  name: string,
  type: 'String' | 'ID' | 'Int' | 'DateTime' | 'Decimal',
  operatorNames: (keyof typeof meaning)[],
) {
  return builder.inputType(name, {
    description: `Filter on a value of type \`${type}\`. All given operators must match.`,
    fields: (t) => {
      const fields: InputFieldMap = {};
      const described = type === 'DateTime' ? { ...meaning, ...meaningForTimes } : meaning;
      for (const operator of operatorNames) fields[operator] = t.field({ type, description: described[operator] });
      fields.in = t.field({ type: [type], description: 'Equals one of these values. An empty list matches nothing.' });
      fields.isNull = t.boolean({ description: meaning.isNull });
      return fields;
    },
  });
}

const meaning = {
  eq: 'Equals this value. To find null values, use `isNull`.',
  contains:
    'Contains this text, ignoring case. `%` and `_` have no special meaning. For a field that may hold an ' +
    'email address or phone number, such as an order number, this filter requires the scopes `pii:email` and ' +
    '`pii:phone`.',
  gte: 'Greater than or equal to this value.',
  gt: 'Greater than this value.',
  lte: 'Less than or equal to this value.',
  lt: 'Less than this value.',
  isNull:
    '`true` matches null, and `false` matches any other value. For related rows, such as tags, `true` matches if there ' +
    'are none, and `false` if there is at least one.',
} as const;

const meaningForTimes = {
  gte: 'At or after this time.',
  gt: 'Later than this time.',
  lte: 'At or before this time.',
  lt: 'Earlier than this time.',
} as const;

const ranges = ['eq', 'gt', 'gte', 'lt', 'lte'] as const;
export const StringFilter = scalarFilter('StringFilter', 'String', ['eq', 'contains']);
export const DateTimeFilter = scalarFilter('DateTimeFilter', 'DateTime', [...ranges]);
export const DecimalFilter = scalarFilter('DecimalFilter', 'Decimal', [...ranges]);
export const IntFilter = scalarFilter('IntFilter', 'Int', [...ranges]);

/** Defines the filter on an enum, with `eq`, `in` and `isNull`. */
export function enumFilter(name: string, type: unknown) {
  return builder.inputType(`${name}Filter`, {
    description: `Filter on a value of type \`${name}\`. All given operators must match.`,
    fields: (t) => ({
      eq: t.field({ type: type as 'String', description: meaning.eq }),
      in: t.field({
        type: [type as 'String'],
        description: 'Equals one of these values. An empty list matches nothing.',
      }),
      isNull: t.boolean({ description: meaning.isNull }),
    }),
  });
}
