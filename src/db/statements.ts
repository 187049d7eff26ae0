import type pg from 'pg';
import type { Tx } from './database.ts';
import { statementName } from './statement-name.ts';

/** SQL and its parameters as they are sent. */
export type Statement = { text: string; values: unknown[] };

/** The parameter that a read past Prisma has its workspace in. */
export const workspace = '$1::uuid';

// Prisma copies every parameter of a statement through JSON three times, and sends a statement when the one before is
// answered. What is large or many waits here instead: only a ticket goes through Prisma, which is what finds the
// connection of the transaction, and there it is exchanged.
const waiting = new Map<string, pg.QueryConfig[]>();
const ticketStatement = 'SELECT $1 AS ticket';
let lastTicket = 0;

/** Sends statements one right behind the other: the database never waits for the next. They fail as one. */
export async function sendAll(tx: Tx, statements: Statement[]): Promise<void> {
  if (statements.length === 0) return;
  const ticket = String(++lastTicket);
  waiting.set(
    ticket,
    statements.map(({ text, values }) => ({ name: statementName(text), text, values })),
  );
  await tx.$executeRaw`SELECT ${ticket} AS ticket`.finally(() => waiting.delete(ticket));
}

/** The statements that a ticket stands for; undefined for any other statement. */
export function exchanged({ text, values }: pg.QueryConfig): pg.QueryConfig[] | undefined {
  return text === ticketStatement ? waiting.get(String(values?.[0])) : undefined;
}
