import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { upgradeCustomers } from './upgrade.ts';

const api = await useApi();
const shop = await api.tenant('shop');

async function create(value: string, more: object): Promise<void> {
  await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
    input: { key: { externalId: { source: 'upgrade', value } }, ...more },
  });
}

it('normalizes stored handles', async () => {
  await create('handle', { displayName: 'Handle', contactPoints: [{ kind: 'SOCIAL', value: '@café' }] });
  await shop.db.contactPoint.updateMany({ where: { kind: 'SOCIAL' }, data: { normalizedValue: '@cafe\u0301\u200b' } });

  await upgradeCustomers(shop.db);

  const points = await shop.db.contactPoint.findMany({ where: { kind: 'SOCIAL' } });
  expect(points.map(({ normalizedValue }) => normalizedValue)).toEqual(['@café']);
});

it.each([
  ['tel:+48601234762', '\ttel:+48601234762'],
  ['(+48) 601 234 762', '\t(+48) 601 234 762'],
  ['(Test) Anna', '(test) anna\t'],
])('indexes the name %j as a contact point if it is one', async (displayName, expected) => {
  await create(displayName, { displayName });
  const customer = { displayName };
  await shop.db.customer.updateMany({ where: customer, data: { searchText: `${displayName.toLowerCase()}\t` } });

  await upgradeCustomers(shop.db);

  const [row] = await shop.db.customer.findMany({ where: customer });
  expect([row?.searchText, row?.sortName.startsWith(displayName.toLowerCase())]).toEqual([expected, true]);
});
