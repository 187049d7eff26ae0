/**
 * Bytes that a process keeps, at most, of what callers send, by what it keeps them for. Every cache that a caller can
 * fill has its budget here. Together they stay under 100 MB.
 */
export const cacheBytes = {
  /** Parsed documents. */
  documents: 32_000_000,
  /** SQL made of documents. */
  statements: 24_000_000,
  /** Costs of documents, by their variables. */
  costs: 4_000_000,
  /** Texts of automatic persisted queries. */
  persistedQueries: 4_000_000,
  /** Texts of SQL that a name was given to. */
  statementNames: 8_000_000,
  /** Reads of personal data that are still to be written to the audit log. */
  notedReads: 16_000_000,
};
