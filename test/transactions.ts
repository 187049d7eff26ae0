import type { Db } from '../src/db/database.ts';
import type { Statement, Statements } from '../src/db/statements.ts';
import { transact, transactBySql } from '../src/db/write/transact.ts';
import { newId } from '../src/lib/ids.ts';

type Run = <T>(db: Db, work: (tx: Statements) => Promise<T>) => Promise<T>;

/** The kinds of transactions, with a name for each. */
export const transactions: [kind: string, run: Run][] = [
  ['with Prisma', transact],
  ['by SQL alone', transactBySql],
];

/** Returns a statement that inserts a location. A second location with this name violates a unique key. */
export function insertLocation(tx: Statements, name: string): Statement {
  return {
    text: `INSERT INTO "Location" ("workspaceId", "id", "name", "source", "externalId", "createdAt", "updatedAt")
      VALUES ($1::uuid, $2::uuid, $3, 'test', $3, now(), now())`,
    values: [tx.workspaceId, newId(), name],
  };
}
