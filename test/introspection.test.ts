import { getIntrospectionQuery, graphqlSync } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/server/create-server.ts';
import { schema } from '../src/server/schema.ts';
import { silent, useApi } from './api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const open = createServer({ database: api.database, logger: silent, forDevelopment: true });

const post = (body: object) =>
  new Request('http://rapport.test/graphql', { method: 'POST', body: JSON.stringify(body), headers });
const headers = { 'content-type': 'application/json' };

async function costOf(query: string, variables = {}) {
  const { extensions } = (await shop.send(query, variables)) as never as {
    extensions: { cost: { requested: number } };
  };
  return extensions.cost.requested;
}

const aliased = (copies: number) => {
  const root = '{ types { name fields { name args { name } type { name ofType { name } } } } }';
  return `{ ${Array.from({ length: copies }, (_, i) => `s${i}: __schema ${root}`).join(' ')} }`;
};

describe('the standard introspection query', () => {
  it.each([
    {},
    { descriptions: false },
    { schemaDescription: true, inputValueDeprecation: true, specifiedByUrl: true, directiveIsRepeatable: true },
    { oneOf: true },
  ])('gets the same response every time, with the options %j', async (options) => {
    const query = getIntrospectionQuery(options);
    const expected = graphqlSync({ schema, source: query });

    for (const named of [query, query, query.replace('IntrospectionQuery', 'Mine')]) {
      expect((await shop.send(named)).data).toEqual(JSON.parse(JSON.stringify(expected.data)));
      expect((await (await open.fetch(post({ query: named }))).json()).data).toEqual((await shop.send(named)).data);
    }
  });
});

it('rejects introspection with many aliases, with and without a key', async () => {
  const tooMuch = { errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] };
  const strangersAnswer = async (query: string) => (await open.fetch(post({ query }))).json();

  const once = await shop.send(aliased(1));

  expect(once.errors).toBeUndefined();
  expect((await strangersAnswer(aliased(1))).data).toEqual(once.data);
  expect(await shop.send(aliased(29))).toMatchObject(tooMuch);
  expect(await strangersAnswer(aliased(29))).toMatchObject(tooMuch);
});

it('counts one point for each schema object in the response', async () => {
  const types = Object.keys(schema.getTypeMap()).length;

  expect(await costOf('{ __schema { types { name } } }')).toBe(1 + types);
  expect(await costOf('{ __schema { types { name } } again: __schema { types { name } } }')).toBe(2 * (1 + types));
  expect(await costOf('{ __schema { ...T } } fragment T on __Schema { types { name } }')).toBe(1 + types);
});

it('costs the same, no matter which type was requested before', async () => {
  const query = 'query ($name: String!) { __type(name: $name) { fields { name } } }';
  const fresh = await costOf('query Fresh($name: String!) { __type(name: $name) { fields { name } } }', {
    name: 'Customer',
  });

  expect(await costOf(query, { name: 'Nothing' })).toBeLessThan(fresh);
  expect(await costOf(query, { name: 'Customer' })).toBe(fresh);
});

it('costs the same, no matter which text was sent before', async () => {
  const query = 'query ($by: CustomerKey!) { customer(by: $by) { id } }';

  await shop.send(query, { by: { email: '' } });

  expect(await costOf(query, { by: { email: 'a@example.com' } })).toBe(11);
});

it('reports unknown directives only once', async () => {
  const directives = Array.from({ length: 10 }, (_, i) => `@d${i}`).join(' ');

  const { errors } = await shop.send(`{ viewer ${directives} { keyName } }`);

  expect(errors).toEqual([expect.objectContaining({ message: 'Unknown directive "@d0".' })]);
});
