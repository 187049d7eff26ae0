import fc from 'fast-check';

export type Row = Record<string, unknown>;
/** A filter: its possible values, and a check in plain JavaScript whether a row matches one of them. */
export type Filter = { values: fc.Arbitrary<unknown>; holds: (value: never, row: Row) => boolean };
export type Filters = Record<string, Filter>;
export type Where = Record<string, unknown>;

const compare: Record<string, (value: never, operand: never) => boolean> = {
  eq: (value, operand) => value === operand,
  in: (value, operand: unknown[]) => operand.includes(value),
  contains: (value: string, operand: string) => value.toLowerCase().includes(operand.toLowerCase()),
  gt: (value, operand) => value > operand,
  gte: (value, operand) => value >= operand,
  lt: (value, operand) => value < operand,
  lte: (value, operand) => value <= operand,
};

/** Creates a filter with operators on a single value. */
function value(name: string, operand: fc.Arbitrary<unknown>, operators: string[], contained = operand): Filter {
  const given = Object.fromEntries(operators.map((each) => [each, each === 'contains' ? contained : operand]));
  const arbitrary = { ...given, in: fc.array(operand, { maxLength: 3 }), isNull: fc.boolean() };
  return {
    // Mostly a single operator, because several rarely match together.
    values: fc
      .tuple(fc.record(arbitrary, { requiredKeys: [] }), fc.constantFrom(...Object.keys(arbitrary)), fc.boolean())
      .map(([all, only, isMany]) => (isMany || !(only in all) ? all : { [only]: (all as Row)[only] })),
    holds: (filter: Row, row) =>
      Object.entries(filter).every(([operator, operand]) =>
        operator === 'isNull'
          ? (row[name] === null) === operand
          : row[name] !== null && compare[operator]?.(row[name] as never, operand as never),
      ),
  };
}

const ranges = ['eq', 'gt', 'gte', 'lt', 'lte'];
export const text = (name: string, ...values: string[]) =>
  value(name, fc.constantFrom(...values), ['eq', 'contains'], fc.constantFrom('', 'a', 'B', '%', '_', 'ab'));
export const oneOf = (name: string, ...values: string[]) => value(name, fc.constantFrom(...values), ['eq']);
export const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map((day) => `${day}T00:00:00.000Z`);
export const instant = (name: string) => value(name, fc.constantFrom(...days), ranges);
export const number = (name: string) => value(name, fc.integer({ min: 0, max: 3 }), ranges);
export const exactly = (name: string, values: unknown[]): Filter => ({
  values: fc.constantFrom(...values),
  holds: (wanted, row) => row[name] === wanted,
});

/**
 * Creates a filter that matches if at least one related row meets all filters. A non-nullable value is null only if
 * there is no row, so `isNull: true` on it means that no row meets the other filters.
 */
export function some(name: string, filters: Filters, requiredKeys: string[] = [], nullable: string[] = []): Filter {
  const values = Object.fromEntries(Object.entries(filters).map(([field, filter]) => [field, filter.values]));
  return {
    values: fc.record(values, { requiredKeys }),
    holds: (given: Row, row) => {
      const asked = Object.entries(given) as [string, Row][];
      const absent = asked.filter(([field, { isNull }]) => isNull === true && !nullable.includes(field));
      const rest = Object.fromEntries(asked.filter((each) => !absent.includes(each)));
      const isFound = (row[name] as Row[]).some((each) => allHold(filters, rest, each));
      if (absent.length === 0) return isFound;
      return !isFound && absent.every(([, operators]) => Object.keys(operators).length === 1);
    },
  };
}

/** Like `some`, but the whole filter applies to a single field of the related rows. */
export function someValue(name: string, field: string, filter: Filter): Filter {
  const { holds } = some(name, { [field]: filter });
  return { values: filter.values, holds: (given, row) => holds({ [field]: given } as never, row) };
}

function allHold(filters: Filters, given: Row, row: Row): boolean {
  return Object.entries(given).every(([field, operand]) => filters[field]?.holds(operand as never, row));
}

export function holds(filters: Filters, where: Where, row: Row): boolean {
  return Object.entries(where).every(([field, operand]) => {
    const each = (operand: unknown) => holds(filters, operand as Where, row);
    if (field === 'AND') return (operand as Where[]).every(each);
    if (field === 'OR') return (operand as Where[]).some(each);
    return field === 'NOT' ? !each(operand) : filters[field]?.holds(operand as never, row);
  });
}

export function wheres(filters: Filters): fc.Arbitrary<Where> {
  return fc.letrec<{ where: Where; leaf: Where }>((tie) => ({
    leaf: fc.oneof(
      fc.constant({}),
      ...Object.entries(filters).map(([field, filter]) => filter.values.map((value): Where => ({ [field]: value }))),
    ),
    where: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: tie('leaf'), weight: 3 },
      { arbitrary: tie('where').map((NOT) => ({ NOT })), weight: 3 },
      { arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((AND) => ({ AND })), weight: 1 },
      { arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((OR) => ({ OR })), weight: 2 },
      { arbitrary: fc.tuple(tie('leaf'), tie('where')).map(([leaf, NOT]) => ({ ...leaf, NOT })), weight: 2 },
    ),
  })).where;
}
