import type { Client, VariablesOf } from './client.ts';
import type { Document } from './document.ts';
import type { RapportError } from './error.ts';
import type { Connection } from './paginate.ts';
import type { Signal } from './platform.ts';
import { infiniteQueryKey, mutationKey, type PagesData, type QueryKey, queryKey, type TypedKey } from './query-key.ts';

export {
  infiniteQueryKey,
  type KeyDetails,
  type KeyScope,
  mutationKey,
  type PagesData,
  type QueryKey,
  queryKey,
  type TypedKey,
} from './query-key.ts';

/** The context that TanStack Query passes to a query function. */
export type QueryContext = { signal?: Signal | undefined };

/**
 * Always `false`, because the client already retries. The function type exists only so that TanStack Query can infer
 * the type of `error`.
 */
export type NoRetry = false | ((failureCount: number, error: RapportError) => boolean);

/** Options for `useQuery`, `fetchQuery` and similar calls. */
export type QueryOptions<Data> = {
  queryKey: TypedKey<Data>;
  queryFn: (context: QueryContext) => Promise<Data>;
  retry: NoRetry;
};

/** Options for `useInfiniteQuery`, for paginated lists. */
export type PagesOptions<Data> = {
  queryKey: TypedKey<PagesData<Data>>;
  queryFn: (context: QueryContext & { pageParam: string | null }) => Promise<Data>;
  retry: NoRetry;
  initialPageParam: string | null;
  /** Returns the cursor of the next page. Null after the last page. */
  getNextPageParam: (last: Data) => string | null;
};

/** Options for `useMutation`. */
export type MutationOptions<Data, Variables> = {
  mutationKey: readonly ['rapport', operation: string];
  mutationFn: (variables: Variables) => Promise<Data>;
  retry: NoRetry;
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

/**
 * Creates options for TanStack Query and SWR, without importing either. If several clients share a cache, `scope`
 * separates their results by workspace, person or purpose.
 */
export function createQueries(client: Client, scope?: string): Queries {
  const send = (document: unknown, variables: unknown, options: object = {}) =>
    client.request(document as never, variables as never, options) as Promise<never>;
  return {
    query: (document, ...[variables, options]) => ({
      queryKey: queryKey(document, variables as never, { purpose: options?.purpose, scope }),
      queryFn: ({ signal }) => send(document, variables, { signal, ...options }),
      retry: false,
    }),
    pages: (document, variables, connectionOf) => ({
      queryKey: infiniteQueryKey(document, variables, { scope }),
      queryFn: ({ pageParam, signal }) => send(document, { ...variables, after: pageParam }, { signal }),
      retry: false,
      initialPageParam: (variables as { after?: string | null } | undefined)?.after ?? null,
      getNextPageParam(last) {
        const { hasNextPage = false, endCursor = null } = connectionOf(last)?.pageInfo ?? {};
        return hasNextPage ? endCursor : null;
      },
    }),
    mutation: (document) => ({
      mutationKey: mutationKey(document as Document<unknown, never>),
      mutationFn: (variables) => send(document, variables),
      retry: false,
    }),
    swr: (document, ...[variables, options]) => [
      queryKey(document, variables as never, { purpose: options?.purpose, scope }) as never,
      () => send(document, variables, options),
    ],
  };
}
