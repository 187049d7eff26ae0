import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  type GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { diffSchema } from '../src/db/migrate/schema-engine.ts';
import { schema } from '../src/server/schema.ts';
import { useDatabase } from './database.ts';

const { database } = await useDatabase();
const appRoles = ['rapport_app', 'rapport_customer', 'rapport_definer'];
type Policy = { table: string; name: string; permissive: boolean; roles: string[]; condition: string };

it('matches schema.graphql', () => {
  const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;

  expect(printed).toBe(readFileSync('schema.graphql', 'utf8'));
});

it('describes every type, field, argument and enum value', () => {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const builtIn = ['String', 'Int', 'Float', 'Boolean', 'ID'];

  const silent = types.flatMap((type) => (builtIn.includes(type.name) ? [] : silentPartsOf(type)));

  // Relay's own types, which its specification describes.
  expect(silent.filter((part) => !/^(Node|PageInfo)\b|Query\.nodes?\.ids?$/.test(part))).toEqual([]);
});

it.each(['toSchema', 'toMigrations'] as const)('keeps migrations and prisma/schema in sync (%s)', async (direction) => {
  expect(await database.asOwner((pool) => diffSchema(pool, direction))).toBeNull();
});

it('forces row-level security on every table, and does not let the application own or bypass any', async () => {
  const { rows } = await database.pool.query(`
    SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced, pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'`);
  const { rows: roles } = await database.pool.query(
    'SELECT rolbypassrls OR rolsuper AS unbound FROM pg_roles WHERE rolname = ANY ($1)',
    [appRoles],
  );

  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter(({ forced, owner }) => !forced || appRoles.includes(owner))).toEqual([]);
  expect(roles).toEqual(appRoles.map(() => ({ unbound: false })));
});

it('has one permissive policy for each role that can access a table, named like the role, without a query', async () => {
  const { rows: policies } = await database.pool.query<Policy>(`
    SELECT tablename AS "table", policyname AS name, permissive = 'PERMISSIVE' AS permissive, roles::text[],
      coalesce(qual, '') || coalesce(with_check, '') AS condition
    FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2`);
  const { rows: grants } = await database.pool.query<{ table: string; role: string }>(
    `SELECT relname AS "table", role FROM pg_class CROSS JOIN unnest($1::text[]) role
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'
       AND has_any_column_privilege(role, oid, 'SELECT, INSERT, UPDATE') ORDER BY 1, 2`,
    [appRoles],
  );

  expect(policies.map(({ table, roles }) => ({ table, role: roles.join() }))).toEqual(grants);
  expect(policies.filter(({ name, roles }) => roles.join() !== `rapport_${name}`)).toEqual([]);
  expect(policies.filter(({ permissive, condition }) => !permissive || /\bSELECT\b/i.test(condition))).toEqual([]);
});

it('binds the API to a workspace, customers to their own rows or to none, and no other role to nothing', async () => {
  const { rows } = await database.pool.query<{ table: string; name: string; condition: string }>(`
    SELECT tablename AS "table", policyname AS name, qual AS condition FROM pg_policies
    WHERE schemaname = 'public'`);
  const setting = (name: string) => `(NULLIF(current_setting('app.${name}'::text, true), ''::text))::uuid`;
  const tenant = (table: string) => `${table === 'Workspace' ? 'id' : '"workspaceId"'} = ${setting('workspace_id')}`;
  const customer = (table: string) => `${table === 'Customer' ? 'id' : '"customerId"'} = ${setting('customer_id')}`;
  const { rows: owned } = await database.pool.query<{ table: string }>(`
    SELECT relname AS "table" FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND (attname = 'customerId' OR relname = 'Customer')`);
  const isOwned = new Set(owned.map(({ table }) => table));

  const loose = rows.filter(({ table, name, condition }) => {
    if (name === 'definer') return condition !== 'rapport_is_definer()';
    if (name === 'customer' && condition === 'false') return false;
    const wanted = [tenant(table), ...(name === 'customer' && isOwned.has(table) ? [customer(table)] : [])];
    return condition.includes(' OR ') || wanted.some((each) => !condition.includes(`(${each})`));
  });
  expect(loose).toEqual([]);
});

it('has no foreign key that cascades a change of the key, and has checked every one', async () => {
  const { rows } = await database.pool.query(`
    SELECT conname FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND (confupdtype <> 'a' OR NOT convalidated)`);

  expect(rows).toEqual([]);
});

it('begins every key and index of a tenant table with its workspace', async () => {
  const { rows } = await database.pool.query(`
    SELECT i.indexrelid::regclass::text AS index FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE c.relnamespace = 'public'::regnamespace AND a.attname <> 'workspaceId'
      AND c.relname NOT IN ('_prisma_migrations', 'Workspace')`);

  // The only lookup before a workspace is known.
  expect(rows).toEqual([{ index: '"ApiKey_prefix_key"' }]);
});

it('checks foreign keys by primary key, even if a table is empty and any index seems as good', async () => {
  const { rows: keys } = await database.pool.query<{ table: string; index: string }>(`
    SELECT DISTINCT f.confrelid::regclass::text AS "table", i.relname AS index FROM pg_constraint f
    JOIN pg_constraint p ON p.conrelid = f.confrelid AND p.contype = 'p' AND array_length(p.conkey, 1) = 2
    JOIN pg_class i ON i.oid = p.conindid
    WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace`);

  const plans = await database.asOwner(async (pool) => {
    const found: { index: string; plan: string }[] = [];
    for (const { table, index } of keys) {
      const check = `EXPLAIN SELECT 1 FROM ONLY ${table} WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid`;
      const { rows } = await pool.query(check, [randomUUID(), randomUUID()]);
      found.push({ index, plan: JSON.stringify(rows) });
    }
    return found;
  });

  expect(plans.length).toBeGreaterThan(5);
  expect(plans.filter(({ index, plan }) => !plan.includes(index))).toEqual([]);
});

it('has an index for every foreign key that begins with its columns', async () => {
  const { rows } = await database.pool.query<{ table: string; key: string }>(`
    SELECT f.conrelid::regclass::text AS "table", f.conname AS key FROM pg_constraint f
    WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace AND NOT EXISTS (
      SELECT 1 FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indisvalid
        AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) ~ '^\\("?\\w+"? IS NOT NULL\\)$')
        AND (i.indkey::smallint[])[0:cardinality(f.conkey) - 1] @> f.conkey)
    ORDER BY 1, 2`);

  expect(rows).toEqual([]);
});

it('covers every query and mutation with an operation of the SDK', () => {
  const operations = readdirSync('sdk/operations')
    .map((file) => readFileSync(`sdk/operations/${file}`, 'utf8'))
    .join('\n');
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );

  const missing = roots.filter((field) => !new RegExp(`\\b${field}\\b *\\(|\\b${field} \\{`).test(operations));

  expect(missing).toEqual([]);
});

it('selects every kind of record in the timeline of the SDK', () => {
  const shipped = Object.values(JSON.parse(readFileSync('sdk/persisted.json', 'utf8')) as Record<string, string>);
  const timeline = shipped.find((text) => text.startsWith('query CustomerTimeline('));
  const members = schema.getPossibleTypes(schema.getType('TimelineItem') as GraphQLUnionType);

  expect(members.length).toBeGreaterThan(5);
  expect(members.filter(({ name }) => !timeline?.includes(`...on ${name}{id `))).toEqual([]);
});

function silentPartsOf(type: GraphQLNamedType): string[] {
  const parts: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      parts.push([`${type.name}.${field.name}`, field.description]);
      for (const arg of field.args) parts.push([`${type.name}.${field.name}.${arg.name}`, arg.description]);
    }
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) parts.push([`${type.name}.${field.name}`, field.description]);
  }
  if (isEnumType(type))
    for (const value of type.getValues()) parts.push([`${type.name}.${value.name}`, value.description]);
  return parts.flatMap(([part, description]) => (description ? [] : [part]));
}
