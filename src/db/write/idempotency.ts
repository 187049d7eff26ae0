import { createHash } from 'node:crypto';
import { canonical } from '../../lib/changes.ts';
import { DomainError } from '../../lib/errors.ts';
import type { Db } from '../database.ts';
import type { Purpose } from '../generated/prisma/enums.ts';
import type { Statement, Statements } from '../statements.ts';
import { refuseGone, type WrittenModel } from './replay.ts';

/** Author and operation of a write. Database triggers record them with every row that changes. */
export type Author = {
  keyId: string;
  keyName: string;
  operation: string;
  purpose: Purpose | null;
  requestId: string;
};

/**
 * The idempotency key of a caller, and the full request it was sent with. `model` is the table of the row that the
 * request writes.
 */
export type Once = { key: string; request: unknown; model?: WrittenModel | undefined };

/**
 * Returns the same tables, with every write attributed to an author. `valueBytes` limits how many bytes of long values
 * the audit log stores per transaction.
 */
export function inTheNameOf(db: Db, author: Author, once: Once | null, valueBytes: number): Db {
  // `$extends` would create a new client. The properties are defined, since Prisma's client would intercept an
  // assignment.
  const named = { author: { value: author }, once: { value: once }, valueBytes: { value: valueBytes } };
  return Object.create(db, named) as Db;
}

/**
 * Runs `work` in a transaction on behalf of its author. If the idempotency key was used before, returns the stored
 * result.
 */
export async function journaled<T>(db: Db, tx: Statements, work: () => Promise<T>): Promise<T> {
  const { author, once, valueBytes } = db;
  if (!author) return work();
  const name = { text: nameAuthor, values: [tx.workspaceId, author.keyId, JSON.stringify({ ...author, valueBytes })] };
  const [[named] = [], ...asked] = await tx.sendAll([name, ...(once ? askOnce(tx, author, once) : [])]);
  // A process may have accepted a key from its cache, so the key is checked again here.
  if (!named?.isAllowed) throw keyIsOver();
  return once ? doneOnce(tx, author, once, asked as OnceRows, work) : work();
}

/** Selects true if the key `$2` of the workspace `$1` is still valid, otherwise null. */
export const keyHolds = `SELECT true FROM "ApiKey" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid AND "revokedAt" IS NULL
  AND ("expiresAt" IS NULL OR "expiresAt" > now())`;

export function keyIsOver(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'This API key was revoked or has expired.');
}

const nameAuthor = `SELECT set_config('app.audit', $3, true), (${keyHolds}) AS "isAllowed"`;

const keptForMs = 24 * 3_600_000;

type OnceRows = [locks: { isFree: boolean }[], records: Done<never>[]];

// Takes the lock, then reads the record. Only a separate statement sees everything committed before the lock was taken.
function askOnce({ workspaceId }: Statements, { keyId }: Author, { key }: Once): Statement[] {
  return [
    { text: lockOnce, values: [`${workspaceId} ${keyId} ${key}`] },
    { text: recordOf, values: [workspaceId, keyId, key] },
  ];
}

// The same transaction stores the result, so neither exists without the other.
async function doneOnce<T>(
  tx: Statements,
  { keyId }: Author,
  { key, request, model }: Once,
  [[lock], [before]]: OnceRows,
  work: () => Promise<T>,
): Promise<T> {
  if (!lock?.isFree) {
    const message = 'A request with this idempotency key is still running. Retry in a second.';
    throw new DomainError('CONFLICT', message, { field: ['idempotencyKey'], retryAfterMs: 1_000 });
  }
  const fingerprint = createHash('sha256').update(canonical(request)).digest('base64url');
  if (before && before.createdAt.getTime() > Date.now() - keptForMs) {
    if (before.fingerprint !== fingerprint) {
      const message = 'This idempotency key was already used for a different request. Send a new key.';
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
