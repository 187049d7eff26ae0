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
      // A connection that ended is removed by the pool itself, one that is about to end here; a refusal leaves it usable.
      client.release(sqlStateOf(error)?.startsWith('57P') ?? false);
      throw error;
    }
  };
}
