/** Whether any column differs from the stored row. Decimals, instants and JSON are compared by value. */
export function differs(row: object, stored: object): boolean {
  const before = new Map<string, unknown>(Object.entries(stored));
  return Object.entries(row).some(([column, value]) => canonical(value) !== canonical(before.get(column)));
}

/**
 * Returns the list that replaces the stored one, or null if no list is given or it is the same. `identity` returns the
 * part of an element that is compared.
 */
export function replaced<Given, Stored>(
  given: Given[] | null | undefined,
  stored: Stored[] | undefined,
  identity: (element: Given | Stored) => unknown,
): Given[] | null {
  if (given === undefined) return null;
  const wanted = given ?? [];
  if (stored === undefined) return wanted.length > 0 ? wanted : null;
  return canonicalSet(wanted.map(identity)) === canonicalSet(stored.map(identity)) ? null : wanted;
}

/** Returns the given value, or the previous one if it is undefined. Null clears the value. */
export function keep<T>(given: T | null | undefined, before: T | null | undefined): T | null {
  return given === undefined ? (before ?? null) : given;
}

/** Returns the time of a change: the stated time, but not before the previous change and not later than now. */
export function changedAt(before: Date | null | undefined, told: Date | null | undefined, now = new Date()): Date {
  const at = told && told < now ? told : now;
  return before && before > at ? before : at;
}

/** Returns one column of a value that is stored in several. Null clears them all, and undefined keeps them all. */
export function part<Whole, Column>(
  whole: Whole | null | undefined,
  column: (whole: Whole) => Column,
): Column | null | undefined {
  if (whole === undefined) return undefined;
  return whole === null ? null : column(whole);
}

function canonicalSet(elements: unknown[]): string {
  return elements.map(canonical).sort().join('\n');
}

/** Serializes a value so that equal values give the same text, in any order of their fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
