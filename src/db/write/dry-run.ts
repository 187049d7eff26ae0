import type { Db } from '../database.ts';
import { RolledBack } from './rolled-back.ts';

/** Returns the same tables. Their transactions return what they would write, and are then rolled back. */
export function asDryRun(db: Db): Db {
  return Object.create(db, { isDryRun: { value: true } }) as Db;
}

/** Runs the work of a transaction. In a dry run, throws the result as `RolledBack`. */
export async function orRollBack<T>({ isDryRun }: Db, work: Promise<T>): Promise<T> {
  const result = await work;
  if (isDryRun) throw new RolledBack(result);
  return result;
}
