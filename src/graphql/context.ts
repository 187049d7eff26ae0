import type { Db } from '../db/database.ts';
import type { ApiKeyKind, IdentityProof, Purpose } from '../db/generated/prisma/enums.ts';
import type { Read } from '../db/statements.ts';
import type { Limits } from '../lib/limits.ts';
import type { PersonalReads } from '../lib/pii.ts';

/** The authenticated caller: an API key of a workspace, or a customer with a token issued by such a key. */
export type Viewer = {
  keyId: string;
  keyName: string;
  kind: ApiKeyKind | 'CUSTOMER';
  workspaceId: string;
  /** UUID of the customer the token belongs to. Null for an API key. */
  customerId: string | null;
  scopes: ReadonlySet<string>;
  expiresAt: Date | null;
  /** Default country of the workspace, used to parse phone numbers without a country code. */
  defaultCountry: string | null;
  /** Encryption key for the cursors issued to this caller. */
  cursorKey: Buffer;
  /** Purposes for which the caller may read personal data. Empty means any purpose. */
  purposes: Purpose[];
};

/** Context passed to every resolver. Created per request, because Pothos plans queries per context. */
export type Context = {
  viewer: Viewer;
  /** Whether the viewer comes from the key cache, so the database has not confirmed the key for this request. */
  isCached: boolean;
  limits: Limits;
  db: Db;
  reads: PersonalReads;
  /** Whether mutations only return what they would write, and write nothing. */
  isDryRun: boolean;
  /** Purpose stated by the request. */
  purpose: Purpose | null;
  /** How the customer proved who they are, as the request states. The audit log keeps it. */
  identityProof: IdentityProof | null;
  /** Past time that the fields describe, within a customer context of the past. Null for now. */
  asOf: Date | null;
  requestId: string;
  /** UUID of the row that the latest mutation of this request has written. */
  writtenId: string | null;
  /** Reads the written row for the response. Null if resolvers read it. Never rejects. */
  readWritten: ((read: Read) => Promise<void>) | null;
  /** Value of the `Idempotency-Key` header, which covers every write of this request. */
  idempotencyKey: string | null;
};

/** Returns the time that fields describe. */
export function timeOf({ asOf }: Context): Date {
  return asOf ?? new Date();
}
