import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const upsert = `mutation ($input: UpsertProductInput!) { upsertProduct(input: $input) {
  outcome product { variants { nodes { sku price { amount } } } } } }`;
const key = { externalId: { source: 'shop', value: 'lamp' } };

it('matches variants by SKU, and keeps omitted ones', async () => {
  await shop.data(upsert, { input: { key, variants: [{ sku: 'blue', price: '1', currencyCode: 'GBP' }] } });

  const { upsertProduct } = await shop.data(upsert, { input: { key, variants: [{ sku: 'red' }] } });
  const { upsertProduct: repeated } = await shop.data(upsert, { input: { key, variants: [{ sku: 'blue' }] } });

  const nodes = [
    { sku: 'blue', price: { amount: '1.00' } },
    { sku: 'red', price: null },
  ];
  expect(upsertProduct).toEqual({ outcome: 'UPDATED', product: { variants: { nodes } } });
  expect(repeated.outcome).toBe('NOOP');
});

it.each(['new', 'lamp'])('refuses a product (%s) with a duplicate SKU', async (value) => {
  const input = { key: { externalId: { source: 'shop', value } }, variants: [{ sku: 'green' }, { sku: 'green' }] };

  const { message, extensions } = await shop.error(upsert, { input });

  expect(message).toMatch(/SKU/);
  expect(extensions).toEqual({ code: 'INVALID_INPUT', field: ['variants', 1, 'sku'] });
});
