import { setTimeout as sleep } from 'node:timers/promises';
import type { Db, Tx } from './database.ts';
import { Prisma } from './generated/prisma/client.ts';
import { journaled } from './journal.ts';
import { sqlStateOf } from './sql-state.ts';

/**
 * Runs `work` in a transaction, again where another writer came in between: two that create one thing at once, or that
 * lock in a different order. The second try sees what the first writer left, so it updates, or refuses with a reason.
 * In somebody's name, and once only, where `db` is so.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>, timeoutMs = 30_000, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const inTransaction = (tx: Tx) => journaled(db, tx, () => work(tx));
      return await db.$transaction((tx) => inTransaction(tx as Tx), { timeout: timeoutMs, maxWait: 10_000 });
    } catch (error) {
      if (attempt === attempts || !isRaceLost(error)) throw error;
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

/**
 * Locks rows in one order for all, before they are read to be changed. Whoever writes anything of a customer locks the
 * customer, so that statistics and preferences of one person are written one at a time.
 */
export async function lockRows(tx: Tx, model: Prisma.ModelName, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$queryRaw(
    Prisma.sql(
      [
        `SELECT 1 FROM "${model}" WHERE "workspaceId" = `,
        '::uuid AND "id" = ANY (',
        '::uuid[]) ORDER BY "id" FOR NO KEY UPDATE',
      ],
      tx.workspaceId,
      [...new Set(ids)],
    ),
  );
}

// Unique violation, serialization failure, deadlock: by Prisma's own codes and, from raw statements, PostgreSQL's.
function isRaceLost(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return ['P2002', 'P2034'].includes(error.code) || ['23505', '40001', '40P01'].includes(sqlStateOf(error) ?? '');
}
