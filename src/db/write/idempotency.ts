import { hash } from 'node:crypto';
import { canonical } from '../../lib/changes.ts';
import { DomainError } from '../../lib/errors.ts';
import type { Db } from '../database.ts';
import type { Statements } from '../statements.ts';
import type { Actor } from './actor.ts';
import { checkNotDeleted, type IdempotentRequest } from './replay.ts';
import { RolledBack } from './rolled-back.ts';

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
 * Checks the actor of a transaction, before its first write. If the idempotency key was used before, throws the stored
 * result as `RolledBack`.
 */
export async function checkActor({ actor, idempotency, valueBytes }: Db, tx: Statements): Promise<void> {
  if (!actor) return;
  const { workspaceId } = tx;
  const author = [workspaceId, actor.keyId, JSON.stringify({ ...actor, valueBytes })];
  if (!idempotency) {
    const [checked] = await tx.query<Checked>({ text: `SELECT ${setActor}`, values: author });
    if (!checked?.isAllowed) throw invalidKeyError();
    return;
  }
  const { key } = idempotency;
  // Only a separate statement sees everything committed before the lock was taken.
  const [[checked], [stored]] = (await tx.sendAll([
    { text: `SELECT ${setActor}, ${tryLock}`, values: [...author, `${workspaceId} ${actor.keyId} ${key}`] },
    { text: selectRecord, values: [workspaceId, actor.keyId, key] },
  ])) as [checked: Checked[], records: IdempotencyRecord[]];
  if (!checked?.isAllowed) throw invalidKeyError();
  if (!checked.isFree) throw stillRunningError();
  if (stored && stored.createdAt.getTime() > Date.now() - keyLifetimeMs)
    throw new RolledBack(await replayed(tx, idempotency, stored));
}

/** Stores the result of a transaction under its idempotency key. Neither exists without the other. */
export async function storeResult({ actor, idempotency }: Db, tx: Statements, result: unknown): Promise<void> {
  if (!actor || !idempotency) return;
  const { key, request } = idempotency;
  const values = [tx.workspaceId, actor.keyId, key, fingerprintOf(request), JSON.stringify(result), new Date()];
  await tx.sendLater([{ text: saveRecord, values }]);
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

async function replayed(
  tx: Statements,
  { request, model }: IdempotentRequest,
  { fingerprint, result }: IdempotencyRecord,
): Promise<unknown> {
  if (fingerprint !== fingerprintOf(request)) {
    const message = 'This idempotency key was already used for a different request. Send a new key.';
    throw new DomainError('IDEMPOTENCY_MISMATCH', message, { field: ['idempotencyKey'] });
  }
  if (model) await checkNotDeleted(tx, model, result);
  return result;
}

function fingerprintOf(request: unknown): string {
  return hash('sha256', canonical(request), 'base64url');
}

type IdempotencyRecord = { fingerprint: string; result: unknown; createdAt: Date };

const selectRecord = `SELECT "fingerprint", "result", "createdAt" FROM "IdempotencyRecord"
  WHERE "workspaceId" = $1::uuid AND "keyId" = $2::uuid AND "key" = $3`;

const saveRecord = `INSERT INTO "IdempotencyRecord" ("workspaceId", "keyId", "key", "fingerprint", "result", "createdAt")
  VALUES ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6)
  ON CONFLICT ("workspaceId", "keyId", "key") DO UPDATE
  SET "fingerprint" = EXCLUDED."fingerprint", "result" = EXCLUDED."result", "createdAt" = EXCLUDED."createdAt"`;
