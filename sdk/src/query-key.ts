import { type Document, nameIn } from './document.ts';
import type { RapportError } from './error.ts';
import type { Purpose } from './generated/types.ts';

/**
 * What caches of queries know one by: all that distinguishes its answer from another. Its beginning says what to fetch
 * again: `['rapport', 'Customer']` is every customer that was asked for.
 */
export type QueryKey = readonly ['rapport', operation: string, variables: unknown, more: KeyDetails];

/** Which of the documents of that name it is, what it is read for, by whom, and whether it is kept page by page. */
export type KeyDetails = KeyScope & { document: string; isPaged?: true };

/** What tells two answers to the same question apart. */
export type KeyScope = {
  /** The purpose that the request itself states. */
  purpose?: Purpose | undefined;
  /** The scope that `createQueries(client, scope)` was given. */
  scope?: string | undefined;
};

// TanStack Query's own type where it is installed. Elsewhere the import is `any`, and keys carry no types: that is no error.
// biome-ignore lint/suspicious/noTsIgnore: where it is installed there is no error to expect
/** @ts-ignore */
type DataTag<Data> = import('@tanstack/query-core').DataTag<QueryKey, Data, RapportError>;

/** A key that carries the types of its data and error: `cache.getQueryData(key)` is typed, where TanStack Query is installed. */
export type TypedKey<Data> = 0 extends 1 & DataTag<Data> ? QueryKey : DataTag<Data>;

/** A list as TanStack Query keeps it: `InfiniteData` of its pages and cursors. */
export type PagesData<Data> = { pages: Data[]; pageParams: (string | null)[] };

/** Variables may be left out if none is required. */
type KeyArguments<Variables> = { [name: string]: never } extends Variables
  ? [variables?: Variables, scope?: KeyScope]
  : [variables: Variables, scope?: KeyScope];

/** The key of `queries.query(document, variables)`, without a client: for `getQueryData`, `invalidateQueries` and the like. */
export function queryKey<Data, Variables>(
  document: Document<Data, Variables>,
  ...[variables, scope]: KeyArguments<NoInfer<Variables>>
): TypedKey<Data> {
  return keyOf(document, variables, scope) as never;
}

/** The key of `queries.pages(document, variables, …)`, without a client. */
export function infiniteQueryKey<Data, Variables>(
  document: Document<Data, Variables & { after?: string | null | undefined }>,
  variables: NoInfer<Variables>,
  scope?: KeyScope,
): TypedKey<PagesData<Data>> {
  return keyOf(document, variables, scope, true) as never;
}

/** The key of `queries.mutation(document)`, without a client. */
export function mutationKey(document: Document<unknown, never>): readonly ['rapport', operation: string] {
  return ['rapport', nameOf(document)];
}

function keyOf(document: unknown, variables: unknown = {}, given: KeyScope = {}, isPaged = false): QueryKey {
  const { purpose, scope } = given;
  const more = { document: fingerprintOf(document), ...(purpose && { purpose }), ...(scope && { scope }) };
  return ['rapport', nameOf(document), variables, { ...more, ...(isPaged && { isPaged }) }];
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
