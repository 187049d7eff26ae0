/** A condition as Prisma reads it. */
export type Condition = Record<string, unknown>;

/**
 * A condition that is true or false for every row, together with its complement.
 *
 * SQL knows a third truth value: `country = 'PL'` is unknown where the country is null, and so is its NOT, so that neither
 * finds the row. Therefore no condition is negated as a whole. Each leaf says itself which rows it leaves out, and AND, OR
 * and NOT follow De Morgan. Conditions that are not negated reach the database unchanged, so indexes serve them.
 */
export type Predicate = { holds: Condition; fails: Condition };

/**
 * Constants are folded here: Prisma drops an empty condition, and `OR: []` within an AND, which changes what the rest
 * means. Every model has this column.
 */
export const always: Predicate = { holds: {}, fails: { workspaceId: { in: [] } } };
export const never: Predicate = { holds: always.fails, fails: always.holds };

export function not(predicate: Predicate): Predicate {
  if (predicate === always) return never;
  if (predicate === never) return always;
  return { holds: predicate.fails, fails: predicate.holds };
}

export function and(predicates: Predicate[]): Predicate {
  if (predicates.includes(never)) return never;
  const [first, ...others] = predicates.filter((each) => each !== always);
  if (!first) return always;
  if (others.length === 0) return first;
  const within = [first, ...others];
  return { holds: { AND: within.map(({ holds }) => holds) }, fails: { OR: within.map(({ fails }) => fails) } };
}

export function or(predicates: Predicate[]): Predicate {
  return not(and(predicates.map(not)));
}

/** All of these hold; those that hold for every row are left out. */
export function all(conditions: Condition[]): Condition {
  const telling = conditions.filter((each) => Object.keys(each).length > 0);
  return telling.length === 0 ? {} : { AND: telling };
}

/** At least one row of a relation meets the condition. A row for which the condition is unknown does not meet it. */
export function some(relation: string, condition: Condition): Predicate {
  return { holds: { [relation]: { some: condition } }, fails: { [relation]: { none: condition } } };
}

/** A column has a value, and the value meets the condition. */
export function valueMeets(column: string, condition: Condition, isNullable: boolean): Predicate {
  const [holds, other] = [{ [column]: condition }, { NOT: { [column]: condition } }];
  return { holds, fails: isNullable ? { OR: [other, { [column]: null }] } : other };
}

/** A column has no value. Prisma refuses to ask this of a column that is never null. */
export function isNull(column: string, isNullable: boolean): Predicate {
  return isNullable ? { holds: { [column]: null }, fails: { [column]: { not: null } } } : never;
}
