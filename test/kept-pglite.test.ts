import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { afterAll, expect, inject, it } from 'vitest';
import { createPglite, takePglite } from './kept-pglite.ts';

const template = inject('template');
const dump = 'dump' in template ? template.dump : await dumpOfNewInstance();

/** Everything that a session can see of the rows, the catalog, the settings and the sessions before it. */
async function visibleState(pglite: PGlite): Promise<unknown> {
  const statements = [
    'SELECT relname, xmin::text, relfilenode, reltuples, relacl::text FROM pg_class ORDER BY relname',
    'SELECT rolname, xmin::text FROM pg_authid ORDER BY rolname',
    'SELECT oid::text, proname, xmin::text FROM pg_proc ORDER BY oid',
    'SELECT nspname, xmin::text FROM pg_namespace ORDER BY nspname',
    'SELECT datname, pg_database_size(oid)::text AS size FROM pg_database ORDER BY datname',
    'SELECT name, setting FROM pg_settings ORDER BY name',
    'SELECT name FROM pg_prepared_statements',
    'SELECT locktype, mode FROM pg_locks ORDER BY locktype, mode',
    'SELECT sequencename, last_value FROM pg_sequences',
    'SELECT pg_my_temp_schema()::text, pg_listening_channels()',
    'SELECT pg_current_wal_insert_lsn()::text, pg_current_xact_id()::text, current_user, pg_get_loaded_modules()::text',
  ];
  const results = [];
  for (const sql of statements) results.push((await pglite.query(sql)).rows);
  return results;
}

async function changeEverything(pglite: PGlite): Promise<void> {
  await pglite.exec(`
    CREATE TABLE "Made" (id serial PRIMARY KEY, body text);
    INSERT INTO "Made" (body) SELECT repeat(md5(n::text), 40) FROM generate_series(1, 1000) AS n;
    CREATE FUNCTION made() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
    CREATE ROLE maker;
    CREATE SCHEMA made AUTHORIZATION maker;
    GRANT SELECT ON "Made" TO maker;
    ALTER ROLE maker SET work_mem = '1MB';
    ALTER DATABASE postgres SET work_mem = '2MB';
    DROP TABLE IF EXISTS "ErasedKey" CASCADE`);
  await pglite.exec('VACUUM ANALYZE');
  await pglite.exec('CHECKPOINT');
  await pglite.exec(`
    CREATE TEMP TABLE passing (id integer);
    LISTEN made;
    PREPARE made AS SELECT 1;
    SET TimeZone = 'Asia/Tokyo';
    SELECT made(), pg_advisory_lock(7)`);
  await expect(pglite.query('SELECT 1/0')).rejects.toThrow('division by zero');
  await pglite.exec(`BEGIN; SET ROLE maker; SELECT set_config('app.workspace_id', 'made', false)`);
}

it('returns an instance to the state that it had at the start', { timeout: 120_000 }, async () => {
  const pglite = await takePglite(dump);
  const state = await visibleState(pglite);
  await changeEverything(pglite);
  await pglite.close();

  const again = await takePglite(dump);

  expect(again === pglite).toBe(true);
  expect(await visibleState(again)).toEqual(state);
  await changeEverything(again);
  await again.close();
});

it('equals a new instance', async () => {
  const pglite = await takePglite(dump);
  const other = await takePglite(dump);

  expect(other === pglite).toBe(false);
  expect(await visibleState(other)).toEqual(await visibleState(pglite));
  await pglite.close();
  await other.close();
});

it('ends an instance that loaded other code', async () => {
  const pglite = await takePglite(dump);
  await pglite.exec(`LOAD 'dict_snowball'`);
  await pglite.close();

  const next = await takePglite(dump);

  expect(pglite.closed).toBe(true);
  expect(next === pglite).toBe(false);
  await next.close();
});

async function dumpOfNewInstance(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-dump-'));
  afterAll(() => rm(folder, { recursive: true }));
  const pglite = await createPglite({});
  const file = join(folder, 'template.tar');
  await writeFile(file, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await pglite.close();
  return file;
}
