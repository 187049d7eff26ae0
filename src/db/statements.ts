import type pg from 'pg';
import { statementName } from './statement-name.ts';

/** SQL and its parameters as they are sent. */
export type Statement = { text: string; values: unknown[] };

/** The parameter that a read past Prisma has its workspace in. */
export const workspace = '$1::uuid';

/**
 * Statements past Prisma, prepared under their names: values as `pg` takes them, rows as it gives them (numbers of more
 * than 32 bits and decimals are texts).
 */
export type Statements = {
  workspaceId: string;
  query<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>;
  /** Sends them one right behind the other: the database never waits for the next. They fail as one. The rows of each. */
  sendAll(statements: Statement[]): Promise<pg.QueryResultRow[][]>;
};

export type Send = (statements: pg.QueryConfig[]) => Promise<pg.QueryResult[]>;

/** Where `send` sends one right behind the other. */
export function statementsBy(send: Send): Pick<Statements, 'query' | 'sendAll'> {
  const named = ({ text, values }: Statement) => ({ name: statementName(text), text, values });
  return {
    async query<Row extends pg.QueryResultRow>(statement: Statement) {
      const [result] = await send([named(statement)]);
      return (result?.rows ?? []) as Row[];
    },
    async sendAll(statements) {
      const results = statements.length > 0 ? await send(statements.map(named)) : [];
      return results.map(({ rows }) => rows);
    },
  };
}
