import type { Db } from '../db/database.ts';
import type { ApiKeyKind } from '../db/generated/prisma/enums.ts';
import type { Limits } from '../lib/limits.ts';

/** Who asks: one key of one workspace. */
export type Viewer = {
  keyId: string;
  keyName: string;
  kind: ApiKeyKind;
  workspaceId: string;
  scopes: ReadonlySet<string>;
  expiresAt: Date | null;
};

/** What every field gets. A fresh object per request; Pothos plans queries per context. */
export type Context = {
  viewer: Viewer;
  limits: Limits;
  db: Db;
};
