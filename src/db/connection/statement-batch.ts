import pg from 'pg';
import type { Statement } from '../statements.ts';

type Connection = { submittedNamedStatements: Record<string, string> };
type Callback = (error: Error | null, result: pg.QueryResult) => void;

// What the client calls on a query. The types of `pg` leave most of it out.
type DriverQuery = {
  name: string;
  text: string;
  values?: unknown[];
  callback: Callback;
  submit(connection: object): void;
  handleError(error: Error, connection: object): void;
  handleReadyForQuery(connection: object): void;
  handleRowDescription(message: object): void;
  handleDataRow(message: object): void;
  handleCommandComplete(message: object, connection: object): void;
};

const DriverQuery = pg.Query as unknown as new (text: string, values?: unknown[]) => DriverQuery;

// Only one message behind all statements asks for the answer. `pg` would also close a statement whose values it cannot send,
// but not prepare it again.
const silenced = { sync: { value: () => undefined }, close: { value: () => undefined } };

/**
 * Prepared statements of one transaction, which the database answers together. Sent one by one, each answer would cost
 * the database a system call, and this process another. If a statement fails, those behind it do not run and fail with
 * the same error.
 */
export class StatementBatch extends DriverQuery {
  readonly #queries: DriverQuery[] = [];
  #done = 0;
  #failure: Error | null = null;

  constructor() {
    super('');
  }

  add({ name, text, values }: pg.QueryConfig, settle: Callback): void {
    const callback: Callback = (error, result) => {
      this.#failure ??= error;
      settle(error, result);
    };
    // Without a name or values, `pg` would send it as a message of another kind, which ends the batch.
    const query = Object.assign(new DriverQuery(text, values), { name, callback, queryMode: 'extended' });
    this.#queries.push(query);
  }

  /** The statements, in the order in which they run. */
  get statements(): Statement[] {
    return this.#queries.map(({ text, values = [] }) => ({ text, values }));
  }

  override submit(connection: pg.Connection & { sync(): void }): null {
    const unsynced = Object.create(connection, silenced);
    for (const query of this.#queries) {
      // Fails at once if `pg` cannot send one of its values.
      if (this.#failure) query.handleError(this.#failure, connection);
      else query.submit(unsynced);
    }
    connection.sync();
    this.#showCurrent();
    return null;
  }

  override handleRowDescription(message: object): void {
    this.#queries[this.#done]?.handleRowDescription(message);
  }

  override handleDataRow(message: object): void {
    this.#queries[this.#done]?.handleDataRow(message);
  }

  override handleCommandComplete(message: object, connection: object): void {
    this.#queries[this.#done++]?.handleCommandComplete(message, connection);
    this.#showCurrent();
  }

  override handleReadyForQuery(connection: object): void {
    for (const query of this.#queries) query.handleReadyForQuery(connection);
  }

  override handleError(error: Error, connection: Connection): void {
    for (const [i, query] of this.#queries.entries()) {
      if (i < this.#done) {
        query.handleReadyForQuery(connection);
      } else {
        // The database has not prepared a statement that it did not reach.
        delete connection.submittedNamedStatements[query.name];
        query.handleError(error, connection);
      }
    }
  }

  // The client notes the name of a statement when the database has prepared it.
  #showCurrent(): void {
    const current = this.#queries[this.#done];
    this.name = current?.name ?? '';
    this.text = current?.text ?? '';
  }
}
