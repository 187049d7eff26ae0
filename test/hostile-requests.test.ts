import { describe, expect, it } from 'vitest';
import { useApiOverHttp } from './over-http.ts';

const { api, shop, authorization, url, post, ask } = await useApiOverHttp();

describe('hostile requests', () => {
  const name = '__typename';
  const nested = (levels: number) =>
    `{ customers { nodes { ${'orders { nodes { customer { '.repeat(levels)} id ${'} } }'.repeat(levels)} } } }`;

  it.each([
    ['that is deep', nested(8)],
    ['that is deep in a fragment', `query { ...A } fragment A on Query ${nested(8)}`],
    ['with many aliases', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: ${name}`).join(' ')} }`],
    [
      'with aliases in a fragment that is spread often',
      `{ ${'...A '.repeat(11)} } fragment A on Query { a: ${name} b: ${name} c: ${name} }`,
    ],
    ['with many directives', `{ ${name} ${'@skip(if: false) '.repeat(31)} }`],
    [
      'with directives in a fragment that is spread often',
      `{ ${'...A @skip(if: false) '.repeat(16)} } fragment A on Query { ${name} @skip(if: false) }`,
    ],
    [
      'with fragments that double thirty times',
      `{ ...F0 } ${Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { a: ${name} ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F30 on Query { b: ${name} }`,
    ],
    ['that repeats a field', `{ ${`${name} `.repeat(142)} }`],
    ['that repeats a field within a repeated one', `{ ${`customers { nodes { id } } `.repeat(100)} }`],
    [
      'that repeats a field in fragments',
      `{ ...A ...B } fragment A on Query { ${`${name} `.repeat(71)} } fragment B on Query { ${`${name} `.repeat(71)} }`,
    ],
    [
      'with fragments that branch fifteen times',
      `{ ...F0 } ${Array.from({ length: 15 }, (_, i) => `fragment F${i} on Query { a { ...F${i + 1} } b { ...F${i + 1} } c { ...F${i + 1} } }`).join(' ')} fragment F15 on Query { ${name} }`,
    ],
    ['with many fields', `{ ${`${name} `.repeat(5_000)} }`],
    ['nested five thousand times', `${'{ a '.repeat(5_000)}${'} '.repeat(5_000)}`],
    [
      'with many mutations',
      `mutation { ${Array.from({ length: 6 }, (_, i) => `m${i}: upsertCustomer(input: { key: { email: "a${i}@example.com" } }) { outcome }`).join(' ')} }`,
    ],
    ['with a costly literal', '{ customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } } }'],
    [
      'with a costly default',
      'query ($n: Int = 100) { customers(first: $n) { nodes { orders(last: $n) { nodes { id } } } } }',
    ],
    [
      'with a costly fragment',
      '{ ...A } fragment A on Query { customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } } }',
    ],
  ])('rejects a document %s', async (_what, query) => {
    const answer = await ask(query);

    expect(answer.status).toBe(400);
    expect((await answer.json()).errors[0].extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect(await shop.db.customer.count()).toBe(0);
  });

  it('accepts a document that repeats a field up to the limit', async () => {
    expect(await (await ask(`{ ${`${name} `.repeat(100)} }`)).json()).toMatchObject({ data: { [name]: 'Query' } });
  });

  it('reports at most twenty errors of a document', async () => {
    const { errors } = await (await ask(`{ ${Array.from({ length: 100 }, (_, i) => `wrong${i}`).join(' ')} }`)).json();

    expect(errors.length).toBeLessThanOrEqual(21);
    expect(errors.length).toBeGreaterThanOrEqual(20);
  });

  it('rejects a list that is too long before reading its elements', async () => {
    const lines = Array.from({ length: 5_001 }, () => 'not a line');
    const input = { key: { externalId: { source: 'shop', value: '1' } }, lines };
    const answer = await ask('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
      input,
    });

    expect((await answer.json()).errors).toEqual([
      expect.objectContaining({
        message: 'Must have at most 5000 items.',
        extensions: { code: 'INVALID_INPUT', field: ['lines'] },
      }),
    ]);
  });

  it('rejects a query that variables make too expensive, and reports its cost', async () => {
    const query = 'query ($n: Int!) { customers(first: $n) { nodes { orders(first: $n) { nodes { id } } } } }';

    const [dear, cheap] = [await ask(query, { n: 100 }), await ask(query, { n: 10 })];

    expect(dear.status).toBe(400);
    expect(await dear.json()).toMatchObject({
      errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }],
      extensions: { cost: { requested: 10_100, limit: 10_000 } },
    });
    expect(await cheap.json()).toMatchObject({ extensions: { cost: { requested: 110, limit: 10_000 } } });
  });

  it.each([
    ['a body of twelve megabytes', 'x'.repeat(12_000_000), {}, 413],
    [
      'JSON a hundred thousand levels deep',
      `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      {},
      400,
    ],
    ['invalid JSON', 'query', {}, 400],
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]', {}, 400],
    ['a form', 'query=mutation', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    [
      'plain text, which a page can send without a preflight',
      '{"query":"{ __typename }"}',
      { 'content-type': 'text/plain' },
      415,
    ],
    ['another charset', '{"query":"{ __typename }"}', { 'content-type': 'application/json; charset=utf-16' }, 415],
    [
      'a fragment that spreads itself',
      JSON.stringify({ query: '{ ...A } fragment A on Query { ...A }' }),
      { accept: 'application/graphql-response+json' },
      400,
    ],
  ])('rejects %s with a code', async (_what, body, headers, status) => {
    const started = performance.now();
    const answer = await post(body, headers);

    expect(answer.status).toBe(status);
    expect((await answer.json()).errors[0].extensions.code).toBe('INVALID_INPUT');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each(['variables=x', 'variables=[]', 'extensions=x', `variables=${'['.repeat(5_000)}${']'.repeat(5_000)}`])(
    'rejects GET with %s',
    async (parameter) => {
      const answer = await fetch(`${url}?query={__typename}&${parameter}`, { headers: { authorization } });

      expect(answer.status).toBe(400);
      expect((await answer.json()).errors[0].extensions.code).toBe('INVALID_INPUT');
    },
  );

  const nestedList = `${'['.repeat(1_900)}${']'.repeat(1_900)}`;
  const nestedWhere = `${'{AND:['.repeat(45)}${']}'.repeat(45)}`;
  it.each([
    ['a comment of a hundred thousand letters', `#${'a'.repeat(100_000)}\n{ __typename }`, 'QUERY_TOO_COMPLEX'],
    [
      'a literal two thousand levels deep',
      `mutation { upsertInteraction(input: { metadata: ${nestedList} }) { outcome } }`,
      'QUERY_TOO_COMPLEX',
    ],
    ['a filter forty-five levels deep', `{ customers(where: ${nestedWhere}) { nodes { id } } }`, 'QUERY_TOO_COMPLEX'],
    ['more than a hundred IDs', `{ nodes(ids: [${'"a" '.repeat(101)}]) { id } }`, 'INVALID_INPUT'],
  ])('rejects %s', async (_what, query, code) => {
    const answer = await (await ask(query)).json();

    expect(answer.errors[0].extensions.code).toBe(code);
    expect(api.faults).toEqual([]);
  });

  it('accepts a filter of twenty levels', async () => {
    const where = `${'{AND:['.repeat(18)}${']}'.repeat(18)}`;

    expect((await (await ask(`{ customers(where: ${where}) { nodes { id } } }`)).json()).errors).toBeUndefined();
  });

  it('rejects a long body without a length header, without reading all of it', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } };

    const answer = await api.fetch(new Request('http://rapport.test/graphql', init));

    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(1_300_000);
  });

  it('accepts names of prototype properties as plain names', async () => {
    const query = 'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }';
    const body = `{"query":${JSON.stringify(query)},"variables":{"__proto__":{"input":1},"input":{"constructor":1,"key":{"email":"a@example.com"}}}}`;

    const answer = await post(body);

    expect((await answer.json()).errors[0].extensions.code).toBe('INVALID_INPUT');
    expect(({} as Record<string, unknown>).input).toBeUndefined();
  });

  it('still responds afterwards', async () => {
    expect(await (await ask('{ __typename }')).json()).toMatchObject({ data: { __typename: 'Query' } });
  });
});
