/** Maximum page size. */
export const maxPageSize = 100;

/** Maximum length of any list in the variables of a request. */
export const maxListLength = 5_000;

/** Default for the maximum size of a request body, in bytes. */
export const defaultMaxBodyBytes = 1_000_000;

/** Default timeout of the API's statements, in milliseconds. */
export const defaultQueryTimeoutMs = 10_000;

/** Limits of a request. */
export type Limits = {
  /** Characters of the document. */
  characters: number;
  /** Lexical tokens of the document. */
  tokens: number;
  /** Nesting depth of fields. */
  depth: number;
  /** Aliases. Those in a fragment count once per spread. */
  aliases: number;
  /** Directives. Those in a fragment count once per spread. */
  directives: number;
  /** Pairs of fields with the same response name in a selection. GraphQL compares each pair before it merges them. */
  repeats: number;
  /** Mutations in one operation. Each runs in a separate transaction. */
  mutations: number;
  /** Cost of a request in points before it runs: one for each row that it may return. */
  cost: number;
  /** Points that a key may spend per minute on all its requests. */
  costPerMinute: number;
};

export const defaultLimits: Limits = {
  characters: 50_000,
  tokens: 4_000,
  depth: 15,
  aliases: 30,
  directives: 30,
  repeats: 10_000,
  mutations: 5,
  cost: 10_000,
  costPerMinute: 1_000_000,
};
