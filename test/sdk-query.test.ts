import { createClient, type Fetch } from '@rapport/sdk';
import { Customer, Customers, UpsertCustomer } from '@rapport/sdk/ops';
import { createQueries } from '@rapport/sdk/query';
import { MutationObserver, QueryClient } from '@tanstack/react-query';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { useApi } from './api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
let requests = 0;
const fetch: Fetch = (url, init) => {
  requests += 1;
  return api.fetch(new Request(url, init));
};
const queries = createQueries(createClient({ url: 'http://rapport.test/graphql', token: shop.secret, fetch }));
const ada = { email: 'ada@example.com' };

it('fetches for TanStack Query, and again only what was not fetched', async () => {
  const cache = new QueryClient();
  const { upsertCustomer } = await new MutationObserver(cache, queries.mutation(UpsertCustomer)).mutate({
    input: { key: ada, givenName: 'Ada' },
  });
  const query = queries.query(Customer, { by: ada });
  const before = requests;

  const { customer } = await cache.fetchQuery({ ...query, staleTime: 60_000 });
  await cache.fetchQuery({ ...queries.query(Customer, { by: ada }), staleTime: 60_000 });

  expect(customer).toMatchObject({ id: upsertCustomer.customer.id, givenName: 'Ada' });
  expect(query.queryKey).toMatchObject(['rapport', 'Customer', { by: ada }, {}]);
  expect(requests - before).toBe(1);
});

it('ends a request that TanStack Query takes back', async () => {
  const cache = new QueryClient();
  const fetching = cache.fetchQuery(queries.query(Customer, { by: ada }));
  await cache.cancelQueries();

  await expect(fetching).rejects.toThrow();
});

it('reads lists page by page for useInfiniteQuery', async () => {
  for (const name of ['bob', 'cid', 'dan', 'eve'])
    await shop.data(`mutation { upsertCustomer(input: { key: { email: "${name}@example.com" } }) { outcome } }`);
  const list = queries.pages(Customers, { first: 2 }, ({ customers }) => customers);

  const { pages } = await new QueryClient().fetchInfiniteQuery({ ...list, pages: 9 });

  expect(pages.map(({ customers }) => customers.nodes.length)).toEqual([2, 2, 1]);
});

it('gives SWR a key and what fetches it', async () => {
  const [key, fetcher] = queries.swr(Customer, { by: ada });

  const { customer } = await fetcher();

  expect(key).toMatchObject(['rapport', 'Customer', { by: ada }, {}]);
  expect(customer?.givenName).toBe('Ada');
});

it('keeps apart what is answered apart, and finds it by the name of the operation', async () => {
  const own = 'query Customer($by: CustomerKey!) { customer(by: $by) { id } }';
  const parsed = parse(own, { noLocation: true });
  const cache = new QueryClient();
  const all = [
    queries.query(Customer, { by: ada }),
    queries.query(Customer, { by: ada }, { purpose: 'MARKETING' }),
    queries.query(own as typeof Customer, { by: ada }),
    queries.query(parsed as typeof Customer, { by: ada }),
    queries.pages(Customers, { first: 2 }, ({ customers }) => customers),
    queries.query(Customers, { first: 2 }),
  ];
  for (const { queryKey } of all) cache.setQueryData(queryKey, 'known');

  expect(cache.getQueryCache().getAll().length).toBe(all.length);
  await cache.invalidateQueries({ queryKey: ['rapport', 'Customer'] });
  expect(cache.getQueryCache().findAll({ stale: true }).length).toBe(4);
});
