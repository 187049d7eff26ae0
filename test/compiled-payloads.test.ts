import { execute, isObjectType, parse } from 'graphql';
import { expect, it } from 'vitest';
import { ApiKeyCache } from '../src/access/api-key-cache.ts';
import { returnedPoints } from '../src/graphql/cost/returned-points.ts';
import { queryFieldOf } from '../src/query/query-field.ts';
import { Authentication } from '../src/server/authentication.ts';
import { schema } from '../src/server/schema.ts';
import { unlimited, useApi } from './api.ts';
import { selectionOf } from './cross-tenant-values.ts';
import { everyMutation } from './every-mutation.ts';
import { isOfRequest } from './rows-read.ts';

const api = await useApi({ limits: unlimited });
const authentication = new Authentication(api.database, unlimited, new ApiKeyCache(api.database));
const mutations = schema.getMutationType()?.getFields() ?? {};

// Mutations whose payload has the written row.
const withRow = new Set(
  Object.values(mutations).flatMap(({ name, type }) => {
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    return fields.some((field) => queryFieldOf(field)?.kind === 'row') ? [name] : [];
  }),
);

// Replays the mutation with graphql-js alone, which returns the row as it is now.
async function byResolvers(text: string, key: string, secret: string) {
  const headers = new Headers({ authorization: `Bearer ${secret}`, 'idempotency-key': key });
  const context = await authentication.confirmedContextOf({ requestId: 'one', headers });
  const document = parse(text);
  const { data } = await execute({ schema, document, contextValue: context });
  return { data, points: returnedPoints(schema, document, {}, data) };
}

it('reads the row of every payload with one statement, and returns what the resolvers return', async () => {
  const shop = await api.tenant('shop');
  const own = 'upsertCustomer(input: { key: { email: "canary@example.com" }, givenName: "Canary", note: "canary" })';
  const { upsertCustomer } = await shop.data(`mutation { ${own} { customer { id } } }`);
  const seen = new Set<string>();
  for await (const field of allMutations(upsertCustomer.customer.id)) {
    const name = /^\w+/.exec(field)?.[0] ?? '';
    const type = mutations[name]?.type;
    const text = `mutation { ${field} ${type ? selectionOf(type, 4) : ''} }`;
    const key = `${seen.size} ${name}`;
    await api.flush();
    api.statements.length = 0;
    const answer = await shop.send(text, {}, { headers: { 'idempotency-key': key } });
    const sent = api.statements.filter(isOfRequest).map(({ sql }) => sql);
    if (!withRow.has(name)) continue;
    seen.add(name);
    const wanted = await byResolvers(text, key, shop.secret);

    expect(answer.errors, name).toBeUndefined();
    expect(sent.slice(sent.lastIndexOf('COMMIT') + 1), name).toEqual([expect.stringMatching(/^SELECT/)]);
    expect(JSON.stringify(answer.data), name).toBe(JSON.stringify(wanted.data));
    expect(answer.extensions.cost.actual, name).toBe(wanted.points);
  }
  expect([...withRow].filter((name) => !seen.has(name))).toEqual([]);

  async function* allMutations(customerId: string) {
    yield own;
    yield* everyMutation(shop, customerId);
  }
});

it('reports a row that is gone before it can be read', async () => {
  const shop = await api.tenant('gone');
  await api.database.asOwner(async (pool) => {
    await pool.query(`CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM "Interaction" WHERE "workspaceId" = NEW."workspaceId" AND "id" = NEW."id"; RETURN NULL; END $$`);
    await pool.query(`CREATE CONSTRAINT TRIGGER forget AFTER INSERT ON "Interaction" DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW."subject" = 'forget') EXECUTE FUNCTION forget()`);
  });
  await shop.data('mutation { upsertCustomer(input: { key: { email: "canary@example.com" } }) { outcome } }');
  const fields =
    'customer: { email: "canary@example.com" }, channel: EMAIL, direction: INBOUND, occurredAt: "2026-01-01T00:00:00Z", subject: "forget"';

  const { data, errors } = await shop.send(
    `mutation { upsertInteraction(input: { ${fields} }) { interaction { id } } }`,
  );

  expect(data).toEqual({ upsertInteraction: null });
  expect(errors).toMatchObject([{ path: ['upsertInteraction', 'interaction'], extensions: { code: 'NOT_FOUND' } }]);
});
