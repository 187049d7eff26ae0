import type { Db } from '../db/database.ts';

/** Who asks: one key of one workspace. */
export type Viewer = {
  keyId: string;
  keyName: string;
  workspaceId: string;
  scopes: ReadonlySet<string>;
};

/** What every field gets. A fresh object per request; Pothos plans queries per context. */
export type Context = {
  viewer: Viewer;
  db: Db;
};
