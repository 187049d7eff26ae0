/** A `where` condition of Prisma. */
export type Condition = Record<string, unknown>;

/**
 * A condition that is true or false for every row, together with its complement.
 *
 * SQL has a third truth value: `country = 'PL'` is unknown if the country is null, and so is its NOT, so neither finds
 * the row. Therefore no condition is negated as a whole. Each leaf defines its complement, and AND, OR and NOT follow
 * De Morgan's laws. Conditions that are not negated reach the database unchanged, so they can use indexes.
 */
export type Predicate = { holds: Condition; fails: Condition };

/**
 * Constants are folded here, because Prisma drops empty conditions, and `OR: []` within an AND, which changes the
 * meaning of the rest. Every model has the column `workspaceId`.
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

/** Combines conditions with AND, without those that hold for every row. */
export function all(conditions: Condition[]): Condition {
  const telling = conditions.filter((each) => Object.keys(each).length > 0);
  return telling.length === 0 ? {} : { AND: telling };
}

/** Returns whether a part of the condition looks for text within text. The planner cannot tell how many rows have it. */
export function searchesText(condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return false;
  return Object.entries(condition).some(([name, part]) => name === 'contains' || searchesText(part));
}

/** At least one related row meets the condition. A row for which the condition is unknown does not meet it. */
export function some(relation: string, condition: Condition): Predicate {
  return { holds: { [relation]: { some: condition } }, fails: { [relation]: { none: condition } } };
}

/** The column has a value that meets the condition. */
export function valueMeets(column: string, condition: Condition, isNullable: boolean): Predicate {
  const [holds, other] = [{ [column]: condition }, { NOT: { [column]: condition } }];
  return { holds, fails: isNullable ? { OR: [other, { [column]: null }] } : other };
}

/** The column is null. Prisma rejects this condition on a non-nullable column. */
export function isNull(column: string, isNullable: boolean): Predicate {
  return isNullable ? { holds: { [column]: null }, fails: { [column]: { not: null } } } : never;
}
