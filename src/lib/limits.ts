/** Rows of one page, at most. */
export const maxPageSize = 100;

/** Elements of any list in the variables of a request, at most. */
export const maxListLength = 5_000;

/** Bytes of a request's body, at most, unless told otherwise. */
export const defaultMaxBodyBytes = 1_000_000;

/** How long a statement of the API may run, unless told otherwise. */
export const defaultQueryTimeoutMs = 10_000;

/** What one request may ask for, at most. */
export type Limits = {
  /** Lexical tokens of the document. */
  tokens: number;
  /** Levels of fields. */
  depth: number;
  /** Aliases, those of a fragment once for each spread. */
  aliases: number;
  /** Directives, those of a fragment once for each spread. */
  directives: number;
  /** Pairs of fields with one response name in one place: GraphQL compares the two before it merges them. */
  repeats: number;
  /** Fields of a mutation: each is a transaction of its own. */
  mutations: number;
  /** Points: one for each object, times the page size within a list. */
  cost: number;
  /** Points that one key may spend in a minute, over all its requests. */
  costPerMinute: number;
};

export const defaultLimits: Limits = {
  tokens: 4_000,
  depth: 15,
  aliases: 30,
  directives: 30,
  repeats: 10_000,
  mutations: 5,
  cost: 10_000,
  costPerMinute: 1_000_000,
};
