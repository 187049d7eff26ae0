import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { createWorkspace } from '../src/access/workspaces.ts';
import { openDatabase } from '../src/db/database.ts';
import { runScheduledJobs } from '../src/jobs/scheduled-jobs.ts';
import { setOrderPolicy } from '../src/orders/actions/policies.ts';
import { connect, freshDatabase, onServer, urlOf } from './harness.ts';
import { seed } from './seed.ts';
import { seedRest } from './seed-rest.ts';

export type Seeded = { name: string; url: string; workspaceId: string };

/**
 * Returns a database of one workspace with this many customers, filled by `seed` and `seedRest`. It stays on the
 * server for the next benchmark and is recreated when the seed or the migrations change. `npm run bench:drop` deletes
 * all of these databases.
 */
export async function seededDatabase(customers: number): Promise<Seeded> {
  const name = `${prefix}${customers}`;
  const url = urlOf(name);
  if ((await noteOf(name)) !== stateOfCode()) {
    await freshDatabase(name);
    const started = performance.now();
    await fill(name, url, customers);
    await onServer(`COMMENT ON DATABASE ${name} IS '${stateOfCode()}'`);
    console.log(`${customers} customers seeded in ${Math.round((performance.now() - started) / 1_000)} s`);
  }
  const client = await connect(name);
  const { rows } = await client.query<{ id: string }>(`SELECT "id" FROM "Workspace" WHERE "slug" = 'bench'`);
  await client.end();
  const workspaceId = rows[0]?.id ?? '';
  // A measured server would otherwise start with the jobs of the day.
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  await runScheduledJobs(database.forWorkspace(workspaceId));
  await database.close();
  return { name, url, workspaceId };
}

export async function dropSeeded(): Promise<void> {
  const client = await connect('postgres');
  const { rows } = await client.query<{ datname: string }>(
    `SELECT "datname" FROM pg_database WHERE "datname" ~ '^${prefix}[0-9]+$'`,
  );
  await client.end();
  for (const { datname } of rows) await onServer(`DROP DATABASE ${datname} WITH (FORCE)`);
}

const prefix = 'rapport_bench_seeded_';

async function fill(name: string, url: string, customers: number): Promise<void> {
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  const { id } = await createWorkspace(database, { slug: 'bench', name: 'bench' });
  const client = await connect(name);
  await withoutIndexes(client, async () => {
    await seed(client, id, customers);
    await seedRest(client, id);
  });
  await client.end();
  const db = database.forWorkspace(id);
  await setOrderPolicy(db, { shipped: 'retail' });
  await database.close();
}

// Drops the indexes that no constraint needs, and builds them again after `work`. Of a million customers, that takes a
// fraction of the time of adding the rows to them one by one.
async function withoutIndexes(client: pg.Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    SELECT "indexrelid"::regclass::text AS name, pg_get_indexdef("indexrelid") AS definition FROM pg_index
    JOIN pg_class ON pg_class."oid" = "indexrelid" WHERE "relnamespace" = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE "conindid" = "indexrelid")`);
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  await work();
  await client.query(`SET maintenance_work_mem = '1GB'`);
  for (const { definition } of rows) await client.query(definition);
  await client.query('RESET ALL; ANALYZE');
}

async function noteOf(name: string): Promise<string | undefined> {
  const client = await connect('postgres');
  const { rows } = await client.query<{ note: string }>(
    `SELECT shobj_description("oid", 'pg_database') AS note FROM pg_database WHERE "datname" = $1`,
    [name],
  );
  await client.end();
  return rows[0]?.note;
}

// Hash of everything that determines the contents of such a database.
function stateOfCode(): string {
  const migrations = readdirSync('prisma/migrations').sort().join();
  const hash = createHash('sha256').update(migrations);
  for (const file of ['bench/seed.ts', 'bench/seed-rest.ts']) hash.update(readFileSync(file));
  return hash.digest('hex');
}
