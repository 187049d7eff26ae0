import { isInterfaceType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { Prisma } from '../src/db/generated/prisma/client.ts';
import { encodeId, type IdType, isIdType } from '../src/lib/ids.ts';
import { schema } from '../src/server/schema.ts';
import { unlimited, useApi } from './api.ts';
import { combinations, declare, inputsOf, pass, selectionOf } from './cross-tenant-values.ts';
import { dumpOf, importExamples, marker, rowsOf, writeOneOfEverything } from './dataset.ts';
import { argumentsOf } from './root-fields.ts';

// The test selects everything at once, which no request from outside may.
const api = await useApi({ limits: unlimited });
const a = await api.tenant('a');
const b = await api.tenant('b');
// Writes with the values of A, and so gets texts like those of A.
const writer = await api.tenant('writer');

const models = Object.values(Prisma.ModelName);
const queries = Object.keys(schema.getQueryType()?.getFields() ?? {});
const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});

const node = schema.getType('Node');
const nodeTypes = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : [];

// IDs and external IDs of A by type, and cursors of A's lists by field.
const ids = new Map<IdType, string>();
const externalIds = new Map<IdType, { source: unknown; value: unknown }>();
const cursors = new Map<string, string>();
const emptyLists: string[] = [];

beforeAll(async () => {
  await writeOneOfEverything(a);
  await importExamples(a);
  const { id: customerId } = await a.db.customer.findFirstOrThrow();
  await a.db.erasedKey.create({ data: { workspaceId: a.db.workspaceId, hash: marker, customerId } });
  for (const tenant of [b, writer]) {
    await tenant.data('mutation { upsertCustomer(input: { key: { email: "own@example.com" } }) { outcome } }');
  }
  for (const model of models) {
    const rows = await rowsOf(a.db, model);
    const row = rows.find(({ externalId }) => typeof externalId === 'string') ?? rows[0];
    if (!isIdType(model) || typeof row?.id !== 'string') continue;
    ids.set(model, encodeId(model, row.id));
    externalIds.set(model, { source: row.source, value: row.externalId });
  }
  for (const [name, field] of Object.entries(schema.getQueryType()?.getFields() ?? {})) {
    if (!field.args.some((arg) => arg.name === 'after')) continue;
    const answer = await a.data(`{ ${name}${argumentsOf(name)} { pageInfo { endCursor } } }`);
    const { endCursor } = answer[name].pageInfo;
    if (endCursor === null) emptyLists.push(name);
    else cursors.set(name, endCursor);
  }
});

it('has one record of every type in A to look for', async () => {
  const empty = [];
  for (const model of models) if ((await rowsOf(a.db, model)).length === 0) empty.push(model);

  expect(empty).toEqual(['ImportCheckpoint']);
  // The customer of A has bought lately. Birthdays depend on the day of the test.
  expect(emptyLists.filter((name) => name !== 'birthdays')).toEqual(['atRiskCustomers']);
});

describe('with values of A in every argument, B', () => {
  it.each(queries)('finds nothing of A by %s', async (name) => {
    const field = schema.getQueryType()?.getFields()[name];
    if (!field) throw new Error(`Unknown query ${name}.`);
    const selection = selectionOf(field.type, 5);
    const argumentSets = combinations({ ids, externalIds, cursors }, field.args, name);

    for (const values of argumentSets) {
      const [variables, passed] = [declare(field.args, values), pass(field.args, values)];
      const answer = await b.send(`query Walk${variables} { ${name}${passed} ${selection} }`, values);
      // A response must not even echo values of A, except for the argument in an error.
      expect(JSON.stringify(answer.data ?? null)).not.toContain(marker);
      for (const id of ids.values()) expect(JSON.stringify(answer.data ?? null)).not.toContain(id);
    }
    expect(argumentSets.length).toBeGreaterThan(0);
  });

  it.each(mutations)('changes nothing of A by %s', async (name) => {
    const field = schema.getMutationType()?.getFields()[name];
    const input = field?.args.find((arg) => arg.name === 'input');
    if (!field || !input) throw new Error(`Unknown mutation ${name}.`);
    const before = await dump();

    for (const value of inputsOf({ ids, externalIds, cursors }, input.type)) {
      const answer = await writer.send(
        `mutation Walk($input: ${input.type}) { ${name}(input: $input) ${selectionOf(field.type, 4)} }`,
        { input: value },
      );
      for (const id of ids.values()) expect(JSON.stringify(answer.data ?? null)).not.toContain(id);
    }

    expect(await dump()).toBe(before);
  });

  it.each(nodeTypes)('finds no node of A: %s', async (type) => {
    const id = isIdType(type) && ids.get(type);

    const answer = await b.send('query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }', { id });

    expect(id).toBeDefined();
    expect(answer.data).toEqual({ node: null, nodes: [null] });
    expect(answer.errors).toBeUndefined();
  });

  it('gets an error for a cursor of A', async () => {
    for (const [name, after] of cursors) {
      const args = argumentsOf(name, ['after: $after']);
      const { extensions } = await b.error(`query ($after: String) { ${name}${args} { nodes { __typename } } }`, {
        after,
      });

      expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
    }
    expect(cursors.size).toBeGreaterThan(5);
  });
});

describe('with only row-level security, without the filters in the code,', () => {
  it.each(models)('shows B no row of A in %s', async (model) => {
    const rows = await rowsOf(b.db, model);

    expect(rows.filter((row) => (row.workspaceId ?? row.id) !== b.db.workspaceId)).toEqual([]);
  });

  // The audit log cannot be changed at all; another test covers it.
  const changeable = models.filter((model) => model !== 'AuditEvent');
  it.each(changeable)('lets B change and delete no row of A in %s', async (model) => {
    const before = await dump();

    await b.db.$executeRaw(
      Prisma.sql([
        `DELETE FROM "${model}" WHERE "${model === 'Workspace' ? 'id' : 'workspaceId'}" = '${a.db.workspaceId}'`,
      ]),
    );
    await b.db.$executeRaw(
      Prisma.sql([
        `UPDATE "${model}" SET "${model === 'Workspace' ? 'id' : 'workspaceId'}" = '${b.db.workspaceId}' WHERE "${model === 'Workspace' ? 'id' : 'workspaceId'}" = '${a.db.workspaceId}'`,
      ]),
    );

    expect(await dump()).toBe(before);
  });

  it('lets B write no row into A', async () => {
    const foreign = {
      workspaceId: a.db.workspaceId,
      customerId: (await a.db.customer.findFirstOrThrow()).id,
      tag: 'planted',
      labelKey: 'planted',
    };

    await expect(b.db.customerTag.create({ data: foreign })).rejects.toThrow(/row-level security/);
  });

  it('lets no relation of B point to A', async () => {
    const own = await b.db.customer.findFirstOrThrow();
    const { id } = await a.db.product.findFirstOrThrow();
    const now = new Date();
    const pair = {
      workspaceId: b.db.workspaceId,
      customerId: own.id,
      productId: id,
      timesBought: 1,
      quantity: 1,
      firstBoughtAt: now,
      lastBoughtAt: now,
    };

    await expect(b.db.purchasedProduct.create({ data: pair })).rejects.toThrow(/[Ff]oreign key/);
  });

  it('shows nothing to a session without a workspace', async () => {
    const client = await api.database.pool.connect();
    await client.query("SELECT set_config('app.workspace_id', '', false)");

    const counts = [];
    for (const model of models)
      counts.push((await client.query(`SELECT count(*)::integer AS n FROM "${model}"`)).rows[0].n);
    client.release(true);

    expect(new Set(counts)).toEqual(new Set([0]));
  });

  it('separates tenants whose requests fall into the same tick', async () => {
    const byEmail = 'query ($email: String!) { customer(by: { email: $email }) { displayName } }';
    const asks = Array.from({ length: 200 }, (_, i) =>
      (i % 2 ? b : a).data(byEmail, { email: 'marker-of-a@example.com' }),
    );

    const answers = await Promise.all(asks);

    expect(answers.filter(({ customer }, i) => (i % 2 ? customer !== null : customer?.displayName !== marker))).toEqual(
      [],
    );
  });
});

function dump(): Promise<string> {
  return dumpOf(a);
}
