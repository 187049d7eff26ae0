import pg from 'pg';
import { createApiKey, revokeApiKey } from '../../../src/access/api-keys.ts';
import { allScopes } from '../../../src/access/scopes.ts';
import { createWorkspace } from '../../../src/access/workspaces.ts';
import { type Database, openDatabase } from '../../../src/db/database.ts';
import { migrate } from '../../../src/db/migrate/migrate.ts';
import { encodeId } from '../../../src/lib/ids.ts';
import { computeRfmBounds } from '../../../src/orders/statistics/rfm.ts';
import { seed } from '../../seed.ts';

const customers = 3_000;

export type Keys = {
  /** Keys with all scopes: their reads of personal data are noted in the audit log. */
  full: string[];
  /** Keys without the scopes of personal data. */
  masked: string[];
  writers: string[];
  /** Used by hostile requests only, so that these do not use up the rate limit of normal keys. */
  hostile: string[];
  revoked: string;
  /** Of the second workspace. */
  foreign: string;
  /** Of the third workspace, which is empty. */
  greedy: string;
};

export type Customer = { uuid: string; id: string; email: string; name: string };
export type Soak = { workspaceId: string; foreignId: string; keys: Keys; customers: Customer[] };

/** Three workspaces with their keys: one with many customers, one that is filled later over the API, and an empty one. */
export async function fill(url: string): Promise<Soak> {
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  await migrate(database);
  const [workspaceId, foreignId, emptyId] = [
    await workspace(database, 'bench'),
    await workspace(database, 'foreign'),
    await workspace(database, 'empty'),
  ];
  const client = new pg.Client(url);
  await client.connect();
  await seed(client, workspaceId, customers);
  const { rows } = await client.query<{ uuid: string; email: string; name: string }>(
    `SELECT c."id" AS uuid, p."normalizedValue" AS email, c."displayName" AS name FROM "Customer" c
     JOIN "ContactPoint" p ON p."workspaceId" = c."workspaceId" AND p."customerId" = c."id" AND p."kind" = 'EMAIL' ORDER BY c."id"`,
  );
  await client.end();
  await computeRfmBounds(database.forWorkspace(workspaceId));
  const keys = await makeKeys(database, workspaceId, foreignId, emptyId);
  await database.close();
  return {
    workspaceId,
    foreignId,
    keys,
    customers: rows.map((row) => ({ ...row, id: encodeId('Customer', row.uuid) })),
  };
}

async function workspace(database: Database, slug: string): Promise<string> {
  return (await createWorkspace(database, { slug, name: slug, defaultCountry: 'PL' })).id;
}

async function makeKeys(database: Database, workspaceId: string, foreignId: string, emptyId: string): Promise<Keys> {
  const key = (workspace: string, scopes = allScopes) =>
    createApiKey(database.forWorkspace(workspace), { name: 'soak', scopes });
  const several = async (n: number, scopes?: string[]) => {
    const made = await Promise.all(Array.from({ length: n }, () => key(workspaceId, scopes)));
    return made.map(({ secret }) => secret);
  };
  const revoked = await key(workspaceId);
  await revokeApiKey(database.forWorkspace(workspaceId), { id: encodeId('ApiKey', revoked.id) });
  const withoutPersonal = allScopes.filter((scope) => !scope.startsWith('pii:'));
  return {
    full: await several(3),
    masked: await several(3, withoutPersonal),
    writers: await several(2, [
      'customers:read',
      'orders:read',
      'orders:write',
      'interactions:read',
      'interactions:write',
    ]),
    hostile: await several(8),
    revoked: revoked.secret,
    foreign: (await key(foreignId)).secret,
    greedy: (await key(emptyId)).secret,
  };
}
