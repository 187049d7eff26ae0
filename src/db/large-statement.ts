import type pg from 'pg';
import type { Tx } from './database.ts';
import { statementName } from './statement-name.ts';

/** A statement with its parameters in the form they are sent, ready to run. */
export type LargeStatement = (tx: Tx) => Promise<void>;

// Prisma copies every parameter of a statement through JSON three times. A large one waits here instead: only its ticket
// goes through Prisma, which is what finds the connection of the transaction, and there it is exchanged.
const waiting = new Map<string, pg.QueryConfig>();
const ticketStatement = 'SELECT $1 AS ticket';
let lastTicket = 0;

/**
 * Prepares a statement for many rows: `$1` is the workspace, `$2` the rows as JSON, which may be megabytes. They are
 * written as JSON here and now, so that the database need not wait for that later. Without rows there is nothing to run.
 */
export function largeStatement(text: string, rows: object[]): LargeStatement {
  if (rows.length === 0) return async () => undefined;
  const json = JSON.stringify(rows);
  return async (tx) => {
    const ticket = String(++lastTicket);
    waiting.set(ticket, { name: statementName(text), text, values: [tx.workspaceId, json] });
    await tx.$executeRaw`SELECT ${ticket} AS ticket`.finally(() => waiting.delete(ticket));
  };
}

/** The statement that a ticket stands for; undefined for any other statement. */
export function exchanged({ text, values }: pg.QueryConfig): pg.QueryConfig | undefined {
  return text === ticketStatement ? waiting.get(String(values?.[0])) : undefined;
}
