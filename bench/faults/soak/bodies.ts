import { type Sent, sendSlowly } from './http.ts';
import { asker, exactly, type Kind, type Outcome, operation, outcomeOf, type Target } from './kinds.ts';

const refusal = '400 INVALID_INPUT';
const invalid = '200 INVALID_INPUT';
const typename = '{"query":"{ __typename }"}';

/** Bodies that are large, broken, slow, or of another type than they declare. */
export function bodies(target: Target): Kind[] {
  const ask = asker(target);
  const { port, known, soak } = target;
  const of = (name: string, expects: string[], sent: (n: number) => Sent): Kind => ({
    name,
    expects,
    ask: async (n) => outcomeOf(await ask(n, sent(n))),
  });
  const numbers = JSON.stringify(Array.from({ length: 130_000 }, (_, i) => 100_000 + i));
  const head = (length: number, more = '') =>
    `POST /graphql HTTP/1.1\r\nhost: soak\r\nauthorization: Bearer ${soak.keys.hostile[0]}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${length}\r\n${more}\r\n`;
  const rawOutcome = (text: string): Outcome => {
    const code = /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? (text.includes('"data":{"__typename":"Query"}') ? 'data' : '');
    return { said: text === '' ? 'no answer' : `${text.slice(9, 12)} ${code}`.trim(), example: text };
  };

  return [
    {
      name: 'undeclared variables, 0.9 MB',
      expects: ['200 data'],
      ask: async (n) => {
        const read = known[n % known.length];
        const body = String(read?.body).replace('"variables":{', `"variables":{"undeclared":${numbers},`);
        return exactly(await ask(n, { body }), read?.expected ?? '');
      },
    },
    of('bodies of 1.1 MB', ['413 INVALID_INPUT'], () => ({ body: Buffer.alloc(1_100_000, 'x') })),
    of('batches of 5,000', [refusal], () => ({ body: `[${Array(5_000).fill(typename).join()}]` })),
    of('25,000 IDs', [invalid], () =>
      operation('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(25_000).fill(soak.customers[0]?.id) }),
    ),
    of('order with 6,000 lines', [invalid], (n) => {
      const lines = Array.from({ length: 6_000 }, (_, i) => ({ title: `Lamp ${i}`, quantity: 1, unitPrice: '5' }));
      const key = { externalId: { source: 'soak', value: `huge-${n}` } };
      const input = { key, placedAt: '2026-01-01T00:00:00Z', currencyCode: 'PLN', lines };
      return operation('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', { input });
    }),
    of('JSON of 100,000 levels', [refusal], () => ({
      body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    })),
    of('invalid JSON', [refusal], (n) => ({ body: `{"query":"{ __typename }",${'"a":1,'.repeat(n % 1_000)}` })),
    of('no JSON object', [refusal], (n) => ({ body: ['null', '1', '"a"', ''][n % 4] ?? '' })),
    of('numbers that JSON does not keep', [refusal], () => ({
      body: '{"query":"{ __typename }","variables":{"a":[9007199254740993]}}',
    })),
    of('invalid UTF-8', [refusal], () => ({
      body: Buffer.concat([Buffer.from(typename.slice(0, -1)), Buffer.from(',"variables":{"a":"\xff"}}', 'latin1')]),
    })),
    of('lone surrogates', [invalid], (n) => {
      const input = { key: { externalId: { source: 'soak', value: `\ud800${n}` } }, displayName: 'a\udfff' };
      return operation('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
        input,
      });
    }),
    of('wrong content types', ['415 INVALID_INPUT'], (n) => {
      const types = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=a',
        'application/json; charset=utf-16',
      ];
      return { body: typename, headers: { 'content-type': types[n % types.length] ?? '' } };
    }),
    of('mutations by GET', ['405 INVALID_INPUT'], (n) => ({
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(`mutation { upsertCustomer(input: { key: { email: "get-${n}@example.com" } }) { outcome } }`)}`,
    })),
    {
      name: 'bodies that break off',
      expects: ['no answer'],
      ask: async (n) =>
        rawOutcome(await sendSlowly(port, [head(100_000), '{"query":"'.padEnd(1 + (n % 50_000))], 5, true)),
    },
    {
      name: 'slow senders, 10 s',
      expects: ['200 data'],
      isSlow: true,
      ask: async () => {
        const pieces = [head(typename.length), ...(typename.match(/.{1,2}/g) ?? [])];
        return rawOutcome(await sendSlowly(port, pieces, 10_000 / pieces.length));
      },
    },
    {
      name: 'headers of 20 KB',
      expects: ['431'],
      ask: async () => rawOutcome(await sendSlowly(port, [head(2, `x-long: ${'x'.repeat(20_000)}\r\n`), '{}'], 5)),
    },
  ];
}
