import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { asker, exactly, type Kind, operation, outcomeOf, type Target } from './kinds.ts';

const tooComplex = '400 QUERY_TOO_COMPLEX';
const invalid = '200 INVALID_INPUT';
const data = '200 data';

const context = (name: string, selection: string) =>
  `query ${name}($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { ${selection} } }`;
const fields = 'identity { displayName locale timezone country } ';
const padded = (query: string, length: number) => `${query} #${'x'.repeat(Math.max(0, length - query.length - 2))}`;
const repeated = (n: number, text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join(' ');
const deep = (levels: number) => `${'{a'.repeat(levels)}${'}'.repeat(levels)}`;
const types = '{ types { name fields { name args { name } type { name ofType { name } } } } }';

/** Documents that are long, deep, expensive or repetitive, or that are new to every cache. */
export function documents(target: Target): Kind[] {
  const ask = asker(target);
  const { customers } = target.soak;
  const customer = (n: number) => customers[300 + (n % 300)] ?? customers[0];
  const by = (n: number) => ({ by: { email: customer(n)?.email } });
  const refused = (name: string, query: (n: number) => string, expects = tooComplex): Kind => ({
    name,
    expects: [expects],
    ask: async (n) => outcomeOf(await ask(n, operation(query(n), by(n)))),
  });
  const answered = (name: string, query: (n: number) => string, expected: (n: number) => object, more = {}): Kind => ({
    name,
    expects: [data],
    ask: async (n) => exactly(await ask(n, operation(query(n), { ...by(n), ...more })), expected(n)),
  });
  const id = (n: number) => ({ customerContext: { customerId: customer(n)?.id } });
  let introspected = '';

  return [
    answered(
      'long documents, 49 KB, each another',
      (n) =>
        padded(
          `${context(`Long${n}`, 'customerId ...F')} fragment F on CustomerContext { ${fields.repeat(40)} }`,
          49_000,
        ),
      (n) => ({
        customerContext: {
          customerId: customer(n)?.id,
          identity: { displayName: customer(n)?.name, locale: 'pl-PL', timezone: 'Europe/Warsaw', country: 'PL' },
        },
      }),
    ),
    refused('a field repeated 400 times', (n) => context(`Repeated${n}`, fields.repeat(400))),
    refused('documents of 100 KB, each another', (n) => padded(context(`Longer${n}`, fields.repeat(300)), 100_000)),
    refused(
      'long documents, 49 KB, invalid, each another',
      (n) =>
        padded(
          context(
            `Invalid${n}`,
            repeated(900, (i) => `nothing${n}x${i}`),
          ),
          49_000,
        ),
      invalid,
    ),
    refused('documents that cannot be parsed, 49 KB', (n) => padded(`{ a${n} ${'b '.repeat(2_000)}`, 49_000), invalid),
    refused('29 aliases of introspection', () => `{ ${repeated(29, (i) => `s${i}: __schema ${types}`)} }`),
    {
      name: 'standard introspection',
      expects: [data],
      ask: async (n) => {
        const answer = await ask(n, operation(getIntrospectionQuery(), {}, { operationName: 'IntrospectionQuery' }));
        const hash = createHash('sha1')
          .update(answer?.text.split(',"extensions":{"cost"')[0] ?? '')
          .digest('hex');
        introspected ||= hash;
        return hash === introspected ? outcomeOf(answer) : { said: 'another schema', example: answer?.text ?? '' };
      },
    },
    refused('introspection by other texts, each another', (n) => `query Other${n} { __schema ${types} }`, data),
    refused('deep documents', (n) => deep(16 + (n % 20))),
    refused('very deep documents', (n) => deep(41 + (n % 1_000))),
    refused('quotes in comments, deep behind', (n) => `# "\n# """\r${deep(41 + (n % 1_000))}`),
    refused(
      '41 nested NOT, literal',
      () => `{ customers(where: ${'{NOT:'.repeat(41)}{}${'}'.repeat(41)}) { nodes { id } } }`,
    ),
    {
      name: '41 nested NOT, variable',
      expects: [tooComplex],
      ask: async (n) => {
        const query = 'query ($w: CustomerWhere) { customers(where: $w) { nodes { id } } }';
        const where = `${'{"NOT":'.repeat(41)}{}${'}'.repeat(41)}`;
        return outcomeOf(await ask(n, { body: `{"query":"${query}","variables":{"w":${where}}}` }));
      },
    },
    refused('fragments that double', () => {
      const doubling = repeated(30, (i) => `fragment F${i} on Query { a: __typename ...F${i + 1} ...F${i + 1} }`);
      return `{ ...F0 } ${doubling} fragment F30 on Query { b: __typename }`;
    }),
    refused('pages of pages', () => '{ customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } } }'),
    answered(
      '@skip and @include that leave nothing',
      () =>
        `query ($by: CustomerKey!, $on: Boolean!) { customerContext(by: $by, purpose: SUPPORT) @include(if: $on) { at }
         customer(by: $by) @skip(if: true) { id } }`,
      () => ({}),
      { on: false },
    ),
    {
      name: 'aliases that never repeat',
      expects: [data],
      ask: async (n) => {
        const alias = `a${n}x${Math.random().toString(36).slice(2)}`;
        const query = `query ($by: CustomerKey!) { ${alias}: customerContext(by: $by, purpose: SUPPORT) { customerId } }`;
        return exactly(await ask(n, operation(query, by(n))), { [alias]: { customerId: customer(n)?.id } });
      },
    },
    answered('operation names of 40 KB', (n) => context(`A${n}${'x'.repeat(40_000)}`, 'customerId'), id),
    {
      name: 'names of no operation, 40 KB',
      expects: ['400 INVALID_INPUT', invalid],
      ask: async (n) => {
        const name = { operationName: `B${n}${'x'.repeat(40_000)}` };
        return outcomeOf(await ask(n, operation(context('A', 'customerId'), by(n), name)));
      },
    },
    {
      name: 'persisted queries, each another',
      expects: [data],
      ask: async (n) => {
        const query = context(`Persisted${n}`, 'customerId');
        const sha256Hash = createHash('sha256').update(query).digest('hex');
        const extensions = { persistedQuery: { version: 1, sha256Hash } };
        return exactly(await ask(n, operation(query, by(n), { extensions })), id(n));
      },
    },
    {
      name: 'hashes of no query',
      expects: ['200 PERSISTED_QUERY_NOT_FOUND'],
      ask: async (n) => {
        const sha256Hash = createHash('sha256').update(`none ${n} ${Math.random()}`).digest('hex');
        const extensions = { persistedQuery: { version: 1, sha256Hash } };
        return outcomeOf(await ask(n, { body: JSON.stringify({ extensions }) }));
      },
    },
  ];
}
