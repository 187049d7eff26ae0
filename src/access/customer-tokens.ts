import { createHmac, randomUUID } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { invalid, missingScope } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { decodeIdOf, encodeId } from '../lib/ids.ts';
import { piiScopes } from '../lib/pii.ts';
import { customerScopes, issuingScope } from './scopes.ts';

// Free text is not among the defaults, because staff also write it.
const usualScopes = customerScopes.filter((scope) => scope !== piiScopes.FREE_TEXT);

const audience = 'rapport';
const maxAgeSeconds = 3_600;

/** Stored API key that issues customer tokens. */
export type Issuer = { prefix: string; secretHash: Uint8Array; scopes: string[] };

export type CustomerToken = { token: string; expiresAt: Date; scopes: string[] };

const tokenInput = z.strictObject({
  scopes: z.array(z.string()).nullish(),
  expiresInSeconds: z.int().min(1).max(maxAgeSeconds, `Must be at most ${maxAgeSeconds}.`).nullish(),
});

/** Returns a function that creates customer tokens. They last an hour at most, and end earlier if their key does. */
export function customerTokens(issuer: Issuer, input: unknown): (customerId: string) => Promise<CustomerToken> {
  const { scopes: given, expiresInSeconds } = parseInput(tokenInput, input);
  const scopes = [...new Set(given ?? usualScopes.filter((scope) => issuer.scopes.includes(scope)))];
  const unknown = scopes.find((scope) => !customerScopes.includes(scope));
  if (unknown !== undefined)
    throw invalid(`Customer tokens cannot have ${unknown}. Valid scopes: ${customerScopes.join(', ')}.`, 'scopes');
  const foreign = scopes.find((scope) => !issuer.scopes.includes(scope));
  if (foreign !== undefined) throw missingScope(foreign, 'so it cannot grant that scope', ['scopes']);
  return (customerId) => sign(issuer, customerId, scopes, expiresInSeconds ?? 900);
}

async function sign(issuer: Issuer, customerId: string, scopes: string[], seconds: number): Promise<CustomerToken> {
  const issuedAt = Math.floor(Date.now() / 1_000);
  const expiresAt = issuedAt + seconds;
  const token = await new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: issuer.prefix })
    .setSubject(encodeId('Customer', customerId))
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(randomUUID())
    .sign(signingKey(issuer));
  return { token, expiresAt: new Date(expiresAt * 1_000), scopes };
}

/** Reads the public prefix of the key that issued a token. Returns null if the text is not a token. */
export function issuerOf(token: string): string | null {
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    return alg === 'HS256' && typeof kid === 'string' && /^[0-9a-f]{12}$/.test(kid) ? kid : null;
  } catch {
    return null;
  }
}

/** Verifies a token of this key. Returns null if the signature or audience is wrong, or if the token has expired. */
export async function readCustomerToken(
  issuer: Issuer,
  token: string,
): Promise<{ customerId: string; scopes: string[]; expiresAt: Date } | null> {
  if (!issuer.scopes.includes(issuingScope)) return null;
  try {
    const { payload } = await jwtVerify<{ scope?: unknown }>(token, signingKey(issuer), {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['sub', 'aud', 'iat', 'exp'],
      maxTokenAge: maxAgeSeconds,
    });
    const customerId = decodeIdOf('Customer', payload.sub ?? '');
    if (customerId === null || typeof payload.scope !== 'string') return null;
    const scopes = payload.scope.split(' ');
    return {
      customerId,
      scopes: scopes.filter((scope) => customerScopes.includes(scope) && issuer.scopes.includes(scope)),
      expiresAt: new Date((payload.exp ?? 0) * 1_000),
    };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

// Derives the signing key from the stored hash of the API key's secret, so the holder of the key can also sign tokens.
// Revoking the key revokes all of its tokens.
function signingKey({ secretHash }: Issuer): Uint8Array {
  return createHmac('sha256', secretHash).update('rapport customer token').digest();
}
