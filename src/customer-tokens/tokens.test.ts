import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { unlimited, useApi } from '../../test/api.ts';
import { canaries, writeCanaries } from '../../test/canaries.ts';
import { selectionOf } from '../../test/cross-tenant-values.ts';
import { importExamples, marker, writeOneOfEverything } from '../../test/dataset.ts';
import { createApiKey } from '../access/api-keys.ts';
import { allScopes } from '../access/scopes.ts';
import { encodeId } from '../lib/ids.ts';
import { schema } from '../server/schema.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const create = `mutation ($input: CreateCustomerTokenInput!) {
  createCustomerToken(input: $input) { token expiresAt scopes } }`;
const anna = { email: 'canary-email@example.com' };

let token: string;
let annasId: string;

async function newToken(more: object = {}): Promise<string> {
  return (await shop.data(create, { input: { customer: anna, ...more } })).createCustomerToken.token;
}

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await importExamples(shop);
  await writeCanaries(shop);
  token = await newToken();
  annasId = (await shop.data('query ($by: CustomerKey!) { customer(by: $by) { id } }', { by: anna })).customer.id;
});

describe('a customer token', () => {
  it('identifies the customer and shows only their own data', async () => {
    const { data } = await api.sendAs(
      token,
      `{ viewer { kind customerId keyName scopes }
         customers { totalCount nodes { id displayName contactPoints { nodes { value } } orders { totalCount nodes { number } } } }
         orders { totalCount } products { totalCount } }`,
    );

    expect(data.viewer).toMatchObject({ kind: 'CUSTOMER', customerId: annasId, keyName: 'a customer’s token' });
    expect(data.viewer.scopes).not.toContain('pii:free_text');
    expect(data.customers).toMatchObject({ totalCount: 1, nodes: [{ id: annasId, orders: { totalCount: 1 } }] });
    expect(JSON.stringify(data.customers)).toContain('canary-email@example.com');
    expect(data).toMatchObject({ orders: { totalCount: 1 }, products: { totalCount: 2 } });
  });

  it('cannot run introspection, which keys can', async () => {
    const asked = '{ ...A } fragment A on Query { __schema { queryType { name } } }';

    const [toToken, toKey] = await Promise.all([api.sendAs(token, asked), api.sendAs(shop.secret, asked)]);

    expect(toToken).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(toKey.data.__schema.queryType.name).toBe('Query');
  });

  it('shows no data of other customers and no text written by staff, in any query', async () => {
    const all = await newToken({ scopes: null });
    for (const [name, { type, args }] of Object.entries(schema.getQueryType()?.getFields() ?? {})) {
      if (args.some((arg) => String(arg.type).endsWith('!'))) continue;
      const { data } = await api.sendAs(all, `{ ${name} ${selectionOf(type, 5)} }`);
      // Products, locations and preference definitions are the same for every customer.
      if (['products', 'locations', 'preferenceDefinitions'].includes(name)) continue;

      const seen = JSON.stringify(data ?? null);
      expect(seen).not.toContain(marker);
      for (const written of canaries.FREE_TEXT) expect(seen).not.toContain(written);
    }
  });

  it('finds no node and no key of another customer', async () => {
    const others = [
      ['Customer', await shop.db.customer.findFirstOrThrow({ where: { displayName: marker } })],
      ['Order', await shop.db.order.findFirstOrThrow({ where: { number: marker } })],
      ['Case', await shop.db.case.findFirstOrThrow({ where: { subject: marker } })],
      ['Interaction', await shop.db.interaction.findFirstOrThrow({ where: { subject: marker } })],
    ] as const;
    for (const [type, { id }] of others) {
      const { data } = await api.sendAs(token, 'query ($id: ID!) { node(id: $id) { id } }', { id: encodeId(type, id) });
      expect(data).toEqual({ node: null });
    }

    const { data } = await api.sendAs(
      token,
      '{ a: customer(by: { email: "marker-of-a@example.com" }) { id } b: customers(where: { search: "marker" }) { totalCount } }',
    );

    expect(data).toEqual({ a: null, b: { totalCount: 0 } });
  });

  it('cannot write, because its database session is read-only', async () => {
    const { errors } = await api.sendAs(
      token,
      'mutation ($by: CustomerKey!) { tagCustomer(input: { customer: $by, tag: "x" }) { outcome } }',
      { by: anna },
    );
    const customerId = (await shop.db.customer.findFirstOrThrow({ where: { displayName: { not: marker } } })).id;
    const own = api.database.forWorkspace(shop.db.workspaceId, customerId);

    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await expect(own.customer.updateMany({ data: { note: 'x' } })).rejects.toThrow(/permission denied/);
    await expect(own.rateLimit.findMany()).rejects.toThrow(/permission denied/);
    expect([await own.apiKey.findMany(), await own.auditEvent.findMany()]).toEqual([[], []]);
    expect(await own.caseHandoff.findMany()).toEqual([]);
    expect(await own.payment.findMany()).toEqual([]);
    expect(await own.customer.count()).toBe(1);
  });

  it('is isolated from other credentials within one tick', async () => {
    const marked = (await shop.data(create, { input: { customer: { email: 'marker-of-a@example.com' } } }))
      .createCustomerToken.token;
    const mine = '{ customers { nodes { displayName } } }';

    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, i) => api.sendAs([token, marked, shop.secret][i % 3] ?? '', mine)),
    );

    const names = answers.map(({ data }) =>
      data.customers.nodes.map((each: { displayName: string }) => each.displayName),
    );
    expect(names.filter((each, i) => i % 3 === 0 && each.join() !== 'canary-display@example.com')).toEqual([]);
    expect(names.filter((each, i) => i % 3 === 1 && each.join() !== marker)).toEqual([]);
    expect(names.filter((each, i) => i % 3 === 2 && each.length !== 2)).toEqual([]);
  });

  it('is recorded in the audit log when it is created, with the ID of its customer', async () => {
    const events = await shop.db.auditEvent.findMany({ where: { entity: 'CustomerToken' } });

    const ofAnna = events.filter(({ customerId }) => encodeId('Customer', customerId ?? '') === annasId);
    expect(ofAnna[0]).toMatchObject({ operation: 'createCustomerToken', action: 'CREATED', keyName: 'test' });
    expect(JSON.stringify(await shop.db.auditEvent.findMany())).not.toContain(token);
  });
});

describe('a token is rejected', () => {
  // Derives the signing key of customer tokens from the secret of an API key.
  const signingKey = (secret: string) =>
    createHmac('sha256', createHash('sha256').update(secret).digest()).update('rapport customer token').digest();
  const prefixOf = (secret: string) => secret.split('_')[1] ?? '';
  const now = () => Math.floor(Date.now() / 1_000);
  const claims = () => ({ scope: 'customers:read', sub: annasId, aud: 'rapport', iat: now(), exp: now() + 60 });
  const sign = (payload: object, secret = shop.secret, header = {}) =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: 'HS256', kid: prefixOf(secret), ...header })
      .sign(signingKey(secret));

  async function codeOf(credential: string): Promise<string> {
    const { data, errors } = await api.sendAs(credential, '{ customers { totalCount } }');
    return errors?.[0]?.extensions.code ?? `let in: ${JSON.stringify(data)}`;
  }

  it('unless it is valid, even if the holder of the key signed it', async () => {
    expect(await codeOf(await sign(claims()))).toBe('let in: {"customers":{"totalCount":1}}');
  });

  it.each([
    ['without an expiry', () => ({ ...claims(), exp: undefined })],
    ['after it has expired', () => ({ ...claims(), iat: now() - 120, exp: now() - 60 })],
    ['more than an hour after it was issued', () => ({ ...claims(), iat: now() - 3_700, exp: now() + 60 })],
    ['before it becomes valid', () => ({ ...claims(), nbf: now() + 600 })],
    ['without an issue time', () => ({ ...claims(), iat: undefined })],
    ['with another audience', () => ({ ...claims(), aud: 'someone' })],
    ['without an audience', () => ({ ...claims(), aud: undefined })],
    ['without a subject', () => ({ ...claims(), sub: undefined })],
    ['with a subject that is not a customer', () => ({ ...claims(), sub: encodeId('Order', crypto.randomUUID()) })],
    ['without scopes', () => ({ ...claims(), scope: undefined })],
  ])('%s', async (_, payload) => {
    expect(await codeOf(await sign(JSON.parse(JSON.stringify(payload()))))).toBe('UNAUTHENTICATED');
  });

  it('if it is unsigned, signed with another algorithm, or altered', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const kid = prefixOf(shop.secret);
    const byRsa = await new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
    const by512 = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS512', kid }).sign(Buffer.alloc(64, 1));
    const unsigned = new UnsecuredJWT(claims()).encode();
    const [head, , signature] = token.split('.');
    const changed = [head, Buffer.from(JSON.stringify(claims())).toString('base64url'), signature].join('.');

    for (const forged of [byRsa, by512, unsigned, changed, `${token}x`, `${head}..${signature}`, 'a.b.c'])
      expect(await codeOf(forged)).toBe('UNAUTHENTICATED');
  });

  it('if its key lacks the scope to create tokens, is an agent key, or is revoked', async () => {
    const scopes = allScopes.filter((scope) => scope !== 'tokens:write');
    const plain = await createApiKey(shop.db, { name: 'plain', scopes });
    const agent = await createApiKey(shop.db, { name: 'agent', kind: 'AGENT', scopes: allScopes });
    const server = await createApiKey(shop.db, { name: 'server', scopes: allScopes });
    const before = await codeOf(await sign(claims(), server.secret));
    await shop.db.apiKey.updateMany({ where: { id: server.id }, data: { revokedAt: new Date() } });

    expect(before).toMatch(/^let in/);
    for (const { secret } of [plain, agent, server])
      expect(await codeOf(await sign(claims(), secret))).toBe('UNAUTHENTICATED');
    const { errors } = await api.sendAs(agent.secret, create, { input: { customer: anna } });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('if it asks for scopes that its key lacks or that no customer can have', async () => {
    const narrow = await createApiKey(shop.db, { name: 'narrow', scopes: ['customers:read', 'tokens:write'] });
    const wide = await sign(
      { ...claims(), scope: 'customers:read orders:read customers:write keys:read' },
      narrow.secret,
    );
    const { data } = await api.sendAs(wide, '{ viewer { scopes } }');
    const asked = async (scopes: string[]) =>
      (await api.sendAs(narrow.secret, create, { input: { customer: anna, scopes } })).errors?.[0]?.extensions;

    expect(data.viewer.scopes).toEqual(['customers:read']);
    const missingScopes = ['orders:read'];
    expect(await asked(missingScopes)).toEqual({ code: 'FORBIDDEN', field: ['scopes'], missingScopes });
    expect(await asked(['customers:write'])).toEqual({ code: 'INVALID_INPUT', field: ['scopes'] });
  });

  it('for a customer of another workspace, even if their ID is known', async () => {
    const other = await api.tenant('other');

    const forged = await sign(claims(), other.secret);

    expect(await codeOf(forged)).toBe('UNAUTHENTICATED');
  });

  it('for an unknown customer, or with a malformed key prefix', async () => {
    const nobody = await sign({ ...claims(), sub: encodeId('Customer', crypto.randomUUID()) });
    const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'a\u0000b' })).toString('base64url');

    expect([await codeOf(nobody), await codeOf(`${head}.e30.AAAA`)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  });

  it('for invalid input, without an entry in the audit log', async () => {
    const before = await shop.db.auditEvent.count({ where: { entity: 'CustomerToken' } });
    await shop.error(create, { input: { customer: anna, scopes: ['nope'] } });
    await shop.error(create, { input: { customer: anna, expiresInSeconds: 9_999 } });

    expect(await shop.db.auditEvent.count({ where: { entity: 'CustomerToken' } })).toBe(before);
  });
});
