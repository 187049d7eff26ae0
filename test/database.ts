import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Database, type OnStatement, openDatabase, overEmbedded } from '../src/db/database.ts';
import { embeddedExtensions } from '../src/db/embedded.ts';

export type Statement = { sql: string; values: unknown[] };
export type TestDatabase = { database: Database; statements: Statement[]; isEmbedded: boolean; url: string | null };

/** A migrated, empty database of this test file's own; `statements` gathers what the application sends. */
export async function useDatabase(): Promise<TestDatabase> {
  const template = inject('template');
  const statements: Statement[] = [];
  const onStatement: OnStatement = (sql, values) => statements.push({ sql, values });
  if ('dump' in template) {
    const loadDataDir = new Blob([new Uint8Array(await readFile(template.dump))]);
    const database = overEmbedded(await PGlite.create({ loadDataDir, extensions: embeddedExtensions }), onStatement);
    afterAll(() => database.close());
    return { database, statements, isEmbedded: true, url: null };
  }

  const url = new URL(template.url);
  const templateName = url.pathname.slice(1);
  const name = `rapport_${randomUUID().replaceAll('-', '')}`;
  const server = new pg.Client(template.url.replace(`/${templateName}`, '/postgres'));
  await server.connect();
  await cloneWhenFree(server, name, templateName);
  url.pathname = name;
  const database = await openDatabase({ databaseUrl: url.href, dataDir: '', onStatement });
  afterAll(async () => {
    await database.close();
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.end();
  });
  return { database, statements, isEmbedded: false, url: url.href };
}

// Two files may clone at once, which PostgreSQL refuses the second of.
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
