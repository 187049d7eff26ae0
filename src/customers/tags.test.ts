import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'tagged@example.com' };
const upsert = `mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome customer { tags } } }`;

async function write(tags: string[] | null) {
  return (await shop.data(upsert, { input: { key: customer, tags } })).upsertCustomer;
}

async function label(mutation: 'tagCustomer' | 'untagCustomer', tag: string) {
  const text = `mutation ($input: TagCustomerInput!) { it: ${mutation}(input: $input) { outcome customer { tags } } }`;
  return (await shop.data(text, { input: { customer, tag } })).it;
}

it('stores tags that differ only in case or Unicode normalization once, in the first spelling', async () => {
  const created = await write(['VIP', 'vip', 'Café', 'Cafe\u0301', 'CAFÉ']);

  expect(created.customer.tags).toEqual(['Café', 'VIP']);
  expect(await write(['cafe\u0301', 'Vip'])).toEqual({ outcome: 'NOOP', customer: { tags: ['Café', 'VIP'] } });
  expect(await write(['vip', 'new'])).toEqual({ outcome: 'UPDATED', customer: { tags: ['new', 'VIP'] } });
});

it('adds and removes a tag in any spelling', async () => {
  await write(['VIP', 'Café']);

  expect(await label('tagCustomer', 'vip')).toEqual({ outcome: 'NOOP', customer: { tags: ['Café', 'VIP'] } });
  expect(await label('untagCustomer', 'cafe\u0301')).toEqual({ outcome: 'UPDATED', customer: { tags: ['VIP'] } });
  expect(await label('tagCustomer', 'Café\u200b')).toEqual({
    outcome: 'UPDATED',
    customer: { tags: ['Café\u200b', 'VIP'] },
  });
  expect(await label('untagCustomer', '\u202acafé\u202c')).toEqual({
    outcome: 'UPDATED',
    customer: { tags: ['VIP'] },
  });
  expect(await label('tagCustomer', 'CAFÉ')).toEqual({ outcome: 'UPDATED', customer: { tags: ['CAFÉ', 'VIP'] } });
});

it.each([
  [{ eq: 'vIp' }, 1],
  [{ in: ['other', 'STRASSE'] }, 1],
  [{ contains: 'SE' }, 1],
  [{ eq: 'vi' }, 0],
])('finds customers by the tag filter %j', async (tag, count) => {
  await write(['VIP', 'Straße']);

  const { customers } = await shop.data(
    'query ($tag: StringFilter) { customers(where: { tag: $tag }) { totalCount } }',
    { tag },
  );

  expect(customers.totalCount).toBe(count);
});

it('stores equal tags of a product once too', async () => {
  const text = `mutation ($input: UpsertProductInput!) { upsertProduct(input: $input) { outcome product { tags } } }`;
  const key = { externalId: { source: 'shop', value: 'mug' } };
  const send = async (tags: string[]) => (await shop.data(text, { input: { key, tags } })).upsertProduct;

  expect((await send(['Sale', 'SALE', 'new'])).product.tags).toEqual(['Sale', 'new']);
  expect((await send(['sale', 'NEW'])).outcome).toBe('NOOP');
});
