import { createClient } from '@rapport/sdk';
import { PurchaseHistory } from '@rapport/sdk/ops';
import { parse } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { returnedPoints } from '../src/graphql/cost/returned-points.ts';
import { defaultLimits } from '../src/lib/limits.ts';
import { schema } from '../src/server/schema.ts';
import { useApi } from './api.ts';
import { known, useKnownCustomer } from './known-customer.ts';
import { everything } from './whole-context.ts';

const { api: unlimitedApi, shop, ask } = await useKnownCustomer();
const api = await useApi({ limits: defaultLimits }, unlimitedApi);
// The budget of a key is shared by all its servers.
const { secret } = await createApiKey(shop.db, { name: 'limited', scopes: allScopes });
const by = { email: 'buyer@example.com' };

type Cost = { requested: number; actual?: number };
type Costing = { data: unknown; errors?: unknown; extensions: { cost: Cost } };

async function send(query: string, variables: object = {}, through = api): Promise<Costing> {
  return (await through.sendAs(through === api ? secret : shop.secret, query, variables)) as unknown as Costing;
}

async function costOf(query: string, variables: object = {}, through = api): Promise<[number, number | undefined]> {
  const { requested, actual } = (await send(query, variables, through)).extensions.cost;
  return [requested, actual];
}

beforeAll(async () => {
  await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: by });
  for (let i = 0; i < 20; i++) {
    const lines = [0, 1, 2].map((n) => ({ title: `Product ${n}`, quantity: 1, unitPrice: '1' }));
    const key = { externalId: { source: 'cost', value: `${i}` } };
    const input = { key, customer: by, placedAt: '2026-01-01T00:00:00Z', currencyCode: 'PLN', total: '3', lines };
    await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', { input });
  }
}, 60_000);

it('costs a purchase history of 20 orders with 60 lines 91 points', async () => {
  const costs: unknown[] = [];
  const client = createClient({
    url: 'http://rapport.test/graphql',
    token: secret,
    fetch: (url, init) => api.fetch(new Request(url, init)),
    onAttempt: ({ cost }) => costs.push(cost),
  });

  const { customer } = await client.request(PurchaseHistory, { by, first: 20 });

  expect(customer?.orders.nodes.flatMap(({ lines }) => lines.nodes)).toHaveLength(60);
  // The lookup by email, the customer, the orders and their lines.
  expect(costs).toEqual([
    {
      requested: 10 + 1 + 20 * (1 + 20 * 2),
      actual: 10 + 1 + 20 + 60,
      limit: 10_000,
      remaining: expect.any(Number),
      resetAt: expect.any(String),
    },
  ]);
});

it('allows a list of 50 orders with all their parts', async () => {
  const [requested, actual] = await costOf(`{ orders(first: 50) { nodes {
    number total { amount currencyCode } customer { displayName }
    lines { nodes { title quantity unitPrice { amount } } pageInfo { hasNextPage } }
    payments { nodes { amount { amount } } } fulfillments { nodes { id } } returns { nodes { id } } } } }`);

  expect(requested).toBe(50 * (1 + 1 + 4 * 20));
  expect(actual).toBeGreaterThanOrEqual(20 * (1 + 1 + 3));
  expect(actual).toBeLessThan(requested / 5);
});

it.each([
  ['no object', '{ __typename }', [1, 1]],
  ['one row', '{ workspace { slug } }', [1, 1]],
  [
    'value objects',
    `{ orders(first: 1) { nodes { total { amount } tax { amount } } pageInfo { hasNextPage } } }`,
    [1, 1],
  ],
  ['edges', '{ customers(first: 1) { edges { cursor node { id } } } }', [1, 1]],
  ['a page without its rows', '{ customers(first: 30) { pageInfo { hasNextPage } } }', [30, 1]],
  ['a page of size 0', '{ customers(first: 0) { nodes { id } } }', [1, 1]],
  ['a total', '{ customers(first: 1) { totalCount(limit: 25000) } }', [3, 3]],
  ['totals in a list', '{ orders(first: 5) { nodes { lines(first: 1) { totalCount } } } }', [10, 10]],
  ['a total of a negative limit', '{ customers(first: 1) { totalCount(limit: -90000) } }', [1, 1]],
  ['a lookup that finds nobody', '{ customer(by: { email: "no@example.com" }) { id } }', [11, 10]],
  ['a field that was skipped', '{ customer(by: { email: "buyer@example.com" }) @skip(if: true) { id } }', [11, 1]],
  ['introspection', '{ __type(name: "Money") { name } }', [1, 1]],
  ['introspection and rows', '{ __type(name: "Money") { name } customers(first: 7) { totalCount } }', [8, 2]],
])('charges for %s', async (_what, query, [requested, actual]) => {
  expect(await costOf(query)).toEqual([requested, actual]);
});

it('charges a union for its most expensive type, and for what it returned', async () => {
  const query = `query ($by: CustomerKey!) { customer(by: $by) { timeline(first: 10) { nodes { kind item {
    ... on Order { id customer { id } } ... on Case { id } ... on Interaction { id customer { id } } } } } } }`;

  expect(await costOf(query, { by })).toEqual([11 + 10 * 3, 11 + 10 * 3]);
});

it('counts the objects of resolvers, whose types it tells from their fields', async () => {
  const query = `query ($search: String!, $by: CustomerKey!) {
    customers(where: { search: $search }) { nodes { timeline { nodes { item {
      ... on Order { number customer { id } } ... on Case { subject } ... on Interaction { summary: subject } } } } } }
    customer(by: $by) { orders(first: 3) { nodes { id } } } }`;

  const [, actual] = await costOf(query, { search: 'buyer', by });

  expect(actual).toBe(1 + 20 * 3 + 11 + 3);
});

it('charges a mutation for its write and the object it returns', async () => {
  const mutation = (tag: string, email: string) =>
    `${tag}: tagCustomer(input: { customer: { email: "${email}" }, tag: "${tag}" }) { outcome customer { id } }`;
  const [good, bad] = [mutation('a', 'buyer@example.com'), mutation('b', 'no@example.com')];

  expect(await costOf(`mutation { ${good} ${bad} }`)).toEqual([4, 3]);
  expect(await costOf(`mutation { ${bad} }`)).toEqual([2, 1]);
});

it('charges a total with a negative limit as any other', async () => {
  const total = (limit: number) =>
    `customers(first: 9) { totalCount(limit: ${limit}) } orders(first: 100) { nodes { id } }`;

  const [negative, positive] = [await send(`{ ${total(-2_000_000_000)} }`), await send(`{ ${total(10_000)} }`)];

  expect(negative.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: ['limit'] } }]);
  expect(negative.extensions.cost.requested).toBe(positive.extensions.cost.requested);
  expect(negative.extensions.cost.requested).toBeGreaterThan(100);
});

it('charges a request for the fields that succeed', async () => {
  const answer = await send('{ node(id: "x") { id } customers(first: 9) { nodes { id } } }');
  const whole = await send('{ customers(first: 9, after: "x") { nodes { id } } orders(first: 5) { nodes { id } } }');

  expect(answer.errors).toHaveLength(1);
  expect(answer.extensions.cost).toMatchObject({ requested: 10 });
  expect(answer.extensions.cost.actual).toBe(
    returnedPoints(schema, parse('{ customers { nodes { id } } }'), {}, answer.data),
  );
  expect(whole).toMatchObject({ data: null, extensions: { cost: { requested: 14, actual: 1 } } });
});

it('counts the objects of a customer context as they are in the response', async () => {
  const query = ask(everything);
  const { data, extensions } = await send(query, { by: known }, unlimitedApi);
  const { requested, actual } = extensions.cost;

  expect(actual).toBe(returnedPoints(schema, parse(query), { by: known }, data));
  expect(actual).toBeGreaterThan(20);
  expect(actual).toBeLessThanOrEqual(requested);
});
