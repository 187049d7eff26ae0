import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { decodeIdOf, newId } from '../../lib/ids.ts';
import { tables } from '../../lib/tables.ts';
import type { Table } from '../../manifest.ts';
import type { Db } from '../database.ts';
import { createdTables, tableRules } from './table-rules.ts';

const api = await useApi();
const [shop, other] = [await api.tenant('shop'), await api.tenant('other')];
const asOwner = (sql: string) => api.database.asOwner((pool) => pool.query(sql));

const upsert = 'mutation ($email: String!) { upsertCustomer(input: { key: { email: $email } }) { customer { id } } }';
async function newCustomer({ data }: typeof shop, email: string): Promise<string> {
  const { upsertCustomer } = await data(upsert, { email });
  return decodeIdOf('Customer', upsertCustomer.customer.id) ?? '';
}
const [ada, bob, cyd] = [
  await newCustomer(shop, 'ada@example.com'),
  await newCustomer(shop, 'bob@example.com'),
  await newCustomer(other, 'cyd@example.com'),
];

// As the schema engine writes it.
const creating = (name: string) => `-- CreateTable
CREATE TABLE "${name}" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID,
    "label" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "${name}_pkey" PRIMARY KEY ("workspaceId","id")
);

-- AddForeignKey
ALTER TABLE "${name}" ADD CONSTRAINT "${name}_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE NO ACTION;
`;

async function create(name: string, manifest: Table): Promise<void> {
  const sql = creating(name);
  const rules = createdTables(sql).map((table) => tableRules({ ...manifest, ...table }));
  await asOwner([sql, ...rules].join('\n'));
}

const insert = (name: string, { workspaceId }: { workspaceId: string }, customerId: string | null, label: string) => ({
  text: `INSERT INTO "${name}" ("workspaceId", "id", "customerId", "label", "updatedAt") VALUES ($1::uuid, $2::uuid, $3::uuid, $4, now())`,
  values: [workspaceId, newId(), customerId, label],
});

async function labels(db: Db, name: string): Promise<string[]> {
  const rows = await db.query<{ label: string }>({ text: `SELECT "label" FROM "${name}" ORDER BY 1`, values: [] });
  return rows.map(({ label }) => label);
}

describe('a table with the rules of its manifest', () => {
  beforeAll(async () => {
    for (const [name, manifest] of Object.entries<Table>({
      OwnTier: { customerRows: 'OWN', erasure: 'DELETE' },
      LimitedTier: { customerRows: 'OWN', customerCondition: `"label" <> 'secret'` },
      SharedTier: { customerRows: 'ALL' },
      StaffTier: {},
    })) {
      await create(name, manifest);
      for (const [customerId, label] of [
        [ada, 'ada'],
        [ada, 'secret'],
        [bob, 'bob'],
        [null, 'nobody'],
      ] as const)
        await shop.db.query(insert(name, shop.db, customerId, label));
      await other.db.query(insert(name, other.db, cyd, 'cyd'));
    }
  });

  it.each(['OwnTier', 'LimitedTier', 'SharedTier', 'StaffTier'])(
    'shows the API only one workspace: %s',
    async (name) => {
      expect(await labels(shop.db, name)).toEqual(['ada', 'bob', 'nobody', 'secret']);
      expect(await labels(other.db, name)).toEqual(['cyd']);
      await expect(other.db.query(insert(name, shop.db, null, 'planted'))).rejects.toThrow(/row-level security/);
      const change = { text: `UPDATE "${name}" SET "label" = 'changed'`, values: [] };
      await other.db.query(change);
      expect(await labels(shop.db, name)).toEqual(['ada', 'bob', 'nobody', 'secret']);
      await other.db.query({ text: `UPDATE "${name}" SET "label" = 'cyd'`, values: [] });
    },
  );

  it.each([
    ['OwnTier', ['ada', 'secret'], ['bob'], ['cyd']],
    ['LimitedTier', ['ada'], ['bob'], ['cyd']],
    ['SharedTier', ['ada', 'bob', 'nobody', 'secret'], ['ada', 'bob', 'nobody', 'secret'], ['cyd']],
    ['StaffTier', [], [], []],
  ])('shows customers their own rows, all, or none: %s', async (name, ofAda, ofBob, ofCyd) => {
    const as = (workspaceId: string, customerId: string) => api.database.forWorkspace(workspaceId, customerId);
    const { workspaceId } = shop.db;

    expect(await labels(as(workspaceId, ada), name)).toEqual(ofAda);
    expect(await labels(as(workspaceId, bob), name)).toEqual(ofBob);
    expect(await labels(as(other.db.workspaceId, cyd), name)).toEqual(ofCyd);
    // The workspace of one customer with the ID of another.
    expect(await labels(as(other.db.workspaceId, ada), name)).toEqual(name === 'SharedTier' ? ['cyd'] : []);
    await expect(as(workspaceId, ada).query(insert(name, shop.db, ada, 'own'))).rejects.toThrow(/permission denied/);
  });

  it('shows a session that is bound to no workspace nothing', async () => {
    const client = await api.database.pool.connect();
    await client.query("SELECT set_config('app.workspace_id', '', false), set_config('app.customer_id', '', false)");
    for (const role of ['rapport_app', 'rapport_customer']) {
      await client.query(`SET ROLE ${role}`);
      expect((await client.query('SELECT 1 FROM "SharedTier"')).rows).toEqual([]);
    }
    client.release(true);
  });

  it('counts versions, writes the audit log, and refuses rows of erased customers', async () => {
    const gone = await newCustomer(shop, 'gone@example.com');
    await shop.db.customer.updateMany({ where: { id: gone }, data: { status: 'ERASED' } });
    const audit = JSON.stringify({ keyId: newId(), keyName: 'k', operation: 'o', purpose: null, requestId: 'tiers' });
    const { workspaceId } = shop.db;
    const client = await api.database.pool.connect();
    await client.query("SELECT set_config('app.workspace_id', $1, false), set_config('app.audit', $2, false)", [
      ...[workspaceId, audit],
    ]);
    await client.query(`UPDATE "OwnTier" SET "updatedAt" = now(), "label" = 'new' WHERE "label" = 'bob'`);
    const { rows } = await client.query(`SELECT "version" FROM "OwnTier" WHERE "label" = 'new'`);
    client.release(true);
    const [event] = await shop.db.auditEvent.findMany({ where: { requestId: 'tiers' } });

    expect(rows).toEqual([{ version: 2 }]);
    expect(event).toMatchObject({ entity: 'OwnTier', customerId: bob, changes: { label: ['bob', 'new'] } });
    await expect(shop.db.query(insert('OwnTier', shop.db, gone, 'late'))).rejects.toThrow('The customer was erased.');
  });
});

describe('every table', () => {
  type Rule = { table: string; name: string; rule: string };
  const rules = {
    policies: { stored: [] as Rule[], generated: [] as Rule[] },
    triggers: { stored: [] as Rule[], generated: [] as Rule[] },
  };

  // Applies the rules of every manifest to empty copies of the tables, in a schema that is rolled back.
  beforeAll(async () => {
    const columnNames = new Map<string, string[]>();
    await api.database.asOwner(async (pool) => {
      const { rows } = await pool.query<{ table: string; names: string[] }>(`
        SELECT relname AS "table", array_agg(attname::text ORDER BY attnum) AS names FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped GROUP BY 1`);
      for (const { table, names } of rows) columnNames.set(table, names);
      const copies = tables.map(
        ({ name }) => `CREATE TABLE copies."${name}" (LIKE public."${name}" INCLUDING DEFAULTS)`,
      );
      const generated = tables.map((table) => tableRules({ ...table, columnNames: columnNames.get(table.name) ?? [] }));
      const sql = [
        'BEGIN; CREATE SCHEMA copies',
        ...copies,
        'SET LOCAL search_path = copies, public',
        ...generated,
      ].join(';\n');
      await pool.query(sql);
      for (const [schema, side] of [
        ['public', 'stored'],
        ['copies', 'generated'],
      ] as const) {
        rules.policies[side] = (await pool.query<Rule>(policiesOf, [schema])).rows;
        rules.triggers[side] = (await pool.query<Rule>(triggersOf, [schema])).rows;
      }
      await pool.query('ROLLBACK');
    });
  });

  const policiesOf = `SELECT tablename AS "table", policyname AS name, concat_ws(' ', permissive, cmd, roles, qual, with_check) AS rule
    FROM pg_policies WHERE schemaname = $1 AND policyname <> 'definer' AND tablename !~ 'Tier$' ORDER BY 1, 2`;
  const triggersOf = `SELECT relname AS "table", tgname AS name, regexp_replace(pg_get_triggerdef(t.oid), '(public|copies)\\.', '', 'g') AS rule
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
    WHERE relnamespace = $1::regnamespace AND NOT tgisinternal AND relname !~ 'Tier$' ORDER BY 1, 2`;

  it('has the policies that its manifest calls for', () => {
    const { stored, generated } = rules.policies;
    const has = ({ table, name }: Rule) => stored.some((rule) => rule.table === table && rule.name === name);
    // Without any privilege, customers see as little as by the policy `false`.
    const missing = generated.filter(
      (rule) => !has(rule) && !/^PERMISSIVE SELECT \{rapport_customer\} false$/.test(rule.rule),
    );

    expect(missing).toEqual([]);
    expect(stored).toEqual(generated.filter(has));
    expect(tables.length).toBeGreaterThan(25);
  });

  it('has the triggers that its manifest calls for', () => {
    const { stored, generated } = rules.triggers;
    // These keep or remove what a single domain decides.
    const ofOneDomain = ['keep_erased', 'keep_past', 'open_hand_off', 'open_hand_offs'];
    const compared = stored.filter(({ name }) => !ofOneDomain.includes(name));

    expect(compared).toEqual(generated);
  });
});
