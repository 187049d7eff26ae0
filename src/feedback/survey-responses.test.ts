import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { encodeId, newId } from '../lib/ids.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'ada@example.com' };
await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', {
  key: customer,
});

const record = 'mutation ($input: RecordSurveyResponseInput!) { recordSurveyResponse(input: $input) { outcome } }';
const response = { key: { externalId: { source: 'form', value: '1' } }, customer, kind: 'NPS', rating: 9 };

async function outcomeOf(rest: object) {
  return (await shop.data(record, { input: { ...response, ...rest } })).recordSurveyResponse.outcome;
}

it.each([{}, { respondedAt: '2026-01-05T00:00:00Z', comment: 'Fine\n' }])(
  'returns NOOP for a repeated response: %j',
  async (rest) => {
    const first = await outcomeOf(rest);

    expect(first).not.toBe('NOOP');
    expect(await outcomeOf(rest)).toBe('NOOP');
  },
);

it('rejects an unknown ID and writes nothing', async () => {
  const count = () => shop.db.surveyResponse.count();
  const before = await count();

  const { extensions, message } = await shop.error(record, {
    input: { ...response, key: { id: encodeId('SurveyResponse', newId()) } },
  });

  expect(extensions).toEqual({ code: 'NOT_FOUND', field: ['key', 'id'] });
  expect(message).toBe('No survey response has this ID.');
  expect(await count()).toBe(before);
});

it('rejects a response dated in the future', async () => {
  const { extensions, message } = await shop.error(record, {
    input: { ...response, respondedAt: '2062-01-05T00:00:00Z' },
  });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['respondedAt'] });
  expect(message).toContain('future');
});
