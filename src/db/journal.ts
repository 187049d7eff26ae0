import { createHash } from 'node:crypto';
import { canonical } from '../lib/changes.ts';
import { DomainError } from '../lib/errors.ts';
import type { Db, Tx } from './database.ts';
import type { Prisma } from './generated/prisma/client.ts';
import type { Purpose } from './generated/prisma/enums.ts';

/** Who writes, and by what operation: triggers note it with every row that changes. */
export type Author = {
  keyId: string;
  keyName: string;
  operation: string;
  purpose: Purpose | null;
  requestId: string;
};

/** What makes a write happen once, however often it is sent: a key of the caller's, and all that they ask. */
export type Once = { key: string; request: unknown };

/** The same tables, written in somebody's name from now on. */
export function inTheNameOf(db: Db, author: Author, once: Once | null): Db {
  // `$extends` would make a client anew. Defined, not assigned: Prisma's client would take an assignment for itself.
  return Object.create(db, { author: { value: author }, once: { value: once } }) as Db;
}

/** Does `work` within a transaction in the name of its author, or, where it was done before, gives what it gave then. */
export async function journaled<T>(db: Db, tx: Tx, work: () => Promise<T>): Promise<T> {
  if (!db.author) return work();
  await tx.$executeRaw`SELECT set_config('app.audit', ${JSON.stringify(db.author)}, true)`;
  return db.once ? doneOnce(tx, db.author.keyId, db.once, work) : work();
}

const keptForMs = 24 * 3_600_000;

// The result is kept by the same transaction: there is never one without the other.
async function doneOnce<T>(tx: Tx, keyId: string, { key, request }: Once, work: () => Promise<T>): Promise<T> {
  const { workspaceId } = tx;
  const [lock] = await tx.$queryRaw<{ isFree: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`${workspaceId} ${keyId} ${key}`}, 0)) AS "isFree"`;
  if (!lock?.isFree) {
    const message = 'A request with this idempotency key is still running.';
    throw new DomainError('CONFLICT', message, { field: ['idempotencyKey'], retryAfterMs: 1_000 });
  }
  const where = { workspaceId_keyId_key: { workspaceId, keyId, key } };
  const fingerprint = createHash('sha256').update(canonical(request)).digest('base64url');
  const before = await tx.idempotencyRecord.findUnique({ where });
  if (before && before.createdAt.getTime() > Date.now() - keptForMs) {
    if (before.fingerprint === fingerprint) return before.result as T;
    const message = 'This idempotency key was used before, for something else.';
    throw new DomainError('IDEMPOTENCY_MISMATCH', message, { field: ['idempotencyKey'] });
  }
  const result = await work();
  const done = { fingerprint, result: result as Prisma.InputJsonValue, createdAt: new Date() };
  await tx.idempotencyRecord.upsert({ where, create: { workspaceId, keyId, key, ...done }, update: done });
  return result;
}
