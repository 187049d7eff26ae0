import { hash } from 'node:crypto';
import { canonical } from '../../lib/changes.ts';
import { DomainError } from '../../lib/errors.ts';
import type { Db } from '../database.ts';
import type { Statements } from '../statements.ts';
import type { Actor } from './actor.ts';
import { checkNotDeleted, type IdempotentRequest } from './replay.ts';

/**
 * Returns the same tables, with every write attributed to an actor. `valueBytes` limits how many bytes of long values
 * the audit log stores per transaction.
 */
export function withActor(db: Db, actor: Actor, idempotency: IdempotentRequest | null, valueBytes: number): Db {
  // `$extends` would create a new client. The properties are defined, since Prisma's client would intercept an
  // assignment.
  const properties = {
    actor: { value: actor },
    idempotency: { value: idempotency },
    valueBytes: { value: valueBytes },
  };
  return Object.create(db, properties) as Db;
}

/**
 * Runs `work` in a transaction on behalf of its actor. If the idempotency key was used before, returns the stored
 * result.
 */
export async function withIdempotency<T>(db: Db, tx: Statements, work: () => Promise<T>): Promise<T> {
  const { actor, idempotency, valueBytes } = db;
  if (!actor) return work();
  const { workspaceId } = tx;
  const author = [workspaceId, actor.keyId, JSON.stringify({ ...actor, valueBytes })];
  if (!idempotency) {
    const [checked] = await tx.query<Checked>({ text: `SELECT ${setActor}`, values: author });
    if (!checked?.isAllowed) throw invalidKeyError();
    return work();
  }
  const { key } = idempotency;
  // Only a separate statement sees everything committed before the lock was taken.
  const [[checked], [stored]] = (await tx.sendAll([
    { text: `SELECT ${setActor}, ${tryLock}`, values: [...author, `${workspaceId} ${actor.keyId} ${key}`] },
    { text: selectRecord, values: [workspaceId, actor.keyId, key] },
  ])) as [checked: Checked[], records: IdempotencyRecord<T>[]];
  if (!checked?.isAllowed) throw invalidKeyError();
  if (!checked.isFree) throw stillRunningError();
  return runOnce(tx, actor, idempotency, stored, work);
}

/** Selects true if the key `$2` of the workspace `$1` is still valid, otherwise null. */
export const keyIsValid = `SELECT true FROM "ApiKey" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid AND "revokedAt" IS NULL
  AND ("expiresAt" IS NULL OR "expiresAt" > now())`;

export function invalidKeyError(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'This API key was revoked or has expired.');
}

// A process may have accepted a key from its cache, so the key is checked again here.
const setActor = `set_config('app.audit', $3, true), (${keyIsValid}) AS "isAllowed"`;

const tryLock = 'pg_try_advisory_xact_lock(hashtextextended($4, 0)) AS "isFree"';

type Checked = { isAllowed: boolean | null; isFree?: boolean };

const keyLifetimeMs = 24 * 3_600_000;

function stillRunningError(): DomainError {
  const message = 'A request with this idempotency key is still running. Retry in a second.';
  return new DomainError('CONFLICT', message, { field: ['idempotencyKey'], retryAfterMs: 1_000 });
}

// The same transaction stores the result, so neither exists without the other.
async function runOnce<T>(
  tx: Statements,
  { keyId }: Actor,
  { key, request, model }: IdempotentRequest,
  stored: IdempotencyRecord<T> | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const fingerprint = hash('sha256', canonical(request), 'base64url');
  if (stored && stored.createdAt.getTime() > Date.now() - keyLifetimeMs) {
    if (stored.fingerprint !== fingerprint) {
      const message = 'This idempotency key was already used for a different request. Send a new key.';
      throw new DomainError('IDEMPOTENCY_MISMATCH', message, { field: ['idempotencyKey'] });
    }
    if (model) await checkNotDeleted(tx, model, stored.result);
    return stored.result;
  }
  const result = await work();
  const values = [tx.workspaceId, keyId, key, fingerprint, JSON.stringify(result), new Date()];
  await tx.sendLater([{ text: saveRecord, values }]);
  return result;
}

type IdempotencyRecord<T> = { fingerprint: string; result: T; createdAt: Date };

const selectRecord = `SELECT "fingerprint", "result", "createdAt" FROM "IdempotencyRecord"
  WHERE "workspaceId" = $1::uuid AND "keyId" = $2::uuid AND "key" = $3`;

const saveRecord = `INSERT INTO "IdempotencyRecord" ("workspaceId", "keyId", "key", "fingerprint", "result", "createdAt")
  VALUES ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6)
  ON CONFLICT ("workspaceId", "keyId", "key") DO UPDATE
  SET "fingerprint" = EXCLUDED."fingerprint", "result" = EXCLUDED."result", "createdAt" = EXCLUDED."createdAt"`;
