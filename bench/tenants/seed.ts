import type pg from 'pg';
import { createApiKey, issuerOfKey } from '../../src/access/api-keys.ts';
import { customerTokens } from '../../src/access/customer-tokens.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { createWorkspace } from '../../src/access/workspaces.ts';
import type { Database } from '../../src/db/database.ts';
import { Prisma } from '../../src/db/generated/prisma/client.ts';
import { seed } from '../seed.ts';

export const customersEach = 10;

export type Tenants = { secrets: string[]; tokens: string[] };

/** Creates workspaces with the same ten customers each, a key for each workspace and a token for each customer. */
export async function seedTenants(database: Database, client: pg.Client, workspaces: number): Promise<Tenants> {
  const ids: string[] = [];
  const tenants: Tenants = { secrets: [], tokens: [] };
  for (let i = 0; i < workspaces; i++)
    ids.push((await createWorkspace(database, { slug: `bench-${i}`, name: 'bench' })).id);
  const [first = '', ...others] = ids;
  await seed(client, first, customersEach);
  await copy(client, first, others);
  const { rows } = await client.query<{ id: string }>('SELECT "id" FROM "Customer" WHERE "workspaceId" = $1', [first]);
  for (const id of ids) {
    const db = database.forWorkspace(id);
    const key = await createApiKey(db, { name: 'bench', scopes: allScopes });
    tenants.secrets.push(key.secret);
    const tokenFor = customerTokens(await issuerOfKey(db, key.id), { expiresInSeconds: 3_600 });
    for (const customer of rows) tenants.tokens.push((await tokenFor(customer.id)).token);
  }
  return tenants;
}

// IDs are unique within a workspace, so its rows can be copied unchanged.
async function copy(client: pg.Client, first: string, others: string[]): Promise<void> {
  await client.query('SET session_replication_role = replica; SET synchronous_commit = off');
  await client.query(
    'DELETE FROM "Product" p WHERE NOT EXISTS (SELECT 1 FROM "OrderLine" l WHERE l."productId" = p."id")',
  );
  for (const table of Object.keys(Prisma.ModelName).filter((name) => name !== 'Workspace' && name !== 'ApiKey')) {
    const { rows } = await client.query<{ columns: string }>(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'workspaceId'`,
      [`"${table}"`],
    );
    const columns = rows[0]?.columns;
    await client.query(
      `INSERT INTO "${table}" ("workspaceId", ${columns}) SELECT w, ${columns} FROM "${table}", unnest($2::uuid[]) w
       WHERE "workspaceId" = $1::uuid`,
      [first, others],
    );
  }
  await client.query('RESET ALL');
  await client.query('VACUUM ANALYZE');
}
