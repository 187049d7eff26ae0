import { setTimeout as sleep } from 'node:timers/promises';
import { pipelineWithin, sendTo } from '../connection/pipelined-queries.ts';
import type { Db, Tx } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { sqlStateOf } from '../sql-state.ts';
import { named, readBy, type Send, type Statement, type Statements, statementsBy } from '../statements.ts';
import { orRollBack } from './dry-run.ts';
import { checkActor, storeResult } from './idempotency.ts';
import { resultOf } from './rolled-back.ts';

/**
 * Runs `work` in a transaction, and retries it if it loses a race: two writers create the same thing at once, or lock
 * rows in a different order. The retry sees the rows of the other writer, so it updates them or fails with a clear
 * error. If `db` has an actor or an idempotency key, both apply. If it is a dry run, nothing is written.
 */
export function transact<T>(db: Db, work: (tx: Tx) => Promise<T>, timeoutMs = 30_000, attempts = 5): Promise<T> {
  const inTransaction = async (prisma: Prisma.TransactionClient) => {
    const own = { workspaceId: db.workspaceId, ...statementsBy(pipelineWithin(prisma)) };
    const tx: Tx = Object.create(prisma, Object.getOwnPropertyDescriptors(own));
    await checkActor(db, tx);
    const result = await orRollBack(db, work(tx));
    await storeResult(db, tx, result);
    return result;
  };
  const options = { timeout: timeoutMs, maxWait: 10_000 };
  return resultOf(again(attempts, () => db.$transaction(inTransaction, options)));
}

/** Like `transact`, for work that does not need Prisma, whose transactions cost the process several times as much. */
export function transactBySql<T>(db: Db, work: (tx: Statements) => Promise<T>): Promise<T> {
  const transaction = again(5, async () => {
    const client = await db.connect();
    let isOver = false;
    const held: Statement[] = [];
    const send: Send = async (statements) => {
      // A part of the failed work may still be running, while another caller already uses the connection.
      if (isOver) throw new Error('The transaction has already ended.');
      const before = held.splice(0).map(named);
      const results = await sendTo(client, [...before, ...statements]);
      return results.slice(before.length);
    };
    const { workspaceId } = db;
    try {
      const begun = sendTo(client, [begin]);
      const checked = checkActor(db, { workspaceId, ...statementsBy(send) });
      // The first statements of `work` are sent right behind the check, and all others once it has passed.
      let isFirst = true;
      const { query, sendAll } = statementsBy(async (statements) => {
        if (!isFirst) await checked;
        isFirst = false;
        return send(statements);
      });
      const hold = async (statements: Statement[]) => held.push(...statements);
      // A dry run has no COMMIT that would send what is held.
      const tx: Statements = { workspaceId, query, sendAll, sendLater: db.isDryRun ? sendAll : hold };
      const working = orRollBack(db, work(tx));
      working.catch(() => undefined);
      // If the check fails, the transaction fails as the check does, however far `work` has got.
      await Promise.all([begun, checked]);
      const result = await working;
      await storeResult(db, tx, result);
      // COMMIT is sent right behind the statements that `work` holds back.
      const sent = send([]);
      isOver = true;
      const committed = sendTo(client, [commit]);
      const read = db.readBack?.(result, readBy(sendTo.bind(null, client)));
      const [, [{ command } = {}]] = await Promise.all([sent, committed, read]);
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back because a statement failed.');
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
  return resultOf(transaction);
}

const [begin, commit] = [named({ text: 'BEGIN', values: [] }), named({ text: 'COMMIT', values: [] })];

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
 * Locks rows before they are read for a change, always in the same order. Every write to a record of a customer locks
 * the customer, so statistics and preferences of one person are written one at a time.
 */
export async function lockRows(tx: Statements, model: Prisma.ModelName, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query({ text: lockingSql(model, '1'), values: [tx.workspaceId, [...new Set(ids)]] });
}

/** Returns SQL that locks rows and selects from them as the last writer left them. `$2` holds the IDs. */
export function lockingSql(model: Prisma.ModelName, columns: string): string {
  return `SELECT ${columns} FROM "${model}" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])
    ORDER BY "id" FOR NO KEY UPDATE`;
}

// Unique violation, foreign key to or from a row that appeared or disappeared, serialization failure, deadlock. Prisma
// reports its own codes; raw SQL reports PostgreSQL's.
function isRaceLost(error: unknown): boolean {
  if (['23505', '23503', '40001', '40P01'].includes(sqlStateOf(error) ?? '')) return true;
  return error instanceof Prisma.PrismaClientKnownRequestError && ['P2002', 'P2003', 'P2034'].includes(error.code);
}
