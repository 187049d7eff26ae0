/**
 * Bytes of memory that each cache may take. Every cache that callers can fill is listed here, and together they stay
 * under 100 MB.
 */
export const cacheBytes = {
  /** Prisma clients, each with the queries it has compiled. */
  prismaClients: 60_000_000,
  /** Parsed documents. */
  documents: 12_000_000,
  /** SQL compiled from documents. */
  statements: 8_000_000,
  /** Costs of documents, by their variables. */
  costs: 2_000_000,
  /** Texts of automatic persisted queries. */
  persistedQueries: 2_000_000,
  /** SQL texts of prepared statements. */
  statementNames: 4_000_000,
  /** Reads of personal data that are not yet in the audit log. */
  notedReads: 5_000_000,
  /** API keys that were checked within the last minute. */
  keyHolders: 2_000_000,
  /** Points that keys and tokens may still spend in this minute. */
  rateLimitLeases: 5_000_000,
};
