import type { InputFieldMap } from '@pothos/core';
import { escapeLike } from '../lib/like.ts';
import { builder } from './builder.ts';
import { isNullable } from './nullability.ts';
import { all, and, type Condition, isNull, never, not, type Predicate, some, valueMeets } from './predicate.ts';

/** A filter on one value, such as a `StringFilter`: what each operator compares with. */
export type Operators = Readonly<Record<string, unknown>>;

/** All operators of a filter hold for a column. */
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
 * At least one row of a relation meets the condition, and these filters, which are called as their columns are. A value
 * that every row has is null only where there is no row: `isNull: true` means that no row meets the rest.
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
    description: `Conditions on a ${type}; those side by side must all hold.`,
    fields: (t) => {
      const fields: InputFieldMap = {};
      for (const operator of operatorNames) fields[operator] = t.field({ type, description: meaning[operator] });
      fields.in = t.field({ type: [type], description: 'Equals one of these. An empty list holds for nothing.' });
      fields.isNull = t.boolean({ description: meaning.isNull });
      return fields;
    },
  });
}

const meaning = {
  eq: 'Equals. Use `isNull` to find what has no value.',
  contains:
    'Contains this, ignoring case. `%` and `_` are letters. On a text that may be an email address or phone number, such as the number ' +
    'of an order, it needs `pii:email` and `pii:phone`.',
  gte: 'At or after; this much or more.',
  gt: 'After; more than this.',
  lte: 'At or before; this much or less.',
  lt: 'Before; less than this.',
  isNull:
    'Has no value (true), or has one (false). On a value that every related row has, such as a tag: there is no such row (true), or ' +
    'there is one (false).',
} as const;

const ranges = ['eq', 'gt', 'gte', 'lt', 'lte'] as const;
export const StringFilter = scalarFilter('StringFilter', 'String', ['eq', 'contains']);
export const DateTimeFilter = scalarFilter('DateTimeFilter', 'DateTime', [...ranges]);
export const DecimalFilter = scalarFilter('DecimalFilter', 'Decimal', [...ranges]);
export const IntFilter = scalarFilter('IntFilter', 'Int', [...ranges]);

/** The filter on an enum: `eq`, `in` and `isNull`. */
export function enumFilter(name: string, type: unknown) {
  return builder.inputType(`${name}Filter`, {
    description: `Conditions on a ${name}; those side by side must all hold.`,
    fields: (t) => ({
      eq: t.field({ type: type as 'String', description: meaning.eq }),
      in: t.field({ type: [type as 'String'], description: 'Equals one of these. An empty list holds for nothing.' }),
      isNull: t.boolean({ description: meaning.isNull }),
    }),
  });
}
