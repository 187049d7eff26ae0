import pg from 'pg';
import { exchanged } from './large-statement.ts';

/**
 * One workspace's view of the shared pool: every connection it hands out is bound to that workspace first, so
 * row-level security sees the right tenant whatever runs on it. Binding costs a statement only where the connection
 * last served another workspace.
 */
export class TenantPool extends pg.Pool {
  readonly #pool: pg.Pool;
  readonly #workspaceId: string;

  constructor(pool: pg.Pool, workspaceId: string) {
    super(pool.options);
    this.#pool = pool;
    this.#workspaceId = workspaceId;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | undefined {
    if (callback) throw new Error('TenantPool hands out connections as promises only.');
    return this.#bound();
  }

  // Every call of Prisma's adapter passes one configuration object.
  override query = async (...query: unknown[]): Promise<never> => {
    const client = await this.#bound();
    try {
      const result = await Reflect.apply(client.query, client, query);
      client.release();
      return result as never;
    } catch (error) {
      // A connection that ended is removed by the pool itself; an ordinary refusal leaves it usable.
      client.release();
      throw error;
    }
  };

  async #bound(): Promise<pg.PoolClient> {
    const client = await this.#pool.connect();
    queue(client);
    if (boundTo.get(client) === this.#workspaceId) return client;
    try {
      boundTo.delete(client);
      await client.query({ name: 'bind', text: bindStatement, values: [this.#workspaceId] });
      boundTo.set(client, this.#workspaceId);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

const bindStatement = "SELECT set_config('app.workspace_id', $1, false)";

const boundTo = new WeakMap<pg.PoolClient, string>();

const queued = new WeakSet<pg.PoolClient>();

// What Prisma asks while a statement runs waits here: `pg` is going to stop queueing by itself. Prisma's adapter passes
// one configuration; whatever else uses the pool is let through.
function queue(client: pg.PoolClient): void {
  if (queued.has(client)) return;
  queued.add(client);
  const send = client.query;
  let last: Promise<unknown> = Promise.resolve();
  Object.assign(client, {
    query(...query: unknown[]) {
      const [config] = query;
      if (query.length > 1 || typeof config !== 'object') return Reflect.apply(send, client, query);
      const sent = last.then(() => Reflect.apply(send, client, [exchanged(config as pg.QueryConfig) ?? config]));
      last = sent.catch(() => undefined);
      return sent;
    },
  });
}
