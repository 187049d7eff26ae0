import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Database, Db } from '../db/database.ts';
import { ApiKeyKind, Purpose } from '../db/generated/prisma/enums.ts';
import { transact } from '../db/transact.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { idOf, instant, name, parseInput } from '../lib/fields.ts';
import { encodeId, newId } from '../lib/ids.ts';
import type { Written } from '../lib/written.ts';
import { type Issuer, issuerOf, readCustomerToken } from './customer-tokens.ts';
import { allScopes, readScopes } from './scopes.ts';

const newApiKey = z.strictObject({
  name: name(),
  kind: z.enum(ApiKeyKind).nullish(),
  scopes: z.array(z.string()).nullish(),
  purposes: z.array(z.enum(Purpose)).nullish(),
  expiresAt: instant()
    .nullish()
    .refine((expiresAt) => !expiresAt || expiresAt > new Date(), 'Is not in the future.'),
});

export type KeyHolder = {
  keyId: string;
  keyName: string;
  /** CUSTOMER: a token that the key made, for one customer's own data. */
  kind: ApiKeyKind | 'CUSTOMER';
  workspaceId: string;
  customerId: string | null;
  scopes: ReadonlySet<string>;
  purposes: Purpose[];
  expiresAt: Date | null;
  /** Of the workspace: how a phone number without a country code is read. */
  defaultCountry: string | null;
  /** What the cursors it is given are sealed with. */
  cursorKey: Buffer;
};

/** What a maker of keys may hand on: nothing beyond their own. */
export type Maker = {
  kind: KeyHolder['kind'];
  scopes: ReadonlySet<string>;
  purposes: Purpose[];
  expiresAt: Date | null;
};

const operator: Maker = { kind: 'SECRET', scopes: new Set(allScopes), purposes: [], expiresAt: null };

/**
 * Makes a key. The secret is in this answer and nowhere else: stored is only its SHA-256. FORBIDDEN where it would be
 * more than its maker: of a scope they lack, of a longer life, a server's where they are an agent.
 */
export async function createApiKey(
  db: Db,
  input: unknown,
  maker: Maker = operator,
): Promise<{ id: string; secret: string; scopes: string[] }> {
  const { name, scopes: given, ...rest } = parseInput(newApiKey, input);
  if (maker.kind === 'CUSTOMER') throw new DomainError('FORBIDDEN', 'A customer’s token makes no keys.');
  const [kind, expiresAt] = [rest.kind ?? maker.kind, rest.expiresAt ?? maker.expiresAt];
  const purposes = [...new Set(rest.purposes ?? maker.purposes)];
  const scopes = [...new Set(given ?? readScopes.filter((scope) => maker.scopes.has(scope)))];
  const unknown = scopes.find((scope) => !allScopes.includes(scope));
  if (unknown !== undefined) throw invalid(`There is no scope ${unknown}. Known: ${allScopes.join(', ')}.`, 'scopes');
  const foreign = scopes.find((scope) => !maker.scopes.has(scope));
  if (foreign !== undefined)
    throw new DomainError('FORBIDDEN', `This key lacks ${foreign}, so it cannot hand it on.`, { field: ['scopes'] });
  if (maker.purposes.length > 0 && (purposes.length === 0 || purposes.some((each) => !maker.purposes.includes(each))))
    throw new DomainError('FORBIDDEN', 'This key is for other purposes.', { field: ['purposes'] });
  if (maker.kind === 'AGENT' && kind !== 'AGENT')
    throw new DomainError('FORBIDDEN', 'An agent’s key makes keys of agents only.', { field: ['kind'] });
  if (maker.expiresAt && (!expiresAt || expiresAt > maker.expiresAt))
    throw new DomainError('FORBIDDEN', 'No key outlives the one that makes it.', { field: ['expiresAt'] });

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
    const message = 'This idempotency key made a key before; its secret was shown then.';
    throw new DomainError('CONFLICT', message, { conflictingId: encodeId('ApiKey', made.id) });
  }
  return { id, secret, scopes };
}

/** From the next request on, the key is refused. NOOP where it was before. */
export async function revokeApiKey(db: Db, input: unknown): Promise<Written> {
  const { id } = parseInput(z.strictObject({ id: idOf('ApiKey') }), input);
  const where = { workspaceId: db.workspaceId, id };
  return transact(db, async (tx) => {
    const revoked = { where: { ...where, revokedAt: null }, data: { revokedAt: new Date() } };
    const { count } = await tx.apiKey.updateMany(revoked);
    if (count === 0 && (await tx.apiKey.count({ where })) === 0)
      throw new DomainError('NOT_FOUND', 'There is no such key.', { field: ['id'] });
    return { id, outcome: count > 0 ? 'UPDATED' : 'NOOP' };
  });
}

/** Who shows this key or customer's token, or null: unknown, expired and revoked look the same. */
export async function authenticate(database: Database, credential: string): Promise<KeyHolder | null> {
  const prefix = /^rapport_([0-9a-f]{12})_/.exec(credential)?.[1] ?? issuerOf(credential);
  if (prefix === null) return null;
  const { rows } = await database.pool.query<ApiKeyRow>({
    name: 'authenticate',
    // Column by column: a session that has prepared it goes on when a migration adds one.
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
  // What the key is called is not for them.
  const scopes = new Set(token.scopes);
  return customer ? { ...holder, ...token, scopes, kind: 'CUSTOMER', keyName: 'a customer’s token' } : null;
}

const activeCustomer = `SELECT 1 FROM "Customer" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid AND "status" = 'ACTIVE'`;

/** The key that asks, as one that makes customers' tokens. */
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

/** What is kept of a secret. */
export function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
