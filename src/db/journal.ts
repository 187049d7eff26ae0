import { createHash } from 'node:crypto';
import { canonical } from '../lib/changes.ts';
import { DomainError } from '../lib/errors.ts';
import type { Db } from './database.ts';
import type { Purpose } from './generated/prisma/enums.ts';
import { refuseGone, type WrittenModel } from './replay.ts';
import type { Statement, Statements } from './statements.ts';

/** Who writes, and by what operation: triggers note it with every row that changes. */
export type Author = {
  keyId: string;
  keyName: string;
  operation: string;
  purpose: Purpose | null;
  requestId: string;
};

/**
 * What makes a write happen once, however often it is sent: a key of the caller's, and all that they ask. `model` is the
 * table of the row it writes.
 */
export type Once = { key: string; request: unknown; model?: WrittenModel | undefined };

/**
 * The same tables, written in somebody's name from now on. The audit log cuts long values beyond `valueBytes` in a
 * transaction.
 */
export function inTheNameOf(db: Db, author: Author, once: Once | null, valueBytes: number): Db {
  // `$extends` would make a client anew. Defined, not assigned: Prisma's client would take an assignment for itself.
  const named = { author: { value: author }, once: { value: once }, valueBytes: { value: valueBytes } };
  return Object.create(db, named) as Db;
}

/** Does `work` within a transaction in the name of its author, or, where it was done before, gives what it gave then. */
export async function journaled<T>(db: Db, tx: Statements, work: () => Promise<T>): Promise<T> {
  const { author, once, valueBytes } = db;
  if (!author) return work();
  const name = { text: nameAuthor, values: [tx.workspaceId, author.keyId, JSON.stringify({ ...author, valueBytes })] };
  const [[named] = [], ...asked] = await tx.sendAll([name, ...(once ? askOnce(tx, author, once) : [])]);
  // Whoever was let in by what a process remembers of a key is asked for again here.
  if (!named?.isAllowed) throw keyIsOver();
  return once ? doneOnce(tx, author, once, asked as OnceRows, work) : work();
}

/** True where the key `$2` of the workspace `$1` may still be used, else null. */
export const keyHolds = `SELECT true FROM "ApiKey" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid AND "revokedAt" IS NULL
  AND ("expiresAt" IS NULL OR "expiresAt" > now())`;

export function keyIsOver(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'This key was revoked or is over.');
}

const nameAuthor = `SELECT set_config('app.audit', $3, true), (${keyHolds}) AS "isAllowed"`;

const keptForMs = 24 * 3_600_000;

type OnceRows = [locks: { isFree: boolean }[], records: Done<never>[]];

// Whether somebody else is at it, and then what came of it before: a statement of its own sees all up to the lock.
function askOnce({ workspaceId }: Statements, { keyId }: Author, { key }: Once): Statement[] {
  return [
    { text: lockOnce, values: [`${workspaceId} ${keyId} ${key}`] },
    { text: recordOf, values: [workspaceId, keyId, key] },
  ];
}

// The result is kept by the same transaction: there is never one without the other.
async function doneOnce<T>(
  tx: Statements,
  { keyId }: Author,
  { key, request, model }: Once,
  [[lock], [before]]: OnceRows,
  work: () => Promise<T>,
): Promise<T> {
  if (!lock?.isFree) {
    const message = 'A request with this idempotency key is still running.';
    throw new DomainError('CONFLICT', message, { field: ['idempotencyKey'], retryAfterMs: 1_000 });
  }
  const fingerprint = createHash('sha256').update(canonical(request)).digest('base64url');
  if (before && before.createdAt.getTime() > Date.now() - keptForMs) {
    if (before.fingerprint !== fingerprint) {
      const message = 'This idempotency key was used before, for something else.';
      throw new DomainError('IDEMPOTENCY_MISMATCH', message, { field: ['idempotencyKey'] });
    }
    if (model) await refuseGone(tx, model, before.result);
    return before.result;
  }
  const result = await work();
  const values = [tx.workspaceId, keyId, key, fingerprint, JSON.stringify(result), new Date()];
  await tx.query({ text: saveRecord, values });
  return result;
}

type Done<T> = { fingerprint: string; result: T; createdAt: Date };

const lockOnce = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS "isFree"';

const recordOf = `SELECT "fingerprint", "result", "createdAt" FROM "IdempotencyRecord"
  WHERE "workspaceId" = $1::uuid AND "keyId" = $2::uuid AND "key" = $3`;

const saveRecord = `INSERT INTO "IdempotencyRecord" ("workspaceId", "keyId", "key", "fingerprint", "result", "createdAt")
  VALUES ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6)
  ON CONFLICT ("workspaceId", "keyId", "key") DO UPDATE
  SET "fingerprint" = EXCLUDED."fingerprint", "result" = EXCLUDED."result", "createdAt" = EXCLUDED."createdAt"`;
