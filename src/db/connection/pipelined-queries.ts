import type { Duplex } from 'node:stream';
import type pg from 'pg';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Send } from '../statements.ts';
import { StatementBatch } from './statement-batch.ts';

// Prisma converts every parameter to or from JSON three times, and waits for each result before it sends the next
// statement.
// To avoid both, each transaction sends Prisma one placeholder statement with a number. The connection recognizes the
// placeholder and sends the first real statements in its place; all later ones go directly to the connection.
type Transaction = { client: pg.PoolClient | null; isOver: boolean };
type Waiting = { transaction: Transaction; statements: pg.QueryConfig[]; results: pg.QueryResult[]; found(): void };

const waiting = new Map<string, Waiting>();
const placeholderStatement = 'SELECT $1 AS placeholder';
let lastPlaceholder = 0;

/** Pipelines statements over the connection of a Prisma transaction, until that transaction ends. */
export function pipelineWithin(tx: Prisma.TransactionClient): Send {
  const transaction: Transaction = { client: null, isOver: false };
  let isFound: Promise<unknown> | null = null;
  return async (statements) => {
    if (!isFound) {
      let found = () => {};
      const started = new Promise<void>((resolve) => {
        found = resolve;
      });
      const results = sendByPlaceholder(tx, { transaction, statements, results: [], found });
      isFound = Promise.race([started, results]);
      isFound.catch(() => undefined);
      return results;
    }
    await isFound;
    // Another transaction may be using the connection by now.
    if (!transaction.client || transaction.isOver) throw new Error('The transaction has already ended.');
    return sendTo(transaction.client, statements);
  };
}

async function sendByPlaceholder(tx: Prisma.TransactionClient, sent: Waiting): Promise<pg.QueryResult[]> {
  const placeholder = String(++lastPlaceholder);
  waiting.set(placeholder, sent);
  await tx.$executeRaw`SELECT ${placeholder} AS placeholder`.finally(() => waiting.delete(placeholder));
  return sent.results;
}

/** Sends statements within a transaction. The database answers all statements of one tick together. */
export async function sendTo(client: pg.PoolClient, statements: pg.QueryConfig[]): Promise<pg.QueryResult[]> {
  try {
    return await Promise.all(statements.map((statement) => resultOf(client, statement)));
  } catch (error) {
    throw withStackOfCaller(error);
  }
}

function resultOf(client: pg.PoolClient, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  return withCallback((callback) => openBatch(client).add(statement, callback));
}

const batches = new WeakMap<pg.PoolClient, StatementBatch>();

function openBatch(client: pg.PoolClient): StatementBatch {
  const open = batches.get(client);
  if (open) return open;
  const batch = new StatementBatch();
  batches.set(client, batch);
  process.nextTick(submitBatch, client);
  return batch;
}

function submitBatch(client: pg.PoolClient): void {
  const batch = batches.get(client);
  if (!batch) return;
  batches.delete(client);
  client.query(batch);
}

/**
 * Runs a query with a callback. Without one, the driver would assign a function literal to a property of each query. V8
 * allocates such functions in the old generation, where they keep the result until a full collection.
 */
function withCallback(
  run: (callback: (error: Error | null, result: pg.QueryResult) => void) => void,
): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result))));
}

const running = new WeakMap<pg.PoolClient, Transaction>();
const pipelining = new WeakSet<pg.PoolClient>();

/**
 * Makes this connection replace a placeholder with the statements it stands for, and run every other query with a
 * callback. Prisma's adapter passes one configuration object.
 */
export function pipelineQueries(client: pg.PoolClient): void {
  if (pipelining.has(client)) return;
  pipelining.add(client);
  const send = client.query;
  Object.assign(client, {
    query(...query: unknown[]) {
      const { text, values } = Object(query[0]) as Partial<pg.QueryConfig>;
      if (text === 'COMMIT' || text === 'ROLLBACK') end(client);
      submitBatch(client);
      joinWrites(client);
      const sent = text === placeholderStatement ? waiting.get(String(values?.[0])) : undefined;
      if (!sent) return isAwaited(query) ? promised(send, client, query) : Reflect.apply(send, client, query);
      sent.transaction.client = client;
      running.set(client, sent.transaction);
      sent.found();
      return sendTo(client, sent.statements).then((results) => {
        sent.results = results;
        return results.at(-1);
      });
    },
  });
}

// Whether the caller awaits the promise that `client.query` returns.
function isAwaited(query: unknown[]): boolean {
  return typeof Object(query[0]).submit !== 'function' && typeof query.at(-1) !== 'function';
}

async function promised(
  send: pg.PoolClient['query'],
  client: pg.PoolClient,
  query: unknown[],
): Promise<pg.QueryResult> {
  try {
    return await withCallback((callback) => Reflect.apply(send, client, [...query, callback]));
  } catch (error) {
    throw withStackOfCaller(error);
  }
}

// The stack of the socket names no caller.
function withStackOfCaller(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error);
  return error;
}

const joined = new WeakSet<pg.PoolClient>();

// Sends the statements of one tick to the database together. Each would otherwise be a system call of its own.
function joinWrites(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (joined.has(client)) return;
  joined.add(client);
  stream.cork();
  process.nextTick(() => {
    joined.delete(client);
    stream.uncork();
  });
}

function end(client: pg.PoolClient): void {
  const transaction = running.get(client);
  if (transaction) transaction.isOver = true;
  running.delete(client);
}
