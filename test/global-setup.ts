import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../src/db/database.ts';
import { createTemplate } from '../src/db/migrate/create-template.ts';
import { migrate } from '../src/db/migrate/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A dump of a migrated embedded database, or the URL of a migrated PostgreSQL database to clone. */
    template: { dump: string } | { url: string };
  }
}

/**
 * Migrates once. Every test file starts from a copy. Uses PostgreSQL if TEST_DATABASE_URL is set, else the embedded
 * database.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.TEST_DATABASE_URL;
  return url ? setupPostgres(project, url) : setupEmbedded(project);
}

async function setupEmbedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-test-'));
  const dump = join(folder, 'template.tar');
  await writeFile(dump, await createTemplate('none'));
  project.provide('template', { dump });
  return () => rm(folder, { recursive: true });
}

async function setupPostgres(project: TestProject, serverUrl: string): Promise<() => Promise<void>> {
  const name = `rapport_test_${process.pid}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  const database = await openDatabase({ databaseUrl: url.href, dataDir: '' });
  await migrate(database);
  await database.close();
  project.provide('template', { url: url.href });
  return () => onServer(serverUrl, `DROP DATABASE ${name}`);
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
