/** Whether any of these columns has another value in what is stored. Decimals, instants and JSON compare by value. */
export function differs(row: object, stored: object): boolean {
  const before = new Map<string, unknown>(Object.entries(stored));
  return Object.entries(row).some(([column, value]) => canonical(value) !== canonical(before.get(column)));
}

/**
 * A list that is to take the place of what is stored: null where it is not given or says the same. `identity` is what
 * of an element counts.
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

/** What is given, else what was before, else null. Null takes away. */
export function keep<T>(given: T | null | undefined, before: T | null | undefined): T | null {
  return given === undefined ? (before ?? null) : given;
}

/** When a change came to be: when it is told to have, but not before the last one, nor later than it is recorded. */
export function changedAt(before: Date | null | undefined, told: Date | null | undefined, now = new Date()): Date {
  const at = told && told < now ? told : now;
  return before && before > at ? before : at;
}

/** One column of a value that takes several: null takes them all away, nothing given leaves them all. */
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

/** The same text for values that say the same, whatever the order of their fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
