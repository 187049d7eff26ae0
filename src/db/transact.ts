import { setTimeout as sleep } from 'node:timers/promises';
import type { Db, Tx } from './database.ts';
import { Prisma } from './generated/prisma/client.ts';
import { journaled } from './journal.ts';
import { sqlStateOf } from './sql-state.ts';
import { type Send, type Statements, statementsBy } from './statements.ts';
import { sendWithin } from './tickets.ts';

/**
 * Runs `work` in a transaction, again where another writer came in between: two that create one thing at once, or that
 * lock in a different order. The second try sees what the first writer left, so it updates, or refuses with a reason.
 * In somebody's name, and once only, where `db` is so.
 */
export function transact<T>(db: Db, work: (tx: Tx) => Promise<T>, timeoutMs = 30_000, attempts = 5): Promise<T> {
  const inTransaction = (prisma: Prisma.TransactionClient) => {
    const { query, sendAll } = statementsBy(sendWithin(prisma));
    const own = { workspaceId: { value: db.workspaceId }, query: { value: query }, sendAll: { value: sendAll } };
    const tx: Tx = Object.create(prisma, own);
    return journaled(db, tx, () => work(tx));
  };
  return again(attempts, () => db.$transaction(inTransaction, { timeout: timeoutMs, maxWait: 10_000 }));
}

/** The same for what needs nothing of Prisma: its transaction costs the process several times as much. */
export function transactBySql<T>(db: Db, work: (tx: Statements) => Promise<T>): Promise<T> {
  return again(5, async () => {
    const client = await db.connect();
    let isOver = false;
    const send: Send = (statements) => {
      // Part of what failed may still be running; the connection is somebody else's by now.
      if (isOver) return Promise.reject(new Error('The transaction is over.'));
      return Promise.all(statements.map((statement) => client.query(statement)));
    };
    const tx = { workspaceId: db.workspaceId, ...statementsBy(send) };
    try {
      // What follows goes right behind it.
      const [, result] = await Promise.all([client.query('BEGIN'), journaled(db, tx, () => work(tx))]);
      isOver = true;
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') throw new Error('A statement failed, and so did the transaction.');
      client.release();
      return result;
    } catch (error) {
      isOver = true;
      await client.query('ROLLBACK').then(
        () => client.release(),
        () => client.release(true),
      );
      throw error;
    }
  });
}

async function again<T>(attempts: number, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
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
export async function lockRows(tx: Statements, model: Prisma.ModelName, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query({ text: lockingSql(model, '1'), values: [tx.workspaceId, [...new Set(ids)]] });
}

/** Selects from rows while locking them, as the last writer before left them. `$2` is their IDs. */
export function lockingSql(model: Prisma.ModelName, columns: string): string {
  return `SELECT ${columns} FROM "${model}" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])
    ORDER BY "id" FOR NO KEY UPDATE`;
}

// Unique violation, foreign key to or from a row that came or went, serialization failure, deadlock: by Prisma's own codes
// and, from raw statements, PostgreSQL's.
function isRaceLost(error: unknown): boolean {
  if (['23505', '23503', '40001', '40P01'].includes(sqlStateOf(error) ?? '')) return true;
  return error instanceof Prisma.PrismaClientKnownRequestError && ['P2002', 'P2003', 'P2034'].includes(error.code);
}
