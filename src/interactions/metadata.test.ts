import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('metadata');
await shop.data('mutation { upsertCustomer(input: { key: { externalId: { source: "s", value: "1" } } }) { outcome } }');

const record = 'mutation ($i: UpsertInteractionInput!) { upsertInteraction(input: $i) { outcome } }';
const withMetadata = (metadata: unknown, rest: object = {}) => ({
  i: {
    customer: { externalId: { source: 's', value: '1' } },
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: '2026-01-01T00:00:00Z',
    metadata,
    ...rest,
  },
});

it.each([
  ['with a lone surrogate', { a: '\ud800' }],
  ['with U+0000', ['\u0000']],
])('rejects metadata %s over the API', async (_what, metadata) => {
  const { extensions } = await shop.error(record, withMetadata(metadata));

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['metadata'] });
});

it('rejects metadata nested 100,000 levels deep over the API', async () => {
  const variables = JSON.stringify(withMetadata('DEEP')).replace('"DEEP"', '['.repeat(100_000) + ']'.repeat(100_000));
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.secret}` };
  const body = `{"query":${JSON.stringify(record)},"variables":${variables}}`;

  const response = await api.fetch(new Request('http://rapport.test/graphql', { method: 'POST', headers, body }));

  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
});

it('reports every problem of an input in the extensions', async () => {
  const { extensions } = await shop.error(record, withMetadata(null, { waitSeconds: -1, holdSeconds: -1 }));

  expect(extensions).toMatchObject({
    field: ['waitSeconds'],
    problems: [{ field: ['waitSeconds'] }, { field: ['holdSeconds'], message: 'Must be at least 0.' }],
  });
});
