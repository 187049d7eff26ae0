import pg from 'pg';
import { sqlStateOf } from './sql-state.ts';

/** A pool that keeps a connection after a statement that failed, and with it what its session holds. */
export class SteadyPool extends pg.Pool {
  // Every call of Prisma's adapter passes one configuration object.
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

/** Whether a connection is about to end. One that ended is removed by the pool itself; a refusal leaves it usable. */
export function isEnding(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('57P') ?? false;
}
