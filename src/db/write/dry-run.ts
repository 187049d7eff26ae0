import type { Db } from '../database.ts';

/** Returns the same tables. Their transactions return what they would write, and are then rolled back. */
export function asDryRun(db: Db): Db {
  return Object.create(db, { isDryRun: { value: true } }) as Db;
}

/** Ends a transaction that is only tried, because an error rolls it back. */
class RolledBack extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('A dry run was rolled back.');
    this.result = result;
  }
}

/** Runs the work of a transaction. In a dry run, throws the result, for `resultOf` to catch outside the transaction. */
export async function orRollBack<T>({ isDryRun }: Db, work: Promise<T>): Promise<T> {
  const result = await work;
  if (isDryRun) throw new RolledBack(result);
  return result;
}

/** Returns the result of a transaction, even if it was rolled back as a dry run. */
export async function resultOf<T>(transaction: Promise<T>): Promise<T> {
  try {
    return await transaction;
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T;
    throw error;
  }
}
