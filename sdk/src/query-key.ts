import { type Document, nameIn } from './document.ts';
import type { RapportError } from './error.ts';
import type { Purpose } from './generated/types.ts';

/**
 * A cache key that distinguishes each result from every other. Use its beginning to invalidate: `['rapport',
 * 'Customer']` matches every customer query.
 */
export type QueryKey = readonly ['rapport', operation: string, variables: unknown, more: KeyDetails];

/** The document of that name, the scope, and whether the query is paginated. */
export type KeyDetails = KeyScope & { document: string; isPaged?: true };

/** Values that distinguish results of the same query. */
export type KeyScope = {
  /** Purpose set on the request itself. */
  purpose?: Purpose | undefined;
  /** Scope passed to `createQueries(client, scope)`. */
  scope?: string | undefined;
};

// TanStack Query's own type if it is installed. Otherwise the import is `any`, which is not an error, and keys carry no
// types.
// biome-ignore lint/suspicious/noTsIgnore: there is no error to expect if TanStack Query is installed
/** @ts-ignore */
type DataTag<Data> = import('@tanstack/query-core').DataTag<QueryKey, Data, RapportError>;

/** A key with the types of its data and error, so that `cache.getQueryData(key)` is typed. Requires TanStack Query. */
export type TypedKey<Data> = 0 extends 1 & DataTag<Data> ? QueryKey : DataTag<Data>;

/** A list as TanStack Query caches it: `InfiniteData` with pages and cursors. */
export type PagesData<Data> = { pages: Data[]; pageParams: (string | null)[] };

/** Variables can be omitted if none is required. */
type KeyArguments<Variables> = { [name: string]: never } extends Variables
  ? [variables?: Variables, scope?: KeyScope]
  : [variables: Variables, scope?: KeyScope];

/**
 * Returns the key of `queries.query(document, variables)` without a client, for `getQueryData`, `invalidateQueries` and
 * similar calls.
 */
export function queryKey<Data, Variables>(
  document: Document<Data, Variables>,
  ...[variables, scope]: KeyArguments<NoInfer<Variables>>
): TypedKey<Data> {
  return keyOf(document, variables, scope) as never;
}

/** Returns the key of `queries.pages(document, variables, …)` without a client. */
export function infiniteQueryKey<Data, Variables>(
  document: Document<Data, Variables & { after?: string | null | undefined }>,
  variables: NoInfer<Variables>,
  scope?: KeyScope,
): TypedKey<PagesData<Data>> {
  return keyOf(document, variables, scope, true) as never;
}

/** Returns the key of `queries.mutation(document)` without a client. */
export function mutationKey(document: Document<unknown, never>): readonly ['rapport', operation: string] {
  return ['rapport', nameOf(document)];
}

function keyOf(document: unknown, variables: unknown = {}, given: KeyScope = {}, isPaged = false): QueryKey {
  const { purpose, scope } = given;
  const more = { document: fingerprintOf(document), ...(purpose && { purpose }), ...(scope && { scope }) };
  return ['rapport', nameOf(document), variables, { ...more, ...(isPaged && { isPaged }) }];
}

/** The parts of a syntax tree that are read here. */
type Tree = { definitions?: { kind: string; name?: { value: string } }[] };

function nameOf(document: unknown): string {
  const { definitions } = document as Tree;
  if (!definitions) return nameIn(String(document));
  return definitions.find(({ kind }) => kind === 'OperationDefinition')?.name?.value ?? 'anonymous';
}

// Distinguishes documents of the same name within a cache.
function fingerprintOf(document: unknown): string {
  const { definitions } = document as Tree;
  const text = definitions ? JSON.stringify(definitions) : String(document);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash >>> 0).toString(36);
}
