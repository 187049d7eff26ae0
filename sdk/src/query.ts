import type { Client, VariablesOf } from './client.ts';
import { type Document, nameIn } from './document.ts';
import type { Purpose } from './generated/types.ts';
import type { Connection } from './paginate.ts';
import type { Signal } from './platform.ts';

/**
 * What caches of queries know one by: all that distinguishes its answer from another. Its beginning says what to fetch
 * again: `['rapport', 'Customer']` is every customer that was asked for.
 */
export type QueryKey = readonly ['rapport', operation: string, variables: unknown, more: KeyDetails];

/** Which of the documents of that name it is, what it is read for, by whom, and whether it is kept page by page. */
export type KeyDetails = {
  document: string;
  purpose?: Purpose | undefined;
  scope?: string | undefined;
  isPaged?: true;
};

/** What TanStack Query hands to a query. */
export type QueryContext = { signal?: Signal | undefined };

/** The options of `useQuery`, `fetchQuery` and the like. */
export type QueryOptions<Data> = {
  queryKey: QueryKey;
  queryFn: (context: QueryContext) => Promise<Data>;
  /** The client has tried again what is worth it. */
  retry: false;
};

/** The options of `useInfiniteQuery`: a list, page by page. */
export type PagesOptions<Data> = {
  queryKey: QueryKey;
  queryFn: (context: QueryContext & { pageParam: string | null }) => Promise<Data>;
  /** The client has tried again what is worth it. */
  retry: false;
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

/**
 * Operations as objects for TanStack Query and SWR, none of which is imported here. Where several clients share one cache,
 * `scope` tells what they were answered apart: by workspace, person, purpose.
 */
export function createQueries(client: Client, scope?: string): Queries {
  const keyOf = (
    document: unknown,
    variables: unknown = {},
    { purpose, isPaged }: Partial<KeyDetails> = {},
  ): QueryKey => {
    const more = { document: fingerprintOf(document), ...(purpose && { purpose }), ...(scope && { scope }) };
    return ['rapport', nameOf(document), variables, { ...more, ...(isPaged && { isPaged }) }];
  };
  const send = (document: unknown, variables: unknown, options: object = {}) =>
    client.request(document as never, variables as never, options) as Promise<never>;
  return {
    query: (document, ...[variables, options]) => ({
      queryKey: keyOf(document, variables, options),
      queryFn: ({ signal }) => send(document, variables, { signal, ...options }),
      retry: false,
    }),
    pages: (document, variables, connectionOf) => ({
      queryKey: keyOf(document, variables, { isPaged: true }),
      queryFn: ({ pageParam, signal }) => send(document, { ...variables, after: pageParam }, { signal }),
      retry: false,
      initialPageParam: (variables as { after?: string | null } | undefined)?.after ?? null,
      getNextPageParam(last) {
        const { hasNextPage = false, endCursor = null } = connectionOf(last)?.pageInfo ?? {};
        return hasNextPage ? endCursor : null;
      },
    }),
    mutation: (document) => ({
      mutationKey: ['rapport', nameOf(document)],
      mutationFn: (variables) => send(document, variables),
    }),
    swr: (document, ...[variables, options]) => [
      keyOf(document, variables, options),
      () => send(document, variables, options),
    ],
  };
}

/** An operation as a tree, as far as it is looked at. */
type Tree = { definitions?: { kind: string; name?: { value: string } }[] };

function nameOf(document: unknown): string {
  const { definitions } = document as Tree;
  if (!definitions) return nameIn(String(document));
  return definitions.find(({ kind }) => kind === 'OperationDefinition')?.name?.value ?? 'anonymous';
}

// Tells documents of one name apart, within one cache.
function fingerprintOf(document: unknown): string {
  const { definitions } = document as Tree;
  const text = definitions ? JSON.stringify(definitions) : String(document);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash >>> 0).toString(36);
}
