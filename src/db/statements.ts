import type pg from 'pg';
import { namedSelection, namedStatement } from './connection/statement-name.ts';

/** SQL and its parameters, as sent to the database. */
export type Statement = { text: string; values: unknown[] };

/** Whether a statement is planned for its values, instead of once for all values. */
export type PlannedForValues = { isPlannedForValues?: boolean | undefined };

/** Placeholder of the workspace ID in raw SQL. */
export const workspace = '$1::uuid';

/**
 * Raw SQL statements, prepared under their names. Values are passed to `pg` unchanged, and rows are returned as it
 * returns them: decimals and numbers over 32 bits are strings.
 */
export type Statements = {
  workspaceId: string;
  query<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>;
  /**
   * Pipelines the statements, so the database never waits for the next one. If one fails, all fail. Returns the rows of
   * each.
   */
  sendAll(statements: Statement[]): Promise<pg.QueryResultRow[][]>;
  /**
   * Like `sendAll`, for statements whose rows nobody reads. A transaction may hold them back, and send them with its next
   * statement or with COMMIT, which fails if one of them does.
   */
  sendLater(statements: Statement[]): Promise<unknown>;
};

export type Send = (statements: pg.QueryConfig[]) => Promise<pg.QueryResult[]>;

/** Builds the methods on a `send` function that pipelines its statements. */
export function statementsBy(send: Send): Pick<Statements, 'query' | 'sendAll' | 'sendLater'> {
  const sendAll: Statements['sendAll'] = async (statements) => {
    const results = statements.length > 0 ? await send(statements.map(named)) : [];
    return results.map(({ rows }) => rows);
  };
  return {
    async query<Row extends pg.QueryResultRow>(statement: Statement) {
      const [result] = await send([named(statement)]);
      return (result?.rows ?? []) as Row[];
    },
    sendAll,
    sendLater: sendAll,
  };
}

/** Reads with SQL that depends on the selection of the caller. */
export type Read = <Row extends pg.QueryResultRow>(statement: Statement & PlannedForValues) => Promise<Row[]>;

export function readBy(send: Send): Read {
  return async <Row extends pg.QueryResultRow>({ text, ...rest }: Statement & PlannedForValues) => {
    const [result] = await send([{ ...namedSelection(text), ...rest }]);
    return (result?.rows ?? []) as Row[];
  };
}

/** Returns a statement as it is sent, prepared under its name. */
export function named({ text, values }: Statement): pg.QueryConfig {
  return { ...namedStatement(text), values };
}
