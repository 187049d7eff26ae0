import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '@0no-co/graphql.web';
import { createClient, type Document, type Fetch, RapportError } from '@rapport/sdk';
import type { Introspection, Scalars } from '@rapport/sdk/introspection';
import { Customer, Customers, Orders, PurchaseHistory, UpsertCustomer, UpsertOrder, Workspace } from '@rapport/sdk/ops';
import { initGraphQLTada, readFragment } from 'gql.tada';
import { type DocumentNode, parse } from 'graphql';
import { expect, it } from 'vitest';
import { useApi } from './api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const fetch: Fetch = (url, init) => api.fetch(new Request(url, init));
const client = createClient({ url: 'http://rapport.test/graphql', token: shop.secret, fetch });

it('writes a customer and an order, and reads the purchase history', async () => {
  const { upsertCustomer } = await client.request(UpsertCustomer, {
    input: { key: { email: 'ada@example.com' }, givenName: 'Ada' },
  });
  await client.request(UpsertOrder, {
    input: {
      key: { externalId: { source: 'shop', value: '1' } },
      customer: { id: upsertCustomer.customer.id },
      placedAt: '2026-01-01T00:00:00Z',
      currencyCode: 'PLN',
      paymentStatus: 'PAID',
      lines: [{ title: 'Lamp', quantity: 1, unitPrice: '10' }],
    },
  });

  const { customer } = await client.request(PurchaseHistory, { by: { email: 'ada@example.com' } });

  expect(upsertCustomer.outcome).toBe('CREATED');
  expect(customer?.orders.nodes).toMatchObject([
    { number: '1', total: { amount: '10.00', currencyCode: 'PLN' }, lines: { nodes: [{ title: 'Lamp' }] } },
  ]);
});

it('allows omitting variables if none are required', async () => {
  const { workspace } = await client.request(Workspace);
  const { customers } = await client.request(Customers, {});
  const { orders } = await client.request(Orders, { first: 1, where: { status: { eq: 'UNFULFILLED' } } });

  expect([workspace.slug, customers.nodes.length, orders.nodes.length]).toEqual(['shop', 1, 1]);
});

it('accepts documents of codegen, with their types', async () => {
  type Slug = { workspace: { slug: string } };
  const text = '{ workspace { slug } }';
  const parsed = parse(text) as DocumentNode & Document<Slug, Record<string, never>>;
  // As codegen generates them in string mode.
  class TypedDocumentString<Data, Variables> extends String implements Document<Data, Variables> {
    readonly __apiType?: (variables: Variables) => Data;
  }

  const answers = [
    await client.request(parsed),
    await client.request(new TypedDocumentString<Slug, Record<string, never>>(text)),
  ];

  expect(answers.map(({ workspace }) => workspace.slug)).toEqual(['shop', 'shop']);
});

it('accepts documents of gql.tada, with a printer', async () => {
  const graphql = initGraphQLTada<{ introspection: Introspection; scalars: Scalars }>();
  const Named = graphql('fragment Named on Workspace { slug }');
  const Slug = graphql('query Slug { workspace { ...Named createdAt } }', [Named]);
  const printing = createClient({ url: 'http://rapport.test/graphql', token: shop.secret, fetch, print });

  const { workspace } = await printing.request(Slug);
  const createdAt: string = workspace.createdAt;

  expect(readFragment(Named, workspace).slug).toBe('shop');
  expect(Date.parse(createdAt)).toBeGreaterThan(0);
  await expect(client.request(Slug)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('`print`'),
  });
});

it('throws errors of the API with code and field', async () => {
  const refusal = client.request(Customer, { by: { email: 'not an address' } });

  await expect(refusal).rejects.toBeInstanceOf(RapportError);
  await expect(refusal).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['by', 'email'], status: 200 });
});

it('reports an unknown key, and an unreachable API', async () => {
  const stranger = createClient({
    url: 'http://rapport.test/graphql',
    token: 'rapport_000000000000_x',
    fetch,
  });
  const nowhere = createClient({
    url: 'http://rapport.test/graphql',
    token: '',
    maxRetries: 0,
    fetch: () => Promise.reject(new Error('no route')),
  });

  await expect(stranger.request(Workspace)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  await expect(nowhere.request(Workspace)).rejects.toMatchObject({ code: 'NETWORK' });
});

it('does not compile with a wrong variable, field or enum value', () => {
  const folder = mkdtempSync(join(process.cwd(), 'sdk/src/wrong-'));
  const cases = {
    variable: `await client.request(Customer, { by: { mail: 'a@b.co' } });`,
    missing: `await client.request(Customer);`,
    twoKeys: `await client.request(Customer, { by: { email: 'a@b.co', phone: '1' } });`,
    field: `(await client.request(Customer, { by: { email: 'a@b.co' } })).customer?.nickname;`,
    excess: `await client.request(Customers, { frist: 3 });`,
    enum: `await client.request(Orders, { where: { status: { eq: 'SHIPPED' } } });`,
    right: `(await client.request(Customer, { by: { email: 'a@b.co' } })).customer?.displayName;`,
  };
  const start = `import { createClient } from '../index.ts';\nimport { Customer, Customers, Orders } from '../ops.ts';\nconst client = createClient({ url: '', token: '' });\nvoid Orders;\nvoid Customers;\nvoid Customer;\n`;
  for (const [name, code] of Object.entries(cases))
    writeFileSync(join(folder, `${name}.ts`), `${start}${code}\nexport {};\n`);

  const { stdout } = spawnSync('npx', ['tsc', '-p', 'sdk/tsconfig.json'], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });

  const refused = new Set([...stdout.matchAll(/\/(\w+)\.ts\(\d+,\d+\): error/g)].map(([, name]) => name));
  expect([...refused].sort()).toEqual(['enum', 'excess', 'field', 'missing', 'twoKeys', 'variable']);
});
