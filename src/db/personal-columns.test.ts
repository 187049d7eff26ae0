import { expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { tables } from '../lib/tables.ts';

const { database } = await useDatabase();

it('classifies every text column', async () => {
  const known = tables.flatMap(({ name: table, columns = {} }) =>
    Object.keys(columns).map((column) => `${table}.${column}`),
  );
  const { rows } = await database.pool.query<{ name: string; type: string }>(`
    SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, NULL) AS type FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname NOT IN ('_prisma_migrations', 'Workspace')`);

  const texts = rows.flatMap(({ name, type }) => (/^(text|jsonb)/.test(type) ? [name] : []));
  const unknown = texts.filter((name) => !known.includes(name));
  const gone = known.filter((name) => !rows.some((row) => row.name === name));
  expect({ unknown, gone }).toEqual({ unknown: [], gone: [] });
});
