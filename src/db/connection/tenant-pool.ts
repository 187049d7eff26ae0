import pg from 'pg';
import { pipelineQueries } from './pipelined-queries.ts';
import { isEnding } from './session-pool.ts';

/** The rows a session sees: those of a workspace, or only those of one of its customers. */
export type Tenant = { workspaceId: string; customerId: string | null };

/**
 * A view of the shared pool for one tenant. Every connection is bound to that tenant before use, so row-level security
 * applies to every query. Binding costs a statement only if the connection last served another tenant.
 */
export class TenantPool extends pg.Pool {
  /** The same for all pools of one tenant, and different for any other tenant. */
  readonly key: string;
  readonly #pool: pg.Pool;
  readonly #tenant: Tenant;

  constructor(pool: pg.Pool, tenant: Tenant) {
    super(pool.options);
    this.#pool = pool;
    this.#tenant = tenant;
    this.key = `${tenant.workspaceId} ${tenant.customerId ?? ''}`;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | undefined {
    if (callback) throw new Error('TenantPool.connect() takes no callback. Use the promise it returns.');
    return this.#bound();
  }

  // Prisma's adapter always passes one configuration object. The query is sent right behind the binding, without
  // waiting for it. If the binding fails, the query returns no result.
  override query = async (...query: unknown[]): Promise<never> => {
    const client = await this.#connect();
    const binding = this.#bind(client);
    try {
      const [result] = await Promise.all([Reflect.apply(client.query, client, query) as never, binding]);
      client.release();
      return result;
    } catch (error) {
      const isBound = await binding.then(
        () => true,
        () => false,
      );
      client.release(!isBound || isEnding(error));
      throw error;
    }
  };

  async #bound(): Promise<pg.PoolClient> {
    const client = await this.#connect();
    try {
      await this.#bind(client);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    const client = await this.#pool.connect();
    pipelineQueries(client);
    return client;
  }

  async #bind(client: pg.PoolClient): Promise<void> {
    if (boundTo.get(client) === this.key) return;
    const { workspaceId, customerId } = this.#tenant;
    const role = customerId === null ? 'rapport_app' : 'rapport_customer';
    boundTo.delete(client);
    await client.query({ name: 'bind', text: bindStatement, values: [workspaceId, customerId ?? '', role] });
    boundTo.set(client, this.key);
  }
}

const bindStatement =
  "SELECT set_config('app.workspace_id', $1, false), set_config('app.customer_id', $2, false), set_config('role', $3, false)";

const boundTo = new WeakMap<pg.PoolClient, string>();
