import type { Client, VariablesOf } from './client.ts';
import { type Document, headOf, textOf } from './document.ts';
import type { Connection } from './paginate.ts';
import type { Signal } from './platform.ts';

/** What caches of queries know one by: all that distinguishes its answer from another. */
export type QueryKey = readonly ['rapport', operation: string, variables: unknown];

/** What TanStack Query hands to a query. */
export type QueryContext = { signal?: Signal | undefined };

/** The options of `useQuery`, `fetchQuery` and the like. */
export type QueryOptions<Data> = { queryKey: QueryKey; queryFn: (context: QueryContext) => Promise<Data> };

/** The options of `useInfiniteQuery`: a list, page by page. */
export type PagesOptions<Data> = {
  queryKey: QueryKey;
  queryFn: (context: QueryContext & { pageParam: string | null }) => Promise<Data>;
  initialPageParam: string | null;
  /** Null: that was the last page. */
  getNextPageParam: (last: Data) => string | null;
};

/** The options of `useMutation`. */
export type MutationOptions<Data, Variables> = {
  mutationKey: readonly ['rapport', operation: string];
  mutationFn: (variables: Variables) => Promise<Data>;
};

export type Queries = {
  /** For TanStack Query: `useQuery(queries.query(Customer, { by }))`. */
  query<Data, Variables>(
    document: Document<Data, Variables>,
    ...variables: VariablesOf<NoInfer<Variables>>
  ): QueryOptions<Data>;
  /** For TanStack Query: `useInfiniteQuery(queries.pages(Orders, { first: 50 }, (data) => data.orders))`. */
  pages<Data, Variables>(
    document: Document<Data, Variables & { after?: string | null | undefined }>,
    variables: NoInfer<Variables>,
    connectionOf: (data: Data) => Connection<unknown> | null | undefined,
  ): PagesOptions<Data>;
  /** For TanStack Query: `useMutation(queries.mutation(UpsertCustomer))`. */
  mutation<Data, Variables>(document: Document<Data, Variables>): MutationOptions<Data, Variables>;
  /** For SWR: `useSWR(...queries.swr(Customer, { by }))`. */
  swr<Data, Variables>(
    document: Document<Data, Variables>,
    ...variables: VariablesOf<NoInfer<Variables>>
  ): [key: QueryKey, fetcher: () => Promise<Data>];
};

/** Operations as objects for TanStack Query and SWR, none of which is imported here. */
export function createQueries(client: Client): Queries {
  const nameOf = (document: Document<never, never>) => headOf(textOf(document))[1];
  const keyOf = (document: Document<never, never>, variables: unknown): QueryKey => [
    'rapport',
    nameOf(document),
    variables ?? {},
  ];
  const send = (document: unknown, variables: unknown, options: object = {}) =>
    client.request(document as never, variables as never, options) as Promise<never>;
  return {
    query: (document, ...[variables, options]) => ({
      queryKey: keyOf(document as never, variables),
      queryFn: ({ signal }) => send(document, variables, { signal, ...options }),
    }),
    pages: (document, variables, connectionOf) => ({
      queryKey: keyOf(document as never, variables),
      queryFn: ({ pageParam, signal }) => send(document, { ...variables, after: pageParam }, { signal }),
      initialPageParam: null,
      getNextPageParam(last) {
        const { hasNextPage = false, endCursor = null } = connectionOf(last)?.pageInfo ?? {};
        return hasNextPage ? endCursor : null;
      },
    }),
    mutation: (document) => ({
      mutationKey: ['rapport', nameOf(document as never)],
      mutationFn: (variables) => send(document, variables),
    }),
    swr: (document, ...[variables, options]) => [
      keyOf(document as never, variables),
      () => send(document, variables, options),
    ],
  };
}
