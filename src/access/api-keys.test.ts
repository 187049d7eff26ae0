import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { createApiKey } from './api-keys.ts';
import { allScopes, readScopes } from './scopes.ts';

const { flush, sendAs, tenant } = await useApi();
const shop = await tenant('shop');

const create =
  'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id kind scopes beginning } } }';
const revoke = 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { outcome apiKey { revokedAt } } }';
const viewer = '{ viewer { keyId keyName kind scopes limits { cost pageSize } } }';

it('creates a read-only key and identifies its holder', async () => {
  const { createApiKey: made } = await shop.data(create, { input: { name: 'Ada’s agent', kind: 'AGENT' } });

  const answer = await sendAs(made.secret, viewer);

  expect(made.secret.startsWith(`${made.apiKey.beginning}_`)).toBe(true);
  expect(answer.data.viewer).toEqual({
    keyId: made.apiKey.id,
    keyName: 'Ada’s agent',
    kind: 'AGENT',
    scopes: readScopes,
    limits: { cost: 10_000, pageSize: 100 },
  });
});

it('shows a secret only once, and in no list, node or row', async () => {
  const { createApiKey: made } = await shop.data(create, { input: { name: 'once' } });

  const list = await shop.data('{ apiKeys(first: 100) { nodes { id name kind beginning scopes createdAt } } }');
  const rows = await shop.db.apiKey.findMany();

  expect(list.apiKeys.nodes.map(({ id }: { id: string }) => id)).toContain(made.apiKey.id);
  const hidden = made.secret.slice(made.apiKey.beginning.length + 1);
  expect(hidden.length).toBeGreaterThan(40);
  expect(JSON.stringify([list, rows])).not.toContain(hidden);
});

it('records when a key was last used, with one write for many uses', async () => {
  const { id, secret } = await createApiKey(shop.db, { name: 'busy' });
  const row = () =>
    shop.db.apiKey.findUniqueOrThrow({ where: { workspaceId_id: { workspaceId: shop.db.workspaceId, id } } });
  const unused = await row();
  const before = new Date();

  await sendAs(secret, viewer);
  await sendAs(secret, viewer);
  const meanwhile = await row();
  await flush();

  expect([unused.lastUsedAt, meanwhile.lastUsedAt]).toEqual([null, null]);
  expect((await row()).lastUsedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());
  const { apiKeys } = await shop.data('{ apiKeys(first: 100) { nodes { name lastUsedAt } } }');
  expect(apiKeys.nodes.find(({ name }: { name: string }) => name === 'busy').lastUsedAt).toMatch(/^20.*Z$/);
});

it('rejects scopes that the creating key lacks', async () => {
  const { secret } = await createApiKey(shop.db, { name: 'keeper', scopes: ['keys:write', 'orders:read'] });

  const bare = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
  const more = await sendAs(secret, bare, { input: { name: 'more', scopes: ['orders:read', 'orders:write'] } });
  const unsaid = await sendAs(secret, 'mutation { createApiKey(input: { name: "unsaid" }) { secret } }');

  expect(more.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', field: ['scopes'] });
  expect((await sendAs(unsaid.data.createApiKey.secret, viewer)).data.viewer.scopes).toEqual(['orders:read']);
});

it('rejects a key that expires after its creator, and a server key created by an agent key', async () => {
  const soon = new Date(Date.now() + 60_000);
  const maker = await createApiKey(shop.db, {
    name: 'maker',
    kind: 'AGENT',
    scopes: ['keys:write', 'keys:read'],
    expiresAt: soon,
  });

  const longer = await sendAs(maker.secret, create, { input: { name: 'longer', expiresAt: '2099-01-01T00:00:00Z' } });
  const server = await sendAs(maker.secret, create, { input: { name: 'server', kind: 'SECRET' } });
  const alike = await sendAs(maker.secret, create, { input: { name: 'alike' } });

  expect(longer.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', field: ['expiresAt'] });
  expect(server.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', field: ['kind'] });
  const { kind, expiresAt } = await shop.db.apiKey.findFirstOrThrow({ where: { name: 'alike' } });
  expect(alike.data.createApiKey.apiKey.kind).toBe('AGENT');
  expect({ kind, expiresAt }).toEqual({ kind: 'AGENT', expiresAt: soon });
});

it('rejects a revoked key from the next request on, and an expired one', async () => {
  const { createApiKey: made } = await shop.data(create, { input: { name: 'short-lived' } });
  const input = { id: made.apiKey.id };

  const before = await sendAs(made.secret, viewer);
  const first = await shop.data(revoke, { input });
  const after = await sendAs(made.secret, viewer);
  const second = await shop.data(revoke, { input });

  expect(before.errors).toBeUndefined();
  expect([first.revokeApiKey.outcome, second.revokeApiKey.outcome]).toEqual(['UPDATED', 'NOOP']);
  expect(second.revokeApiKey.apiKey.revokedAt).toBe(first.revokeApiKey.apiKey.revokedAt);
  expect(after.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');

  const soon = await createApiKey(shop.db, { name: 'soon', expiresAt: new Date(Date.now() + 50) });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect((await sendAs(soon.secret, viewer)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

it.each([
  [{ name: ' ' }, ['name']],
  [{ name: 'x', scopes: ['planets:read'] }, ['scopes']],
  [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, ['expiresAt']],
])('rejects %j and names the field', async (input, field) => {
  const error = await shop.error(create, { input });

  expect(error.extensions).toMatchObject({ code: 'INVALID_INPUT', field });
});

it('writes nothing if the key lacks a scope for the selected fields', async () => {
  const { secret } = await createApiKey(shop.db, {
    name: 'writer',
    scopes: ['keys:write', 'orders:write', 'orders:read'],
  });
  const order = `mutation { upsertOrder(input: { key: { externalId: { source: "s", value: "1" } },
    placedAt: "2026-01-01T00:00:00Z", currencyCode: "GBP", total: "1" }) { outcome order { id ...Buyer } } }
    fragment Buyer on Order { customer { displayName } }`;

  const key = await sendAs(secret, create, { input: { name: 'unseen' } });
  const unnamed = await sendAs(secret, create.replace('id kind scopes beginning', '... on Node { id }'), {
    input: { name: 'unseen' },
  });
  const unseen = await sendAs(secret, order);
  const other = 'query Other { ...Orders } fragment Orders on Query { customers { totalCount } }';
  const make = 'mutation Make { createApiKey(input: { name: "made" }) { secret } }';
  const made = await sendAs(secret, `${make} ${other}`, {}, { operationName: 'Make' });
  const seen = await sendAs(secret, order.replace('...Buyer', '').replace(/fragment.*/s, ''));

  expect([key, unnamed, unseen].map(({ errors }) => errors?.[0])).toMatchObject([
    { message: expect.stringContaining('keys:read'), extensions: { code: 'FORBIDDEN' } },
    { message: expect.stringContaining('keys:read'), extensions: { code: 'FORBIDDEN' } },
    { message: expect.stringContaining('customers:read'), extensions: { code: 'FORBIDDEN' } },
  ]);
  expect(await shop.db.apiKey.count({ where: { name: 'unseen' } })).toBe(0);
  expect(seen.data.upsertOrder.outcome).toBe('CREATED');
  expect(made.errors).toBeUndefined();
});

it('rejects reading and creating keys without the `keys:` scopes', async () => {
  const scopes = allScopes.filter((scope) => !scope.startsWith('keys:'));
  const { secret } = await createApiKey(shop.db, { name: 'no keys', scopes });

  const answers = await Promise.all([
    sendAs(secret, '{ apiKeys { nodes { id } } }'),
    sendAs(secret, create, { input: { name: 'x' } }),
  ]);

  expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
});
