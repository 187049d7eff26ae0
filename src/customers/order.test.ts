import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const names = ['Zoe', 'Łukasz', 'adam', 'Ewa', 'Ądam', 'Émile', 'O’Brien', 'obrian', 'Жанна', 'Ewa Maria', 'ada'];
const inOrder = ['ada', 'adam', 'Ądam', 'Émile', 'Ewa', 'Ewa Maria', 'Łukasz', 'obrian', 'O’Brien', 'Zoe', 'Жанна'];
const key = (i: number) => ({ externalId: { source: 'order', value: `${i}` } });

it('orders customers alphabetically by name, in both directions and across pages', async () => {
  for (const [i, displayName] of names.entries())
    await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
      input: { key: key(i), displayName },
    });
  const page = async (args: string) => {
    const { customers } = await shop.data(
      `{ customers(orderBy: { field: DISPLAY_NAME, direction: ASC }, ${args}) { nodes { displayName } pageInfo { endCursor } } }`,
    );
    return {
      names: customers.nodes.map((each: { displayName: string }) => each.displayName),
      end: customers.pageInfo.endCursor,
    };
  };
  const paged: string[] = [];
  for (let after = ''; ; ) {
    const { names: some, end } = await page(after ? `first: 2, after: "${after}"` : 'first: 2');
    paged.push(...some);
    if (some.length < 2) break;
    after = end;
  }

  expect((await page('first: 100')).names).toEqual(inOrder);
  expect((await page('last: 3')).names).toEqual(inOrder.slice(-3));
  expect(paged).toEqual(inOrder);
});

it('reorders a customer whose name changes', async () => {
  await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
    input: { key: key(2), displayName: 'Żaneta' },
  });
  const { customers } = await shop.data(
    '{ customers(orderBy: { field: DISPLAY_NAME, direction: DESC }, first: 3) { nodes { displayName } } }',
  );

  expect(customers.nodes.map(({ displayName }: { displayName: string }) => displayName)).toEqual([
    'Жанна',
    'Zoe',
    'Żaneta',
  ]);
});

it('finds a customer by their exact name', async () => {
  const { customers } = await shop.data(
    '{ customers(where: { displayName: { eq: "Ądam" } }) { nodes { displayName } } }',
  );

  expect(customers.nodes).toEqual([{ displayName: 'Ądam' }]);
});

it('orders products by title and locations by name in the same way', async () => {
  for (const [i, title] of names.entries()) {
    await shop.data('mutation ($input: UpsertProductInput!) { upsertProduct(input: $input) { outcome } }', {
      input: { key: key(i), title },
    });
    await shop.data('mutation ($input: UpsertLocationInput!) { upsertLocation(input: $input) { outcome } }', {
      input: { key: key(i), name: title },
    });
  }

  const { products, locations } = await shop.data(
    '{ products(first: 100) { nodes { title } } locations(first: 100) { nodes { name } } }',
  );
  expect(products.nodes.map(({ title }: { title: string }) => title)).toEqual(inOrder);
  expect(locations.nodes.map(({ name }: { name: string }) => name)).toEqual(inOrder);
});

it('accepts very long names of unusual characters', async () => {
  for (const [i, displayName] of ['ﷺ'.repeat(300), '😀'.repeat(150), 'ﷺ'.repeat(299)].entries())
    await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
      input: { key: key(100 + i), displayName },
    });
});
