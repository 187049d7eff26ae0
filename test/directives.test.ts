import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { expect, it } from 'vitest';
import { createApiKey, revokeApiKey } from '../src/access/api-keys.ts';
import { identityNames } from '../src/customer-context/sections/identity-schema.ts';
import { encodeId } from '../src/lib/ids.ts';
import { createServer } from '../src/server/create-server.ts';
import { schema } from '../src/server/schema.ts';
import { silent, unlimited } from './api.ts';
import { useHttpServer } from './http-server.ts';
import { known, timeless, useKnownCustomer } from './known-customer.ts';
import { contextType } from './whole-context.ts';

const { api, shop } = await useKnownCustomer();
const server = createServer({ database: api.database, logger: silent, limits: unlimited });

const url = await useHttpServer(server);

type Holds = (on: boolean) => boolean;

/**
 * A selection and its expected response. Null inside means a leaf; `holds` is called with the value of the variable
 * `$on`.
 */
type Drawn = { text: string; parts: { key: string; within: Drawn | null; holds: Holds }[] };
type Draw = (below: number) => number;

const unconditional = { text: '', holds: () => true };
const conditions: { text: string; holds: Holds }[] = [
  { text: '@skip(if: true)', holds: () => false },
  { text: '@skip(if: false)', holds: () => true },
  { text: '@skip(if: $on)', holds: (on) => !on },
  { text: '@include(if: $on)', holds: (on) => on },
  { text: '@include(if: $off)', holds: () => false },
  { text: '@include(if: $on) @skip(if: $on)', holds: () => false },
  { text: '@include(if: $on) @skip(if: $off)', holds: (on) => on },
];
const pick = (draw: Draw) => (draw(3) === 0 && conditions[draw(conditions.length)]) || unconditional;

function selection(type: GraphQLObjectType, draw: Draw, depth: number, isContext: boolean): Drawn {
  // A context has parts for the data of its customer.
  const isLimited = isContext && type.name === 'Customer';
  const fields = Object.values(type.getFields()).filter(
    (field) => isDrawn(field) && (depth > 0 || isLeaf(field)) && (!isLimited || identityNames.has(field.name)),
  );
  const objects = fields.filter((field) => !isLeaf(field));
  const parts = Array.from({ length: 1 + draw(4) }, (_, i) => {
    const among = objects.length > 0 && draw(2) ? objects : fields;
    const field = draw(4) > 0 ? among[draw(among.length)] : undefined;
    const [own, around] = [pick(draw), pick(draw)];
    const within = field && !isLeaf(field) ? selection(objectOf(field), draw, depth - 1, isContext) : null;
    const text = `x${i}: ${field?.name ?? '__typename'} ${own.text} ${within?.text ?? ''}`;
    return {
      key: `x${i}`,
      within,
      holds: (on: boolean) => own.holds(on) && around.holds(on),
      text: around === unconditional ? text : `... ${draw(2) ? `on ${type.name}` : ''} ${around.text} { ${text} }`,
    };
  });
  return { text: `{ ${parts.map(({ text }) => text).join(' ')} }`, parts };
}

type Field = GraphQLField<unknown, unknown>;
const isLeaf = ({ type }: Field) => isLeafType(getNamedType(type));
const objectOf = ({ type }: Field) => getNamedType(type) as GraphQLObjectType;
const isDrawn = (field: Field) =>
  !field.args.some(isRequiredArgument) && (isLeaf(field) || isObjectType(getNamedType(field.type)));

function operation(draw: Draw): Drawn {
  const context = getNamedType(contextType) as GraphQLObjectType;
  const customer = schema.getType('Customer') as GraphQLObjectType;
  const parts = Array.from({ length: 1 + draw(3) }, (_, i) => {
    const isContext = draw(4) > 0;
    const within = selection(isContext ? context : customer, draw, 4, isContext);
    const { text, holds } = pick(draw);
    const field = isContext ? 'customerContext(by: $by, purpose: SUPPORT)' : 'customer(by: $by)';
    return { key: `r${i}`, within, holds, text: `r${i}: ${field} ${text} ${within.text}` };
  });
  // Every variable must be used.
  const last = {
    key: 'last',
    within: null,
    holds: (on: boolean) => on,
    text: 'last: customerContext(by: $by, purpose: SUPPORT) @include(if: $on) @skip(if: $off) { at }',
  };
  const all = [...parts, last];
  const variables = '$by: CustomerKey!, $on: Boolean!, $off: Boolean = false';
  return { text: `query (${variables}) { ${all.map(({ text }) => text).join(' ')} }`, parts: all };
}

function expectParts(value: unknown, drawn: Drawn, on: boolean): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) expectParts(each, drawn, on);
    return;
  }
  const there = drawn.parts.filter(({ holds }) => holds(on));
  expect(Object.keys(Object(value))).toEqual(there.map(({ key }) => key));
  for (const { key, within } of there) if (within) expectParts(Object(value)[key], within, on);
}

const headersOf = (secret: string) => ({ authorization: `Bearer ${secret}`, 'content-type': 'application/json' });

async function sent(query: string, variables: object) {
  const [headers, body] = [headersOf(shop.secret), JSON.stringify({ query, variables })];
  const byGet = `${url}?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
  const answers = [
    await fetch(url, { method: 'POST', headers, body }),
    // A repeated query takes a different code path.
    await fetch(url, { method: 'POST', headers, body }),
    await fetch(byGet, { headers }),
    await server.fetch(new Request(url, { method: 'POST', headers, body })),
  ];
  return Promise.all(answers.map(async (answer) => JSON.parse(await answer.text())));
}

it('returns the fields that directives leave, for any directives and any transport', async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
      const drawn = operation((below) => (numbers.next().value ?? 0) % below);

      for (const on of [true, false]) {
        const answers = await sent(drawn.text, { by: known, on });
        for (const { data, errors } of answers) {
          expect(errors).toBeUndefined();
          expectParts(data, drawn, on);
          expect(timeless(data)).toEqual(timeless(answers[0].data));
        }
      }
    }),
    { numRuns: api.isEmbedded ? 150 : 300 },
  );
}, 60_000);

it.each([
  'query ($by: CustomerKey!, $on: Boolean!) { customerContext(by: $by, purpose: SUPPORT) @include(if: $on) { at } }',
  'mutation ($by: CustomerKey!, $on: Boolean!) { tagCustomer(input: { customer: $by, tag: "a" }) @include(if: $on) { outcome } }',
  'mutation ($by: CustomerKey!, $on: Boolean!) { __typename @include(if: $on) tagCustomer(input: { customer: $by, tag: "" }) { outcome } }',
])('rejects a just revoked key even if directives leave nothing to run: %s', async (query) => {
  const { id, secret } = await createApiKey(shop.db, { name: 'over', scopes: ['customers:read', 'customers:write'] });
  const post = async (on: boolean) => {
    const body = JSON.stringify({ query, variables: { by: known, on } });
    return (await fetch(url, { method: 'POST', headers: headersOf(secret), body })).status;
  };
  const before = [await post(true), await post(true), await post(false)];
  await revokeApiKey(shop.db, { id: encodeId('ApiKey', id) });

  expect(before).toEqual([200, 200, 200]);
  expect(await post(false)).toBe(401);
});
