import { isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/server/schema.ts';
import { useApi } from './api.ts';
import { writeOneOfEverything } from './dataset.ts';

const api = await useApi();
const shop = await api.tenant('shop');
await writeOneOfEverything(shop);

/** All lists with a filter, each with its document. `$` marks the place of its `where`. */
const lists = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, args }) => {
    const where = args.find((arg) => arg.name === 'where')?.type;
    if (!isInputObjectType(where)) return [];
    const list = `${name}(where: $) { pageInfo { hasNextPage } }`;
    const roots: Record<string, string> = { Customer: 'customers', Order: 'orders', Case: 'cases' };
    const document = type.name === 'Query' ? `{ ${list} }` : `{ ${roots[type.name]} { nodes { ${list} } } }`;
    return [[`${type.name}.${name}`, where.name, document] as const];
  });
});

type Nesting = [name: string, open: string, close: string];
const not: Nesting = ['NOT', '{"NOT":', '}'];
const nestings: Nesting[] = [
  not,
  ['AND', '{"AND":[', ']}'],
  ['OR', '{"OR":[', ']}'],
  ['AND and NOT', '{"AND":{"NOT":', '}}'],
];
const nested = (levels: number, [, open, close]: Nesting, within = '{}') =>
  `${open.repeat(levels)}${within}${close.repeat(levels)}`;
const asLiteral = (json: string) => json.replace(/"(\w+)":/g, '$1: ');

async function answerTo(
  request: Request,
): Promise<{ code: string | undefined; message: string | undefined; field: unknown }> {
  const [{ message, extensions } = {} as never] = (await (await api.fetch(request)).json()).errors ?? [{}];
  return { code: extensions?.code, message, field: extensions?.field };
}

const headers = { authorization: `Bearer ${shop.secret}`, 'content-type': 'application/json' };
// Written without `JSON.stringify`, which would overflow the stack where the server must not.
const post = (query: string, variables = '{}') =>
  answerTo(
    new Request('http://rapport.test/graphql', {
      method: 'POST',
      headers,
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    }),
  );
const get = (query: string, variables: string) => {
  const url = `http://rapport.test/graphql?${new URLSearchParams({ query, variables })}`;
  return answerTo(new Request(url, { headers: { authorization: headers.authorization } }));
};

it('covers every list', () => {
  expect(lists.length).toBeGreaterThanOrEqual(15);
  expect(lists.filter(([, , document]) => document.includes('undefined'))).toEqual([]);
});

describe.each(lists)('%s', (_name, where, document) => {
  const withVariable = `query ($w: ${where}) ${document.replace('$', '$w')}`;
  const withLiteral = (literal: string) => document.replace('$', asLiteral(literal));
  const tooComplex = { code: 'QUERY_TOO_COMPLEX', message: expect.stringContaining('at most 40 levels of nesting') };

  it.each(nestings)('rejects a filter with 41 levels of %s', async (...nesting) => {
    expect(await post(withLiteral(nested(41, nesting)))).toMatchObject(tooComplex);
    for (const levels of [41, 1_000, 50_000]) {
      const answer = await post(withVariable, `{"w":${nested(levels, nesting)}}`);
      expect(answer).toMatchObject({ ...tooComplex, field: expect.arrayContaining([expect.any(String)]) });
    }
    expect(await get(withVariable, `{"w":${nested(41, nesting)}}`)).toMatchObject(tooComplex);
    expect(api.faults).toEqual([]);
  });

  it('rejects a filter of 41 levels, half of them in a literal', async () => {
    const literal = withLiteral(nested(15, not, '$w'));
    const halves = `query ($w: ${where}) ${literal}`;

    expect(await post(halves, `{"w":${nested(26, not)}}`)).toMatchObject({
      ...tooComplex,
      field: ['where'],
    });
    expect(await post(halves, `{"w":${nested(15, not)}}`)).toMatchObject({ code: undefined });
    expect(api.faults).toEqual([]);
  });

  it('accepts a filter of 30 levels, and rejects one of up to 40 only as too complex', async () => {
    for (const levels of [30, 36, 37, 38, 39, 40]) {
      const filter = nested(levels, not);
      const answers = [
        await post(withVariable, `{"w":${filter}}`),
        await post(withLiteral(filter)),
        await get(withVariable, `{"w":${filter}}`),
      ];
      for (const { code } of answers)
        expect(levels === 30 ? [undefined] : [undefined, 'QUERY_TOO_COMPLEX']).toContain(code);
    }
    expect(api.faults).toEqual([]);
  });
});

it('reports where other JSON is too deep, with any key names', async () => {
  const mutation = 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }';
  const deep = `{"NOT":${nested(100, ['', '{"a":[', ']}'])}}`;

  expect(await post(mutation, `{"input":{"metadata":${deep}}}`)).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'Must not be nested deeper than 40 levels.',
    field: expect.arrayContaining(['metadata', 'NOT', 'a', 0]),
  });
});
