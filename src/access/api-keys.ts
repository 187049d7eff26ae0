import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database, Db } from '../db/database.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { allScopes } from './scopes.ts';

export type NewApiKey = { name: string; scopes: string[]; expiresAt?: Date };

export type KeyHolder = { keyId: string; keyName: string; workspaceId: string; scopes: string[] };

/** Makes a key. The secret is in this answer and nowhere else: stored is only its SHA-256. */
export async function createApiKey(
  db: Db,
  { name, scopes, expiresAt }: NewApiKey,
): Promise<{ id: string; secret: string }> {
  if (name.trim() === '') throw invalid('A key needs a name.', 'name');
  const unknown = scopes.find((scope) => !allScopes.includes(scope));
  if (unknown !== undefined) throw invalid(`There is no scope ${unknown}. Known: ${allScopes.join(', ')}.`, 'scopes');

  const prefix = randomBytes(6).toString('hex');
  const secret = `rapport_${prefix}_${randomBytes(32).toString('base64url')}`;
  const id = newId();
  await db.apiKey.create({
    data: {
      workspaceId: db.workspaceId,
      id,
      name: name.trim(),
      prefix,
      secretHash: new Uint8Array(hash(secret)),
      scopes,
      expiresAt: expiresAt ?? null,
    },
  });
  return { id, secret };
}

/** From the next request on, the key is refused. */
export async function revokeApiKey(db: Db, id: string): Promise<void> {
  const { count } = await db.apiKey.updateMany({
    where: { workspaceId: db.workspaceId, id, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  if (count === 0) throw new DomainError('NOT_FOUND', 'There is no such key, or it was revoked before.');
}

/** Who holds this secret, or null: unknown, expired and revoked look the same. */
export async function authenticate(database: Database, secret: string): Promise<KeyHolder | null> {
  const prefix = /^rapport_([0-9a-f]{12})_/.exec(secret)?.[1];
  if (prefix === undefined) return null;
  const { rows } = await database.pool.query<ApiKeyRow>({
    name: 'authenticate',
    text: 'SELECT * FROM rapport_api_key($1)',
    values: [prefix],
  });
  const [key] = rows;
  if (!key || !timingSafeEqual(key.secretHash, hash(secret))) return null;
  if (key.revokedAt || (key.expiresAt && key.expiresAt <= new Date())) return null;
  return { keyId: key.id, keyName: key.name, workspaceId: key.workspaceId, scopes: key.scopes };
}

type ApiKeyRow = {
  workspaceId: string;
  id: string;
  name: string;
  secretHash: Buffer;
  scopes: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
};

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
