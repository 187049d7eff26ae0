import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { canaries, writeCanaries } from '../../test/canaries.ts';
import { everyMutation, mutationsOf } from '../../test/every-mutation.ts';
import { createApiKey, revokeApiKey } from '../access/api-keys.ts';
import { allScopes } from '../access/scopes.ts';
import { decodeIdOf, encodeId } from '../lib/ids.ts';
import { piiScopes } from '../lib/pii.ts';
import { schema } from '../server/schema.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const upsert = 'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { customer { id } } }';
const audit = `query ($where: AuditEventWhere) { auditEvents(where: $where, first: 100) { nodes {
  keyName operation purpose requestId action entity entityId customerId changes { field before after } piiClasses } } }`;

async function events(where: object, secret = shop.secret) {
  await api.flush();
  return (await api.sendAs(secret, audit, { where })).data.auditEvents.nodes;
}

const { id: ada } = (await shop.data(upsert, { input: { key: { email: 'ada@example.com' } } })).upsertCustomer.customer;

it('records every row that a write creates, updates or deletes, and nothing if it changes nothing', async () => {
  const key = { id: ada };
  const send = (input: object, id: string) =>
    shop.send(upsert, { input: { key, ...input } }, { headers: { 'x-request-id': id } });
  await send({ note: 'a', tags: ['vip'] }, 'request-1');
  await send({ note: 'a', tags: ['vip'] }, 'request-2');
  await send({ note: 'b', addresses: [{ kind: 'HOME', lines: ['x'], isDefault: 'maybe' }] }, 'request-3');
  await send({ note: null, tags: [] }, 'request-4');

  const of = async (requestId: string) => events({ requestId: { eq: requestId } });
  const first = await of('request-1');
  const last = await of('request-4');

  expect(first).toHaveLength(2);
  expect(first).toContainEqual({
    keyName: 'test',
    operation: 'upsertCustomer',
    purpose: null,
    requestId: 'request-1',
    action: 'UPDATED',
    entity: 'Customer',
    entityId: ada,
    customerId: ada,
    changes: [{ field: 'note', before: null, after: 'a' }],
    piiClasses: [],
  });
  expect(first).toContainEqual(
    expect.objectContaining({
      action: 'CREATED',
      entity: 'CustomerTag',
      entityId: null,
      customerId: ada,
      changes: [
        { field: 'customerId', before: null, after: expect.any(String) },
        { field: 'tag', before: null, after: 'vip' },
      ],
    }),
  );
  expect(last.map(({ action, entity }: { action: string; entity: string }) => `${action} ${entity}`).sort()).toEqual([
    'DELETED CustomerTag',
    'UPDATED Customer',
  ]);
  expect([await of('request-2'), await of('request-3')]).toEqual([[], []]);
});

it('names the right key for each of several concurrent writes', async () => {
  const names = ['one', 'two', 'three'];
  const secrets = await Promise.all(
    names.map(async (name) => (await createApiKey(shop.db, { name, scopes: allScopes })).secret),
  );
  await Promise.all(
    secrets.map((secret, i) =>
      api.sendAs(
        secret,
        upsert,
        { input: { key: { email: `at-once-${i}@example.com` } } },
        { headers: { 'x-request-id': `at-once-${i}` } },
      ),
    ),
  );

  const noted = await Promise.all(names.map((_, i) => events({ requestId: { eq: `at-once-${i}` } })));

  expect(noted.map((each) => [...new Set(each.map(({ keyName }: { keyName: string }) => keyName))])).toEqual(
    names.map((name) => [name]),
  );
});

it('records every mutation', async () => {
  for await (const write of everyMutation(shop, ada)) await shop.data(`mutation { ${write} { __typename } }`);

  const noted = await shop.db.auditEvent.findMany({ distinct: ['operation'], where: { action: { not: 'READ' } } });

  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  expect(noted.map(({ operation }) => operation).sort()).toEqual(mutations.sort());
  expect(JSON.stringify(await shop.db.auditEvent.findMany())).not.toMatch(/secretHash|rapport_[0-9a-f]{12}_/);
});

it('checks in every write that the key is still valid, even if the key is cached', async () => {
  const { id, secret } = await createApiKey(shop.db, { name: 'over', scopes: allScopes });
  const documents = mutationsOf(ada).map((write) => `mutation { ${write} { __typename } }`);
  const [first = ''] = documents;
  const before = [await shop.send(first), await api.sendAs(secret, first)];
  await revokeApiKey(shop.db, { id: encodeId('ApiKey', id) });
  const codes = new Set<unknown>();
  for (const each of documents) codes.add((await api.sendAs(secret, each)).errors?.[0]?.extensions.code);

  expect(before.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  expect([...codes]).toEqual(['UNAUTHENTICATED']);
});

it('records an unmasked read with its customer, classes, purpose and operation name', async () => {
  const read = `query Desk($by: CustomerKey!) {
    customer(by: $by) { displayName note contactPoints { nodes { value } } } }`;
  const headers = { 'x-rapport-purpose': 'SUPPORT', 'x-request-id': 'read-1' };
  await shop.data(upsert, {
    input: { key: { id: ada }, note: 'Likes brevity.', contactPoints: [{ kind: 'PHONE', value: '512345679' }] },
  });
  await shop.data(read, { by: { id: ada } }, { headers });

  const noted = await events({ requestId: { eq: 'read-1' }, customerId: ada });

  expect(noted).toEqual([
    {
      keyName: 'test',
      operation: 'Desk',
      purpose: 'SUPPORT',
      requestId: 'read-1',
      action: 'READ',
      entity: 'Customer',
      entityId: ada,
      customerId: ada,
      changes: [],
      piiClasses: ['EMAIL', 'FREE_TEXT', 'PHONE'],
    },
  ]);
});

it('records the customer of the data for every path through the schema', async () => {
  await writeCanaries(shop);
  const scattered = `query Scattered {
    orders { nodes { note } } interactions { nodes { body actor { ref } } }
    cases { nodes { subject promise { text } handoffs { nodes { reason } } } }
    customers { nodes { birthday { year } addresses { nodes { city } } returns { nodes { reason } } consents { nodes { evidence } }
      surveyResponses { nodes { comment } } preferences { nodes { evidence } } } } }`;
  await shop.data(scattered);
  const { id } = (await shop.data('{ customer(by: { email: "canary-email@example.com" }) { id } }')).customer;

  const [noted] = await events({ operation: { eq: 'Scattered' }, customerId: id });

  expect(noted.piiClasses).toEqual(['ADDRESS', 'BIRTHDAY', 'EMAIL', 'FREE_TEXT']);
  expect(await shop.db.auditEvent.count({ where: { operation: 'Scattered', customerId: null } })).toBe(0);
});

it('records the customer of a context, even for a name that is an email address', async () => {
  const customer = { key: { email: 'context@example.com' }, displayName: 'context@example.com' };
  const { id } = (await shop.data(upsert, { input: customer })).upsertCustomer.customer;
  const interaction = { customer: { id }, channel: 'EMAIL', direction: 'INBOUND', occurredAt: '2026-11-01T10:00:00Z' };
  const record = 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }';
  await shop.data(record, { input: { ...interaction, body: 'Hello' } });
  const read = `query Whole($by: CustomerKey!, $isWhole: Boolean!) { customerContext(by: $by, purpose: SUPPORT) {
    identity { displayName } history @include(if: $isWhole) { interactions { body } } } }`;
  await shop.data(read, { by: { id }, isWhole: false });
  await shop.data(read, { by: { id }, isWhole: true });

  const noted = await events({ operation: { eq: 'Whole' }, customerId: id });

  expect(noted.map(({ piiClasses }: { piiClasses: string[] }) => piiClasses)).toEqual([
    ['EMAIL', 'FREE_TEXT'],
    ['EMAIL'],
  ]);
  expect(await shop.db.auditEvent.count({ where: { operation: 'Whole', customerId: null } })).toBe(0);
});

it('records what a customer read without delay, on the connection that served them', async () => {
  const make = 'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }';
  const { token } = (await shop.data(make, { input: { customer: { email: 'ada@example.com' } } })).createCustomerToken;
  const faults = api.faults.length;

  await api.sendAs(token, 'query Own { customers(first: 1) { nodes { contactPoints { nodes { value } } } } }');
  const { rows } = await api.database.pool.query('SELECT count(*)::integer AS due FROM rapport_due_jobs(now())');
  const customer = api.database.forWorkspace(shop.db.workspaceId, decodeIdOf('Customer', ada));
  await Promise.all(Array.from({ length: 10 }, () => customer.query({ text: 'SELECT pg_sleep(0.05)', values: [] })));
  // Waits without a query, which would switch a connection to the role of the workspace.
  await sleep(600);

  expect(await shop.db.auditEvent.count({ where: { operation: 'Own', action: 'READ' } })).toBe(1);
  expect(rows).toHaveLength(1);
  expect(api.faults.slice(faults)).toEqual([]);
});

it('records no read if everything was masked', async () => {
  const scopes = allScopes.filter((scope) => !scope.startsWith('pii:'));
  const { secret } = await createApiKey(shop.db, { name: 'masked', scopes });
  await api.sendAs(secret, '{ customers { nodes { note contactPoints { nodes { value } } } } }');
  await api.flush();

  expect(await shop.db.auditEvent.count({ where: { keyName: 'masked' } })).toBe(0);
});

it('masks values before and after a change for a key without the scope of their class', async () => {
  await shop.data(upsert, {
    input: { key: { email: 'canary-email@example.com' }, note: null, addresses: [], birthday: null, salutations: [] },
  });
  const full = JSON.stringify(await events({}));
  // Includes the field name, because four digits alone may be part of any ID.
  const year = '"before":1904';

  for (const [piiClass, scope] of Object.entries(piiScopes)) {
    const scopes = allScopes.filter((each) => each !== scope);
    const { secret } = await createApiKey(shop.db, { name: 'narrow', scopes });
    const narrow = JSON.stringify(await events({}, secret));
    const planted = [...canaries[piiClass as keyof typeof canaries], year];
    const leaked = planted.filter((canary) => narrow.includes(canary));

    expect(leaked).toEqual(piiClass === 'BIRTHDAY' ? [] : [year]);
  }
  for (const shown of ['canary-note', 'canary-city', 'canary-salutation', year]) expect(full).toContain(shown);
});

it('needs a separate scope, which keys do not have by default', async () => {
  const { secret } = await createApiKey(shop.db, { name: 'plain' });

  const { errors } = await api.sendAs(secret, '{ auditEvents { nodes { id } } }');

  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

it.each([
  ['changed', 'UPDATE "AuditEvent" SET "keyName" = \'nobody\''],
  ['removed', 'DELETE FROM "AuditEvent"'],
  ['emptied', 'TRUNCATE "AuditEvent"'],
])('cannot be %s by the application', async (_, sql) => {
  const client = await api.database.pool.connect();
  await client.query("SELECT set_config('app.workspace_id', $1, false)", [shop.db.workspaceId]);

  await expect(client.query(sql)).rejects.toThrow(/permission denied/);

  client.release(true);
});

it('records a moved order for both customers, and its payments for the customer of the order', async () => {
  const key = { externalId: { source: 'moves', value: 'o' } };
  const order = { key, placedAt: '2026-01-01T00:00:00Z', currencyCode: 'PLN', total: '5' };
  const write = 'mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { order { id } } }';
  const payments = [{ kind: 'PAYMENT', method: 'cash', amount: '5' }];
  await shop.data(upsert, { input: { key: { email: 'bob@example.com' } } });
  await shop.data(write, { input: { ...order, customer: { id: ada }, payments } });
  await shop.data(write, { input: { ...order, customer: { email: 'bob@example.com' } } });

  const ofAda = await events({
    customerId: ada,
    entity: { in: ['Order', 'Payment'] },
    operation: { eq: 'upsertOrder' },
  });

  const said = ofAda.map(({ action, entity }: { action: string; entity: string }) => `${action} ${entity}`);
  expect(said).toContain('CREATED Payment');
  expect(said.filter((each: string) => each === 'UPDATED Order').length).toBeGreaterThanOrEqual(1);
  expect(JSON.stringify(ofAda)).toContain('"field":"customerId"');
});

it('records the reads of one workspace while writes for another fail, and retries those', async () => {
  const other = await api.tenant('other');
  const owner = (sql: string) => api.database.asOwner((pool) => pool.query(sql));
  const read = '{ customers { nodes { contactPoints { nodes { value } } } } }';
  await other.data(upsert, { input: { key: { email: 'other@example.com' } } });
  await api.flush();
  const before = await shop.db.auditEvent.count({ where: { action: 'READ' } });
  await owner(
    `ALTER TABLE "AuditEvent" ADD CONSTRAINT faulty CHECK ("workspaceId" <> '${shop.db.workspaceId}') NOT VALID`,
  );
  await shop.data(read);
  await other.data(read);
  await api.flush();
  const meanwhile = await other.db.auditEvent.count({ where: { action: 'READ' } });
  await owner('ALTER TABLE "AuditEvent" DROP CONSTRAINT faulty');
  await api.flush();

  expect(meanwhile).toBe(1);
  expect(await shop.db.auditEvent.count({ where: { action: 'READ' } })).toBeGreaterThan(before);
});
