import type pg from 'pg';
import type { Prisma } from './generated/prisma/client.ts';
import type { Send } from './statements.ts';

// Prisma copies every parameter of a statement through JSON three times, and sends a statement when the one before is
// answered. What goes past it waits here instead: only a ticket goes through Prisma, which is what finds the connection
// of the transaction, and there it is exchanged.
type Waiting = { statements: pg.QueryConfig[]; results: pg.QueryResult[] };

const waiting = new Map<string, Waiting>();
const ticketStatement = 'SELECT $1 AS ticket';
let lastTicket = 0;

/** Sends statements over the connection of a transaction of Prisma's. */
export function sendWithin(tx: Prisma.TransactionClient): Send {
  return async (statements) => {
    const [ticket, sent]: [string, Waiting] = [String(++lastTicket), { statements, results: [] }];
    waiting.set(ticket, sent);
    await tx.$executeRaw`SELECT ${ticket} AS ticket`.finally(() => waiting.delete(ticket));
    return sent.results;
  };
}

const exchanging = new WeakSet<pg.PoolClient>();

/**
 * From now on a ticket sent to this connection sends what it stands for. Prisma's adapter passes one configuration;
 * whatever else uses the pool is let through.
 */
export function exchangeTickets(client: pg.PoolClient): void {
  if (exchanging.has(client)) return;
  exchanging.add(client);
  const send = client.query;
  Object.assign(client, {
    query(...query: unknown[]) {
      const [config] = query;
      const sent = typeof config === 'object' ? waitingFor(config as pg.QueryConfig) : undefined;
      if (!sent) return Reflect.apply(send, client, query);
      return Promise.all(sent.statements.map((statement) => Reflect.apply(send, client, [statement]))).then(
        (results) => {
          sent.results = results;
          return results.at(-1);
        },
      );
    },
  });
}

function waitingFor({ text, values }: pg.QueryConfig): Waiting | undefined {
  return text === ticketStatement ? waiting.get(String(values?.[0])) : undefined;
}
