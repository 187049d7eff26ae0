/**
 * Maximum size of each cache in bytes of memory. Lists every cache that callers can fill. Together they take at most
 * 64 MB.
 */
export const cacheBytes = {
  /** Prisma clients with their compiled queries. */
  prismaClients: 24_000_000,
  /** Views of the tables of one workspace or customer. */
  tenants: 2_000_000,
  /** Parsed documents. */
  documents: 12_000_000,
  /** Plans of compiled reads. */
  plans: 6_000_000,
  /** Costs of documents by variables. */
  costs: 2_000_000,
  /** Texts of automatic persisted queries. */
  persistedQueries: 2_000_000,
  /** SQL texts of prepared statements. */
  statementNames: 4_000_000,
  /** Reads of personal data that are not yet in the audit log. */
  queuedReads: 5_000_000,
  /** API keys checked within the last minute. */
  apiKeys: 2_000_000,
  /** Remaining points of keys and tokens in the current minute. */
  rateLimitLeases: 5_000_000,
};
