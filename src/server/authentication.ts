import type { ApiKeyCache } from '../access/api-key-cache.ts';
import type { AuthenticatedKey } from '../access/api-keys.ts';
import type { Database } from '../db/database.ts';
import { IdentityProof, Purpose } from '../db/generated/prisma/enums.ts';
import type { Context } from '../graphql/context.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import type { Limits } from '../lib/limits.ts';
import type { RequestHeaders } from './http/request-headers.ts';

/** The part of a request that says who sent it, and whether its mutations are only tried. */
export type RequestHead = { requestId: string; headers: RequestHeaders; isDryRun?: boolean };

/** Authenticates requests by their headers, and creates their contexts. */
export class Authentication {
  readonly #database: Database;
  readonly #limits: Limits;
  readonly #keys: ApiKeyCache;

  constructor(database: Database, limits: Limits, keys: ApiKeyCache) {
    this.#database = database;
    this.#limits = limits;
    this.#keys = keys;
  }

  /** Returns the context of a request. Its viewer may come from the key cache: see `isRemembered`. */
  async contextOf(head: RequestHead): Promise<Context> {
    const remembered = this.#keys.get(credentialOf(head.headers));
    return remembered ? this.#context(head, remembered, true) : this.confirmedContextOf(head);
  }

  /** Returns the context of a request after the database has confirmed the key. Throws UNAUTHENTICATED if it is over. */
  async confirmedContextOf(head: RequestHead): Promise<Context> {
    return this.#context(head, await this.viewerOf(head.headers, true), false);
  }

  /** Returns the caller, who may state a purpose later. `isConfirmed` means that the database has confirmed the key. */
  async viewerOf(headers: RequestHeaders, isConfirmed: boolean): Promise<AuthenticatedKey> {
    const credential = credentialOf(headers);
    const holder = (!isConfirmed && this.#keys.get(credential)) || (await this.#keys.lookUp(credential));
    // Unauthenticated callers do not learn which of these applies.
    if (!holder) throw unauthenticated('This key is unknown, expired or revoked.');
    return holder;
  }

  #context(
    { requestId, headers, isDryRun = false }: RequestHead,
    holder: AuthenticatedKey,
    isCached: boolean,
  ): Context {
    return {
      viewer: holder,
      isCached,
      purpose: purposeOf(headers.get('x-rapport-purpose'), holder),
      identityProof: identityProofOf(headers.get('x-rapport-identity-proof')),
      limits: this.#limits,
      isDryRun,
      reads: new Map(),
      db: this.#database.forWorkspace(holder.workspaceId, holder.customerId),
      asOf: null,
      writtenId: null,
      readWritten: null,
      requestId,
      idempotencyKey: headers.get('idempotency-key'),
    };
  }
}

function credentialOf(headers: RequestHeaders): string {
  const [scheme = '', ...rest] = (headers.get('authorization') ?? '').trim().split(/\s+/);
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
function purposeOf(stated: string | null, { purposes }: AuthenticatedKey): Purpose | null {
  const purpose = oneOf(Purpose, 'X-Rapport-Purpose', stated) ?? (purposes.length === 1 ? (purposes[0] ?? null) : null);
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

function identityProofOf(stated: string | null): IdentityProof | null {
  return oneOf(IdentityProof, 'X-Rapport-Identity-Proof', stated);
}

function oneOf<Value extends string>(
  values: Record<Value, Value>,
  header: string,
  stated: string | null,
): Value | null {
  if (stated === null || Object.hasOwn(values, stated)) return stated as Value | null;
  throw invalid(`${header} must be one of: ${Object.values(values).join(', ')}.`, header);
}
