import {
  type CustomerQuery,
  type CustomersQuery,
  createClient,
  type Fetch,
  type RapportError,
  type UpsertCustomerMutation,
} from '@rapport/sdk';
import { Customer, Customers, UpsertCustomer, Workspace } from '@rapport/sdk/ops';
import { createQueries, infiniteQueryKey, mutationKey, type QueryKey, queryKey } from '@rapport/sdk/query';
import {
  type InfiniteData,
  MutationObserver,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { parse } from 'graphql';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { useApi } from './api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
let requests = 0;
const fetch: Fetch = (url, init) => {
  requests += 1;
  return api.fetch(new Request(url, init));
};
const client = createClient({ url: 'http://rapport.test/graphql', token: shop.secret, fetch });
const queries = createQueries(client);
const ada = { email: 'ada@example.com' };

it('fetches for TanStack Query, and does not fetch cached data again', async () => {
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

it('aborts a request that TanStack Query cancels', async () => {
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

it('gives SWR a key and a fetcher', async () => {
  const [key, fetcher] = queries.swr(Customer, { by: ada });

  const { customer } = await fetcher();

  expect(key).toMatchObject(['rapport', 'Customer', { by: ada }, {}]);
  expect(customer?.givenName).toBe('Ada');
});

it('separates results by scope, and finds them by operation name', async () => {
  const own = 'query Customer($by: CustomerKey!) { customer(by: $by) { id } }';
  const parsed = parse(own, { noLocation: true });
  const cache = new QueryClient();
  const all: { queryKey: QueryKey }[] = [
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

describe('keys', () => {
  it('match those of the query objects, without a client', () => {
    const scoped = createQueries(client, 'shop-1');

    expect(queryKey(Customer, { by: ada })).toEqual(queries.query(Customer, { by: ada }).queryKey);
    expect(queryKey(Customer, { by: ada }, { purpose: 'SUPPORT', scope: 'shop-1' })).toEqual(
      scoped.query(Customer, { by: ada }, { purpose: 'SUPPORT' }).queryKey,
    );
    expect(queryKey(Workspace)).toEqual(queries.query(Workspace).queryKey);
    expect(infiniteQueryKey(Customers, { first: 2 }, { scope: 'shop-1' })).toEqual(
      scoped.pages(Customers, { first: 2 }, ({ customers }) => customers).queryKey,
    );
    expect(mutationKey(UpsertCustomer)).toEqual(queries.mutation(UpsertCustomer).mutationKey);
    expect(queries.swr(Customer, { by: ada })[0]).toEqual(queryKey(Customer, { by: ada }));
  });

  it('read and write the cache entry of a query object', async () => {
    const cache = new QueryClient();
    const key = queryKey(Customer, { by: ada });
    const fetched = await cache.fetchQuery(queries.query(Customer, { by: ada }));

    expect(cache.getQueryData(key)).toEqual(fetched);
    cache.setQueryData(key, (before) => before && { customer: null });
    expect(cache.getQueryData(key)?.customer).toBeNull();
  });
});

// For the compiler only; none of this runs.
describe('types', () => {
  const cache = new QueryClient();
  const by = { by: ada };
  const list = queries.pages(Customers, { first: 2 }, ({ customers }) => customers);

  it('of cached data and its error', () => {
    expectTypeOf(cache.getQueryData(queryKey(Customer, by))).toEqualTypeOf<CustomerQuery | undefined>();
    expectTypeOf(cache.getQueryData(queries.query(Customer, by).queryKey)).toEqualTypeOf<CustomerQuery | undefined>();
    expectTypeOf(cache.getQueryState(queryKey(Customer, by))?.error).toEqualTypeOf<RapportError | null | undefined>();
    expectTypeOf(cache.getQueryData(list.queryKey)).toEqualTypeOf<
      InfiniteData<CustomersQuery, string | null> | undefined
    >();
    expectTypeOf(infiniteQueryKey(Customers, { first: 2 })).toEqualTypeOf(list.queryKey);
    // @ts-expect-error: a customer is not a string.
    void (() => cache.setQueryData(queryKey(Customer, by), 'Ada'));
    // @ts-expect-error: `by` is missing.
    void (() => queryKey(Customer));
    // @ts-expect-error: `mail` is not a customer key.
    void (() => queryKey(Customer, { by: { mail: 'a@example.com' } }));
  });

  it('of hook results and their errors', () => {
    const single = () => useQuery(queries.query(Customer, by));
    const suspended = () => useSuspenseQuery(queries.query(Customer, by));
    const selected = () => useQuery({ ...queries.query(Customer, by), select: (data) => data.customer?.displayName });
    const begun = () => useQuery({ ...queries.query(Customer, by), initialData: { customer: null } });
    const infinite = () => useInfiniteQuery(list);
    const chosen = () => useInfiniteQuery({ ...list, select: ({ pages }) => pages.length });
    const written = () => useMutation(queries.mutation(UpsertCustomer));

    type Of<Hook extends () => unknown> = ReturnType<Hook>;
    expectTypeOf<Of<typeof single>['data']>().toEqualTypeOf<CustomerQuery | undefined>();
    expectTypeOf<Of<typeof single>['error']>().toEqualTypeOf<RapportError | null>();
    expectTypeOf<Of<typeof suspended>['data']>().toEqualTypeOf<CustomerQuery>();
    expectTypeOf<Of<typeof suspended>['error']>().toEqualTypeOf<RapportError | null>();
    expectTypeOf<Of<typeof selected>['data']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Of<typeof selected>['error']>().toEqualTypeOf<RapportError | null>();
    expectTypeOf<Of<typeof begun>['data']>().toEqualTypeOf<CustomerQuery>();
    // TanStack Query's own hook leaves the type of cursors open.
    expectTypeOf<Of<typeof infinite>['data']>().toEqualTypeOf<InfiniteData<CustomersQuery> | undefined>();
    expectTypeOf<Of<typeof infinite>['error']>().toEqualTypeOf<RapportError | null>();
    expectTypeOf<Of<typeof chosen>['data']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Of<typeof written>['data']>().toEqualTypeOf<UpsertCustomerMutation | undefined>();
    expectTypeOf<Of<typeof written>['error']>().toEqualTypeOf<RapportError | null>();
  });

  it('of a query object passed through `queryOptions`', () => {
    const options = queryOptions({ ...queries.query(Customer, by), staleTime: 1_000 });

    expectTypeOf(cache.getQueryData(options.queryKey)).toEqualTypeOf<CustomerQuery | undefined>();
  });
});
