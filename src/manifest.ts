/**
 * What the rest of the server needs to know about a domain. Each domain exports it from `domain.ts`, as data that imports
 * nothing, so that every folder may read it through `domains.ts`.
 */
export type Domain = {
  /** Scopes of the domain. The first one covers the rows of its tables. */
  scopes?: readonly Scope[];
  tables?: Record<string, Table>;
  /** Record types of an import. A record may refer to records of the types before it. */
  records?: Record<string, ImportType>;
  /**
   * SQL for the tables whose past rows depend on more than their time, as `PastTables`. For all other tables with a time,
   * the rows dated up to an instant are those of that instant.
   */
  pastTables?: ModuleExport;
  /**
   * Function that removes personal data from the domain's rows of an erased customer. Called with the database, the ID
   * of the customer and the options of the batches. It may run again after an interruption.
   */
  anonymize?: ModuleExport;
  /** Modules that define the domain's part of the GraphQL schema, as paths within its folder. */
  schemaModules?: readonly string[];
};

/**
 * A function or constant that other folders use: the path of its module within the domain's folder, and its name.
 * `npm run generate` writes the imports, because a manifest imports nothing.
 */
export type ModuleExport = readonly [module: string, name: string];

/** The scopes `<noun>:read` and `<noun>:write`. */
export type Scope = {
  noun: string;
  /** What the scopes give access to, in Markdown for `docs/keys-and-scopes.md`. */
  covers: string;
  /** Who has the read scope by default: keys and customer tokens, keys only, or nobody. */
  readers: 'CUSTOMERS' | 'KEYS' | 'NONE';
  /** Whether there is no write scope. */
  isReadOnly?: true;
};

export type Table = {
  /** Prefix of its IDs, such as `order` in `order_01h4…`. Prefixes are public, so a released one never changes. */
  idPrefix?: string;
  /** Whether other systems may have IDs for its rows, in the columns `source` and `externalId`. */
  hasExternalIds?: true;
  /** Column with the time since which a row counts. Before that time, it has not happened yet. */
  time?: string;
  /** All text and JSON columns, and all other columns with personal data. */
  columns?: Record<string, ColumnKind>;
  /** Rows that a customer token may read: the customer's own, all or none. Defaults to none. */
  customerRows?: 'OWN' | 'ALL';
  /** SQL condition that the customer's own rows must also meet. */
  customerCondition?: string;
  /**
   * Table of the records that the rows are parts of, such as `Order` of an order line. The column `customerId` repeats
   * the customer of that record. Writers set it in new rows, and a trigger updates it when the record moves.
   */
  partOf?: string;
  /** Whether the audit log leaves out changes, because the rows follow from other rows or record progress. */
  isUnaudited?: true;
  /** Columns whose changes the audit log leaves out, because they follow from other rows. */
  unauditedColumns?: readonly string[];
  /** Effect of a customer's erasure on their rows. Every table with rows of customers has one, except for parts. */
  erasure?: Erasure;
  /** Whether the rows only serve the server, so that the export of a customer leaves them out. */
  isInternal?: true;
  /** Relations whose rows an export of this table names, and the column with the name. */
  exportedLabels?: Readonly<Record<string, string>>;
  timeline?: TimelineKind;
  history?: HistoryList;
  fact?: RecordedFact;
};

/**
 * Kind of data in a column of text or JSON. Values of a personal data class are masked for keys and customer tokens
 * without the scope of that class. By default, a token lacks `pii:free_text`, because staff also write free text. CONTACT
 * holds an email address or phone number; IF_CONTACT may hold one. The other kinds are never masked: STAFF names people
 * and teams of the workspace, LABEL holds the workspace's own terms, and CODE holds values for programs.
 */
export type ColumnKind =
  | 'EMAIL'
  | 'PHONE'
  | 'ADDRESS'
  | 'BIRTHDAY'
  | 'FREE_TEXT'
  | 'CONTACT'
  | 'IF_CONTACT'
  | 'STAFF'
  | 'LABEL'
  | 'CODE';

/**
 * Effect of a customer's erasure on their rows:
 * - DELETE: they are deleted, and so are rows that require them.
 * - ANONYMIZE: the domain's `anonymize` removes their personal data.
 * - IDENTITY: they identify the customer, so the first transaction of the erasure deletes them.
 * - PAST_VALUES: they hold earlier values of other rows, so they are erased last.
 * - KEEP: they hold no personal data.
 */
export type Erasure = 'DELETE' | 'ANONYMIZE' | 'IDENTITY' | 'PAST_VALUES' | 'KEEP';

/** Entry of a customer's timeline, dated by the `time` of its table. */
export type TimelineKind = {
  /** Value of the enum `TimelineKind` in GraphQL. A released one never changes. */
  kind: string;
  description: string;
  /** Whether the table has the column `channel`. */
  hasChannel?: true;
};

/**
 * List of a customer's rows in `customerContext.history`. The domain's schema adds the whole list to `Customer`, under
 * the same name.
 */
export type HistoryList = {
  name: string;
  description: string;
  /** Columns to sort by, newest first. Defaults to the `time` of the table and the ID. */
  order?: readonly string[];
  /** Whether `customerContext.unknown` reports a customer without rows. */
  isExpected?: true;
  /** Purposes for which the rows may be read. */
  purposes: readonly Purpose[];
};

export type Purpose = 'SUPPORT' | 'ORDER_FULFILMENT' | 'PERSONALISATION' | 'MARKETING' | 'ANALYTICS';

/** How `Query.fact` explains a row. The row's type has the field `fact: t.field(recordFact(…))`. */
export type RecordedFact = {
  /** Columns of the value. They leave personal data to `node(id:)`, which masks it where needed. */
  columns: readonly string[];
  /** Column with an amount in the currency of the row. */
  amount?: string;
  /** Whether the columns `origin` and `confidence` say what the fact is based on. Otherwise, it is simply stored. */
  hasOrigin?: true;
  /** `FactRule` of a row that became a fact by other rows or by the clock. All other rows are simply stored. */
  rule?: ModuleExport;
};

/** Type of a row in a JSON Lines import. */
export type ImportType = {
  /** Fields that identify the record. Defaults to `key`. */
  identifiedBy?: readonly string[];
  /** Whether a record without a key gets one that is derived from its content. */
  isKeyOptional?: true;
  /** Whether a record refers to no other records, so that it never waits for one. */
  isIndependent?: true;
  /**
   * The `BulkWriter` of the records. It applies the rules of the mutation, except that contact points that are invalid
   * or belong to another customer are left out instead of rejected.
   */
  writer: ModuleExport;
  /**
   * Row for the documentation and the tests, without its type. It has an external ID as its key and a text in each
   * column with personal data, and refers only to records in the examples of the types before it.
   */
  example: object;
};

// Columns that many tables have.

export const moneyColumns = { currencyCode: 'CODE' } as const;

/** For records about a customer. Another system may use an email address as the ID. */
export const externalIdColumns = { source: 'LABEL', externalId: 'IF_CONTACT' } as const;

/** For records that belong to the workspace, not to a customer. */
export const catalogColumns = { source: 'LABEL', externalId: 'LABEL', sortName: 'LABEL' } as const;
