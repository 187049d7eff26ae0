import { createHmac, hash as digest, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Database, Db } from '../db/database.ts';
import { ApiKeyKind, Purpose } from '../db/generated/prisma/enums.ts';
import { transact } from '../db/write/transact.ts';
import { DomainError, invalid, missingScope } from '../lib/errors.ts';
import { idOf, instant, name, parseInput } from '../lib/fields.ts';
import { encodeId, newId } from '../lib/ids.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { type Issuer, issuerOf, readCustomerToken } from './customer-tokens.ts';
import { allScopes, readScopes } from './scopes.ts';

const newApiKey = z.strictObject({
  name: name(),
  kind: z.enum(ApiKeyKind).nullish(),
  scopes: z.array(z.string()).nullish(),
  purposes: z.array(z.enum(Purpose)).nullish(),
  expiresAt: instant()
    .nullish()
    .refine((expiresAt) => !expiresAt || expiresAt > new Date(), 'Must be in the future.'),
});

export type AuthenticatedKey = {
  keyId: string;
  keyName: string;
  /** `CUSTOMER` stands for a token that the key issued, for one customer's own data. */
  kind: ApiKeyKind | 'CUSTOMER';
  workspaceId: string;
  customerId: string | null;
  scopes: ReadonlySet<string>;
  purposes: Purpose[];
  expiresAt: Date | null;
  /** Country of the workspace, used to parse phone numbers without a country code. */
  defaultCountry: string | null;
  /** Key that encrypts the cursors of this holder. */
  cursorKey: Buffer;
};

/** Creator of a key, whose permissions the new key cannot exceed. */
export type KeyCreator = {
  kind: AuthenticatedKey['kind'];
  scopes: ReadonlySet<string>;
  purposes: Purpose[];
  expiresAt: Date | null;
};

const operator: KeyCreator = { kind: 'SECRET', scopes: new Set(allScopes), purposes: [], expiresAt: null };

/**
 * Creates an API key. Only this result contains the secret; the database stores its SHA-256 hash. Fails with FORBIDDEN
 * if the key would exceed its creator: another scope or purpose, a later expiry, or a server key created by an agent key.
 */
export async function createApiKey(
  db: Db,
  input: unknown,
  creator: KeyCreator = operator,
): Promise<{ id: string; secret: string; scopes: string[] }> {
  const { name, scopes: given, ...rest } = parseInput(newApiKey, input);
  if (creator.kind === 'CUSTOMER') throw new DomainError('FORBIDDEN', 'Customer tokens cannot create API keys.');
  const [kind, expiresAt] = [rest.kind ?? creator.kind, rest.expiresAt ?? creator.expiresAt];
  const purposes = [...new Set(rest.purposes ?? creator.purposes)];
  const scopes = [...new Set(given ?? readScopes.filter((scope) => creator.scopes.has(scope)))];
  const unknown = scopes.find((scope) => !allScopes.includes(scope));
  if (unknown !== undefined)
    throw invalid(`Unknown scope ${unknown}. Valid scopes: ${allScopes.join(', ')}.`, 'scopes');
  const foreign = scopes.find((scope) => !creator.scopes.has(scope));
  if (foreign !== undefined) throw missingScope(foreign, 'so it cannot grant that scope', ['scopes']);
  if (
    creator.purposes.length > 0 &&
    (purposes.length === 0 || purposes.some((each) => !creator.purposes.includes(each)))
  )
    throw new DomainError('FORBIDDEN', '`purposes` can only contain purposes of the key you are using.', {
      field: ['purposes'],
    });
  if (creator.kind === 'AGENT' && kind !== 'AGENT')
    throw new DomainError('FORBIDDEN', 'Agent keys can only create keys of kind `AGENT`.', { field: ['kind'] });
  if (creator.expiresAt && (!expiresAt || expiresAt > creator.expiresAt))
    throw new DomainError('FORBIDDEN', '`expiresAt` cannot be later than the expiry of the key you are using.', {
      field: ['expiresAt'],
    });

  const prefix = randomBytes(6).toString('hex');
  const secret = `rapport_${prefix}_${randomBytes(32).toString('base64url')}`;
  const id = newId();
  const { workspaceId } = db;
  const secretHash = new Uint8Array(hash(secret));
  const made = await transact(db, (tx) =>
    tx.apiKey.create({
      data: { workspaceId, id, name, kind, prefix, secretHash, scopes, purposes, expiresAt },
      select: { id: true },
    }),
  );
  if (made.id !== id) {
    const message =
      'This idempotency key already created an API key, whose secret cannot be shown again. Use a new idempotency key.';
    throw new DomainError('CONFLICT', message, { conflictingId: encodeId('ApiKey', made.id) });
  }
  return { id, secret, scopes };
}

const revokedInput = z.strictObject({ id: idOf('ApiKey') });

/** Revokes a key, effective from the next request. NOOP if it is already revoked. */
export async function revokeApiKey(db: Db, input: unknown): Promise<UpsertResult> {
  const { id } = parseInput(revokedInput, input);
  const where = { workspaceId: db.workspaceId, id };
  return transact(db, async (tx) => {
    const revoked = { where: { ...where, revokedAt: null }, data: { revokedAt: new Date() } };
    const { count } = await tx.apiKey.updateMany(revoked);
    if (count === 0 && (await tx.apiKey.count({ where })) === 0)
      throw new DomainError('NOT_FOUND', 'No API key has this ID.', { field: ['id'] });
    return { id, outcome: count > 0 ? 'UPDATED' : 'NOOP' };
  });
}

/** Authenticates an API key or customer token. Returns null for unknown, expired and revoked ones alike. */
export async function authenticate(database: Database, credential: string): Promise<AuthenticatedKey | null> {
  const prefix = /^rapport_([0-9a-f]{12})_/.exec(credential)?.[1] ?? issuerOf(credential);
  if (prefix === null) return null;
  const { rows } = await database.pool.query<ApiKeyRow>({
    name: 'authenticate',
    // Lists the columns, so that prepared statements keep working when a migration adds one.
    text: `SELECT k."workspaceId", k."id", k."name", k."kind", k."secretHash", k."scopes", k."purposes"::text[] AS "purposes",
      k."expiresAt", k."revokedAt", rapport_default_country(k."workspaceId") AS "defaultCountry"
      FROM rapport_api_key($1) k`,
    values: [prefix],
  });
  const [key] = rows;
  if (!key || key.revokedAt || (key.expiresAt && key.expiresAt <= new Date())) return null;
  const { id: keyId, name: keyName, kind, secretHash, revokedAt: _, ...rest } = key;
  const cursorKey = createHmac('sha256', secretHash).update('rapport cursor').digest();
  const holder = { ...rest, scopes: new Set(key.scopes), keyId, keyName, kind, cursorKey, customerId: null };
  if (credential.startsWith('rapport_')) return timingSafeEqual(secretHash, hash(credential)) ? holder : null;
  const token = kind === 'SECRET' ? await readCustomerToken(key, credential) : null;
  if (!token) return null;
  const db = database.forWorkspace(rest.workspaceId, token.customerId);
  const [customer] = await db.query({ text: activeCustomer, values: [rest.workspaceId, token.customerId] });
  // Hides the name of the key from the customer.
  const scopes = new Set(token.scopes);
  return customer ? { ...holder, ...token, scopes, kind: 'CUSTOMER', keyName: 'a customer’s token' } : null;
}

const activeCustomer = `SELECT 1 FROM "Customer" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid AND "status" = 'ACTIVE'`;

/** Loads an API key as the issuer of customer tokens. */
export async function issuerOfKey(db: Db, id: string): Promise<Issuer> {
  return db.apiKey.findUniqueOrThrow({ where: { workspaceId_id: { workspaceId: db.workspaceId, id } } });
}

type ApiKeyRow = Issuer & {
  workspaceId: string;
  id: string;
  name: string;
  kind: ApiKeyKind;
  secretHash: Buffer;
  purposes: Purpose[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  defaultCountry: string | null;
};

/** Hashes a secret for storage. */
function hash(secret: string): Buffer {
  return digest('sha256', secret, 'buffer');
}
