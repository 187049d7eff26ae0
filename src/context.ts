import { authenticate, type KeyHolder } from './access/api-keys.ts';
import type { KeyHolders } from './access/key-holders.ts';
import type { Database } from './db/database.ts';
import { Purpose } from './db/generated/prisma/enums.ts';
import type { Context, RequestHeaders } from './graphql/context.ts';
import { DomainError, invalid } from './lib/errors.ts';
import type { Limits } from './lib/limits.ts';

/**
 * Authenticates a request by its headers and returns its context. Pass `remembered` only if the operation checks in the
 * database that the key is still valid.
 */
export async function contextOf(
  headers: RequestHeaders,
  database: Database,
  limits: Limits,
  remembered: KeyHolders | null = null,
): Promise<Context> {
  const credential = credentialOf(headers.get('authorization'));
  const holder = await (remembered?.of(credential) ?? authenticate(database, credential));
  // Unauthenticated callers do not learn which of these applies.
  if (!holder) throw unauthenticated('This key is unknown, expired or revoked.');
  return {
    viewer: holder,
    isRemembered: remembered !== null,
    purpose: purposeOf(headers.get('x-rapport-purpose'), holder),
    limits,
    reads: new Map(),
    db: database.forWorkspace(holder.workspaceId, holder.customerId),
    requestId: headers.get('x-request-id') ?? '',
    idempotencyKey: headers.get('idempotency-key'),
  };
}

function credentialOf(authorization: string | null): string {
  const [scheme = '', ...rest] = (authorization ?? '').trim().split(/\s+/);
  if (scheme === '') throw unauthenticated('This request has no API key.');
  const [credential, ...more] = rest;
  if (scheme.toLowerCase() !== 'bearer')
    throw unauthenticated('The Authorization header must begin with `Bearer`, then a space, then the key.');
  if (credential === undefined) throw unauthenticated('The Authorization header has no key after `Bearer`.');
  if (more.length > 0) throw unauthenticated('The Authorization header must contain a single key, without spaces.');
  return credential;
}

function unauthenticated(problem: string): DomainError {
  const remedy =
    'Send `Authorization: Bearer <key>`. Create a key with: npm run -s rapport -- keys create --workspace <slug> --name <name>';
  return new DomainError('UNAUTHENTICATED', `${problem} ${remedy}`);
}

// A key with a single purpose does not need the header.
function purposeOf(stated: string | null, { purposes }: KeyHolder): Purpose | null {
  const purpose = stated ?? (purposes.length === 1 ? purposes[0] : null) ?? null;
  if (purpose !== null && !isPurpose(purpose))
    throw invalid(`X-Rapport-Purpose must be one of: ${Object.values(Purpose).join(', ')}.`, 'X-Rapport-Purpose');
  if (purposes.length > 0 && (purpose === null || !purposes.includes(purpose)))
    throw new DomainError(
      'FORBIDDEN',
      `This key requires the header X-Rapport-Purpose with one of: ${purposes.join(', ')}.`,
      {
        field: ['X-Rapport-Purpose'],
      },
    );
  return purpose;
}

function isPurpose(text: string): text is Purpose {
  return Object.hasOwn(Purpose, text);
}
