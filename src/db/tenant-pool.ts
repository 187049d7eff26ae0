import pg from 'pg';
import { isEnding } from './steady-pool.ts';
import { exchangeTickets } from './tickets.ts';

/** Whose rows a session sees: a workspace's, or of these one customer's own. */
export type Tenant = { workspaceId: string; customerId: string | null };

/**
 * One tenant's view of the shared pool: every connection it hands out is bound to that tenant first, so row-level
 * security sees the right one whatever runs on it. Binding costs a statement only where the connection last served
 * another.
 */
export class TenantPool extends pg.Pool {
  /** The same for all pools of one tenant, and for no other. */
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
    if (callback) throw new Error('TenantPool hands out connections as promises only.');
    return this.#bound();
  }

  // Every call of Prisma's adapter passes one configuration object. What is asked follows the binding without waiting for
  // it; were that to fail, no answer is given.
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
    exchangeTickets(client);
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
