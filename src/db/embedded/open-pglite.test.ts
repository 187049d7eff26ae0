import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createTemplate } from '../migrate/create-template.ts';
import { migrationNames } from '../migrate/migration-files.ts';
import { openPglite } from './open-pglite.ts';

const archive = await createTemplate('gzip');
const template = async () => new Blob([new Uint8Array(archive)], { type: 'application/gzip' });

const parent = mkdtempSync(join(tmpdir(), 'rapport-open-'));
afterAll(() => rmSync(parent, { recursive: true }));
const newFolder = () => mkdtempSync(join(parent, 'data-'));

/** Opens the database, and returns the names of the tables in it. */
async function tablesIn(folder: string, from: typeof template | (() => Promise<null>)): Promise<string[]> {
  const pglite = await openPglite(folder, from);
  const { rows } = await pglite.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  await pglite.close();
  return rows.map(({ name }) => name);
}

it('creates a database from the template, with all migrations applied, and keeps it', async () => {
  const folder = newFolder();
  const pglite = await openPglite(folder, template);
  const { rows } = await pglite.query<{ name: string }>(
    'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL ORDER BY 1',
  );
  await pglite.exec('CREATE TABLE note (id integer PRIMARY KEY)');
  await pglite.close();

  const unread = () => Promise.reject(new Error('The template was read again.'));
  expect(rows.map(({ name }) => name)).toEqual(await migrationNames());
  expect(await tablesIn(folder, unread)).toContain('note');
});

it.each([
  ['from the template', template, true],
  ['without a template', async () => null, false],
])('starts over %s if the process was killed while it created the database', async (_how, from, isMigrated) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'creating'), '');
  mkdirSync(join(folder, 'pgdata', 'base'), { recursive: true });
  writeFileSync(join(folder, 'pgdata', 'PG_VERSION'), '17\n');

  const tables = await tablesIn(folder, from);

  expect(tables.includes('Customer')).toBe(isMigrated);
  expect(await tablesIn(folder, from)).toEqual(tables);
});
