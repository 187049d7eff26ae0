import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Database, type OnStatement, openDatabase, openEmbedded } from '../src/db/database.ts';
import { createPglite, takePglite } from './kept-pglite.ts';

export type Statement = { sql: string; values: unknown[]; isPlannedForValues: boolean };
export type TestDatabase = { database: Database; statements: Statement[]; isEmbedded: boolean; url: string | null };

/** Creates a migrated, empty database for this test file. `statements` records the SQL that the application sends. */
export async function useDatabase(): Promise<TestDatabase> {
  const template = inject('template');
  const statements: Statement[] = [];
  const onStatement: OnStatement = (sql, values, isPlannedForValues) =>
    statements.push({ sql, values, isPlannedForValues });
  if ('dump' in template) {
    const database = openEmbedded(() => takePglite(template.dump), onStatement);
    afterAll(() => database.close());
    return { database, statements, isEmbedded: true, url: null };
  }

  const url = await databaseOnServer(template.url, (server, name, from) => cloneWhenFree(server, name, from));
  const database = await openDatabase({ databaseUrl: url, dataDir: '', onStatement });
  afterAll(() => database.close());
  return { database, statements, isEmbedded: false, url };
}

/** Like `useDatabase`, but an embedded database stores its files in a folder, as in production. */
export async function useStoredDatabase(): Promise<TestDatabase & { dataDir: string | null }> {
  const template = inject('template');
  if (!('dump' in template)) return { ...(await useDatabase()), dataDir: null };
  const dataDir = await mkdtemp(join(tmpdir(), 'rapport-stored-'));
  afterAll(() => rm(dataDir, { recursive: true }));
  const loadDataDir = new Blob([new Uint8Array(await readFile(template.dump))]);
  const pglite = await createPglite({ dataDir: join(dataDir, 'pgdata'), loadDataDir });
  await pglite.close();
  const database = await openDatabase({ databaseUrl: null, dataDir });
  afterAll(() => database.close());
  return { database, statements: [], isEmbedded: true, url: null, dataDir };
}

/** Returns the environment for a process that starts on a new, empty database of this test file. */
export async function useNewDatabase(): Promise<Record<string, string>> {
  const template = inject('template');
  if (!('dump' in template)) {
    return { DATABASE_URL: await databaseOnServer(template.url, makeEmpty) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'rapport-new-'));
  afterAll(() => rm(folder, { recursive: true }));
  return { RAPPORT_DATA_DIR: join(folder, 'data') };
}

/**
 * Restores a database for this test file from a dump in `fixtures`, with the tables of that time. On PostgreSQL, its
 * owner is not a superuser, as in production.
 */
export async function useDumpedDatabase(fixture: string): Promise<{ database: Database }> {
  const template = inject('template');
  const sql = gunzipSync(await readFile(join(import.meta.dirname, 'fixtures', fixture))).toString();
  // Roles belong to the server, so the dump of a database has none.
  const script = `${rolesThere}\n${sql}\n${definersOwned}`;
  if ('dump' in template) {
    const pglite = await createPglite({});
    await pglite.exec(script);
    const database = openEmbedded(async () => pglite);
    afterAll(() => database.close());
    return { database };
  }

  const url = await databaseOnServer(template.url, makeOwned, true);
  const client = new pg.Client(url);
  await client.connect();
  await client.query(script).finally(() => client.end());
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  afterAll(() => database.close());
  return { database };
}

const rolesThere = `DO $$ DECLARE role_name text; BEGIN
  FOREACH role_name IN ARRAY ARRAY['rapport_app', 'rapport_definer', 'rapport_customer'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
  END LOOP;
END $$;`;

// The dump was made without owners.
const definersOwned = `GRANT CREATE ON SCHEMA public TO rapport_definer; DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO rapport_definer', f);
  END LOOP;
END $$; REVOKE CREATE ON SCHEMA public FROM rapport_definer;`;

const makeEmpty = (server: pg.Client, name: string) => server.query(`CREATE DATABASE ${name}`);

// Creates a database with an owner of the same name, who is not a superuser.
async function makeOwned(server: pg.Client, name: string): Promise<void> {
  await server.query(rolesThere);
  await server.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${name}'`);
  await server.query(`GRANT rapport_app, rapport_definer, rapport_customer TO ${name} WITH ADMIN OPTION`);
  await server.query(`CREATE DATABASE ${name} OWNER ${name}`);
}

// Creates a database on the server of the template and drops it after this test file. Returns its URL.
async function databaseOnServer(
  templateUrl: string,
  make: (server: pg.Client, name: string, templateName: string) => Promise<unknown>,
  hasOwner = false,
): Promise<string> {
  const url = new URL(templateUrl);
  const templateName = url.pathname.slice(1);
  const name = `rapport_${randomUUID().replaceAll('-', '')}`;
  const server = new pg.Client(templateUrl.replace(`/${templateName}`, '/postgres'));
  await server.connect();
  await make(server, name, templateName);
  afterAll(async () => {
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    if (hasOwner) await server.query(`DROP ROLE ${name}`);
    await server.end();
  });
  url.pathname = name;
  if (hasOwner) [url.username, url.password] = [name, name];
  return url.href;
}

// Two files may clone at the same time. PostgreSQL rejects the second.
async function cloneWhenFree(server: pg.Client, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await server.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
