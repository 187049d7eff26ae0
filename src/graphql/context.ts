import type { Db } from '../db/database.ts';
import type { ApiKeyKind, Purpose } from '../db/generated/prisma/enums.ts';
import type { Limits } from '../lib/limits.ts';
import type { PersonalReads } from '../lib/pii.ts';

/** The headers of a request, by their names in lower case. */
export type RequestHeaders = { get(name: string): string | null; has(name: string): boolean };

/** Who asks: one key of one workspace, or a customer by a token of such a key. */
export type Viewer = {
  keyId: string;
  keyName: string;
  kind: ApiKeyKind | 'CUSTOMER';
  workspaceId: string;
  /** Whose token it is; null for a key. */
  customerId: string | null;
  scopes: ReadonlySet<string>;
  expiresAt: Date | null;
  /** Of the workspace: how a phone number without a country code is read. */
  defaultCountry: string | null;
  /** What the cursors it is given are sealed with. */
  cursorKey: Buffer;
  /** What it may read personal data for; anything where it names none. */
  purposes: Purpose[];
};

/** What every field gets. A fresh object per request; Pothos plans queries per context. */
export type Context = {
  viewer: Viewer;
  /** Whether the process remembers the viewer: the database has not said yet that the key still holds. */
  isRemembered: boolean;
  limits: Limits;
  db: Db;
  reads: PersonalReads;
  /** What the request says it is for. */
  purpose: Purpose | null;
  requestId: string;
  /** The request and what it asks, as Yoga has them. */
  request?: { headers: RequestHeaders };
  params?: { query?: string; operationName?: string | null };
  /** Of the header: every write of this request happens once. */
  idempotencyKey: string | null;
};
