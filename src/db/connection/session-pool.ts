import pg from 'pg';
import { sqlStateOf } from '../sql-state.ts';

/** A pool that keeps a connection after a failed statement, and with it the state of the session. */
export class SessionPool extends pg.Pool {
  // Prisma's adapter always passes one configuration object.
  override query = async (...query: unknown[]): Promise<never> => {
    const client = await this.connect();
    try {
      const result = await Reflect.apply(client.query, client, query);
      client.release();
      return result as never;
    } catch (error) {
      client.release(isEnding(error));
      throw error;
    }
  };
}

/**
 * Returns whether a connection is about to end. The pool removes ended connections itself; other errors leave them
 * usable.
 */
export function isEnding(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('57P') ?? false;
}
