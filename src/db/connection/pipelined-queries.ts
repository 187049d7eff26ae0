import type pg from 'pg';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Send } from '../statements.ts';

// Prisma copies every parameter through JSON three times, and waits for each result before it sends the next statement.
// To avoid both, each transaction sends Prisma one placeholder statement with a ticket. The connection recognizes the
// ticket and sends the first real statements in its place; all later ones go directly to the connection.
type Transaction = { client: pg.PoolClient | null; isOver: boolean };
type Waiting = { transaction: Transaction; statements: pg.QueryConfig[]; results: pg.QueryResult[]; found(): void };

const waiting = new Map<string, Waiting>();
const ticketStatement = 'SELECT $1 AS ticket';
let lastTicket = 0;

/** Pipelines statements over the connection of a Prisma transaction, until that transaction ends. */
export function sendWithin(tx: Prisma.TransactionClient): Send {
  const transaction: Transaction = { client: null, isOver: false };
  let isFound: Promise<unknown> | null = null;
  return async (statements) => {
    if (!isFound) {
      let found = () => {};
      const exchanged = new Promise<void>((resolve) => {
        found = resolve;
      });
      const results = sendByTicket(tx, { transaction, statements, results: [], found });
      isFound = Promise.race([exchanged, results]);
      isFound.catch(() => undefined);
      return results;
    }
    await isFound;
    // Another transaction may be using the connection by now.
    if (!transaction.client || transaction.isOver) throw new Error('The transaction has already ended.');
    return sendTo(transaction.client, statements);
  };
}

async function sendByTicket(tx: Prisma.TransactionClient, sent: Waiting): Promise<pg.QueryResult[]> {
  const ticket = String(++lastTicket);
  waiting.set(ticket, sent);
  await tx.$executeRaw`SELECT ${ticket} AS ticket`.finally(() => waiting.delete(ticket));
  return sent.results;
}

function sendTo(client: pg.PoolClient, statements: pg.QueryConfig[]): Promise<pg.QueryResult[]> {
  return Promise.all(statements.map((statement) => client.query(statement)));
}

const running = new WeakMap<pg.PoolClient, Transaction>();
const exchanging = new WeakSet<pg.PoolClient>();

/**
 * Makes this connection replace a ticket with the statements it stands for. Prisma's adapter passes one configuration
 * object; other queries pass through unchanged.
 */
export function exchangeTickets(client: pg.PoolClient): void {
  if (exchanging.has(client)) return;
  exchanging.add(client);
  const send = client.query;
  Object.assign(client, {
    query(...query: unknown[]) {
      const { text, values } = Object(query[0]) as Partial<pg.QueryConfig>;
      if (text === 'COMMIT' || text === 'ROLLBACK') end(client);
      const sent = text === ticketStatement ? waiting.get(String(values?.[0])) : undefined;
      if (!sent) return Reflect.apply(send, client, query);
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

function end(client: pg.PoolClient): void {
  const transaction = running.get(client);
  if (transaction) transaction.isOver = true;
  running.delete(client);
}
