import type pg from 'pg';
import type { Tx } from './database.ts';
import { statementName } from './statement-name.ts';

// Prisma copies every parameter of a statement through JSON three times. A large one waits here instead: only its ticket
// goes through Prisma, which is what finds the connection of the transaction, and there it is exchanged.
const waiting = new Map<string, pg.QueryConfig>();
const ticketStatement = 'SELECT $1 AS ticket';
let lastTicket = 0;

/** Runs a statement whose parameters may be megabytes. */
export async function executeLarge(tx: Tx, text: string, ...values: string[]): Promise<void> {
  const ticket = String(++lastTicket);
  waiting.set(ticket, { name: statementName(text), text, values });
  await tx.$executeRaw`SELECT ${ticket} AS ticket`.finally(() => waiting.delete(ticket));
}

/** The statement that a ticket stands for; undefined for any other statement. */
export function largeStatement({ text, values }: pg.QueryConfig): pg.QueryConfig | undefined {
  return text === ticketStatement ? waiting.get(String(values?.[0])) : undefined;
}
