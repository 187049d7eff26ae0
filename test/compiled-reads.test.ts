import { setTimeout } from 'node:timers/promises';
import { execute, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ApiKeyCache } from '../src/access/api-key-cache.ts';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { returnedPoints } from '../src/graphql/cost/returned-points.ts';
import { operationOf } from '../src/graphql/documents/operation.ts';
import { maskError } from '../src/graphql/errors.ts';
import { variablesOf } from '../src/graphql/sql/request-parts.ts';
import { Authentication } from '../src/server/authentication.ts';
import { schema } from '../src/server/schema.ts';
import { unlimited, useApi } from './api.ts';
import { writeCanaries } from './canaries.ts';
import { writeOneOfEverything } from './dataset.ts';
import { customersAndProducts, generateHistories } from './history-generator.ts';
import { randomGenerator } from './random.ts';
import { type Pool, randomQuery } from './random-queries.ts';
import { isOfRequest } from './rows-read.ts';
import { writeLines } from './run-import.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const lists = ['customers', 'orders', 'products', 'interactions', 'cases', 'locations', 'preferenceDefinitions'];
const roots = [
  ...lists,
  'auditEvents',
  'followUps',
  'nextActions',
  'nextActionCaps',
  'openCaseHandoffs',
  'birthdays',
  'atRiskCustomers',
  'unansweredInteractions',
  'apiKeys',
  'erasureRequests',
  'workspace',
  'customer',
  'order',
  'case',
  'product',
  'node',
  'nodes',
];
const pool: Pool = {
  ids: [],
  texts: ['MARKER-OF-A', 'Customer 1', 'e'],
  numbers: [0, 1, 2, 50],
  times: [],
  required: {},
};
const secrets: string[] = [];
const authentication = new Authentication(api.database, unlimited, new ApiKeyCache(api.database));

// Computed facts contain the time of the request.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterAll(() => void vi.useRealTimers());

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
  await writeLines(
    shop.db,
    [...customersAndProducts(12), ...generateHistories(12, 5).map(({ line }) => line)],
    'histories',
  );
  const found = await shop.data(
    `{ ${lists.map((list) => `${list}(first: 5) { nodes { ${list === 'preferenceDefinitions' ? 'key' : 'id'} } }`).join(' ')} }`,
  );
  const idsOf = (list: string): string[] => found[list].nodes.map(({ id }: { id: string }) => id);
  pool.ids = ['customers', 'orders', 'products', 'cases'].flatMap((list) => idsOf(list).slice(0, 2));
  pool.times = ['2024-06-01T00:00:00Z', '2025-03-01T00:00:00Z', '2026-01-01T00:00:00Z'];
  const keyed = (list: string) => idsOf(list).map((id) => ({ by: { id } }));
  pool.required = {
    customer: [...keyed('customers'), { by: { email: 'marker-of-a@example.com' } }, { by: { phone: '+48512345678' } }],
    order: [...keyed('orders'), { by: { externalId: { source: 'histories', value: 'order-1-0' } } }],
    case: keyed('cases'),
    birthdays: [{ from: '2026-02-15', days: 31 }],
    atRiskCustomers: [{ currencyCode: 'PLN' }, { currencyCode: 'EUR' }],
    unansweredInteractions: [{ since: '2020-01-01T00:00:00Z' }, { since: '2025-03-01T00:00:00Z' }],
    product: [...keyed('products'), { by: { externalId: { source: 'histories', value: 'nothing' } } }],
    nodes: [{ ids: pool.ids }, { ids: [...idsOf('interactions'), 'nothing', ...idsOf('locations')] }, { ids: [] }],
    node: [...pool.ids, ...idsOf('interactions')].map((id) => ({ id })),
  };
  const scopesOf = [
    allScopes,
    allScopes.filter((scope) => !scope.startsWith('pii:')),
    allScopes.filter((s) => s !== 'pii:free_text'),
  ];
  for (const scopes of scopesOf) secrets.push((await createApiKey(shop.db, { name: 'test', scopes })).secret);
}, 120_000);

// Returns what graphql-js answers through the resolvers, and the points of what it holds.
async function byResolvers(query: string, secret: string) {
  const headers = new Headers({ authorization: `Bearer ${secret}` });
  const context = await authentication.confirmedContextOf({ requestId: 'one', headers });
  const document = parse(query);
  const operation = operationOf(document, null);
  const { data, errors } = await execute({ schema, document, contextValue: context });
  const variables = operation ? variablesOf(schema, operation, {}) : null;
  const points = returnedPoints(schema, document, variables ?? {}, data);
  return { data, points, errors: errors?.map((error) => maskError(error, () => undefined, false).toJSON()) };
}

async function answerOf(query: string, secret: string) {
  await api.flush();
  api.statements.length = 0;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const body = JSON.stringify({ query });
  const answer = await api.fetch(new Request('http://rapport.test/graphql', { method: 'POST', headers, body }));
  return { text: await answer.text(), sent: api.statements.filter(isOfRequest).map(({ sql }) => sql) };
}

// Expects the answer of the resolvers and its points, from one statement. Returns the statements.
async function expectSameAnswer(query: string, secret: string): Promise<string[]> {
  expect(validate(schema, parse(query)), query).toEqual([]);
  const { text, sent } = await answerOf(query, secret);
  const wanted = await byResolvers(query, secret);
  const { data, errors, extensions } = JSON.parse(text);
  const { requested, actual } = extensions.cost;

  expect(api.faults.splice(0), query).toEqual([]);
  expect(errors?.map(textOf), query).toEqual(wanted.errors?.map(textOf));
  expect(actual, query).toBe(Math.max(wanted.points, 1));
  expect(actual, query).toBeLessThanOrEqual(requested);
  expect(wanted.points, query).toBeLessThanOrEqual(requested);
  if (wanted.errors) expect(data, query).toEqual(wanted.data);
  else expect(text.slice(0, text.lastIndexOf(',"extensions"')), query).toBe(`{"data":${textOf(wanted.data)}`);
  if (!wanted.errors && !query.includes('search:')) expect(sent, query).toEqual([expect.any(String)]);
  // graphql-js does not wait for the other resolvers if one fails.
  if (wanted.errors) await setTimeout(100);
  return sent;
}

it.each(Array.from({ length: 25 }, (_, n) => n))('answers random queries as the resolvers do (%i)', async (n) => {
  const draw = randomGenerator(n * 7_919 + 11);
  for (let i = 0; i < 20; i++) await expectSameAnswer(randomQuery(schema, roots, pool, draw), draw.one(secrets));
});

it.each(['first: 20', 'last: 3', 'kinds: [ORDER, CONSENT]', 'kinds: []'])(
  'reads the records on a timeline (%s) with its entries, and looks up only those with lists of their own',
  async (args) => {
    const plain = `__typename ... on Order { id number total { amount } } ... on Interaction { id body topics }
      ... on ConsentEvent { id status } ... on Case { subject } ... on Return { refundAmount { amount } }`;
    const nested = '... on Order { lines { nodes { quantity } } } ... on Interaction { subject }';
    const timelineOf = (selection: string) =>
      `{ customer(by: { email: "marker-of-a@example.com" }) { timeline(${args}) { ${selection} } } }`;
    const places = (sql: string | undefined, table: string) => sql?.split(`FROM "${table}"`).length ?? 0;
    for (const secret of secrets) {
      const selection = `nodes { kind item { ${plain} } } edges { cursor node { item { ${nested} } } } totalCount`;
      await expectSameAnswer(timelineOf(selection), secret);
      const [listed] = await expectSameAnswer(timelineOf(`nodes { item { ${plain} } }`), secret);
      const [bare] = await expectSameAnswer(timelineOf('nodes { kind }'), secret);
      const [mixed] = await expectSameAnswer(timelineOf(`nodes { item { ${nested} } }`), secret);
      for (const table of ['Order', 'Interaction']) expect(places(listed, table)).toBe(places(bare, table));
      expect(places(mixed, 'Interaction')).toBe(places(bare, 'Interaction'));
      expect(places(mixed, 'Order')).toBe(places(bare, 'Order') + 1);
    }
  },
);

const textOf = (value: unknown) => JSON.stringify(value);
