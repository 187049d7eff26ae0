import pg from 'pg';
import type { PlannedForValues } from '../statements.ts';
import { pipelineQueries } from './pipelined-queries.ts';
import { isEnding } from './session-pool.ts';

/** The rows a session sees: those of a workspace, or only those of one of its customers. */
export type Tenant = { workspaceId: string; customerId: string | null };

/**
 * A view of the shared pool for one tenant. Every connection is bound to that tenant before use, so row-level security
 * applies to every query. Binding costs a statement only if the connection last served another tenant, or a statement
 * that is planned in the other way.
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
    const { isPlannedForValues = false } = Object(query[0]) as PlannedForValues;
    const binding = this.#bind(client, isPlannedForValues);
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
      await this.#bind(client, false);
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

  async #bind(client: pg.PoolClient, isPlannedForValues: boolean): Promise<void> {
    const key = `${this.key} ${isPlannedForValues}`;
    if (boundTo.get(client) === key) return;
    const { workspaceId, customerId } = this.#tenant;
    const role = customerId === null ? 'rapport_app' : 'rapport_customer';
    const plans = isPlannedForValues ? 'force_custom_plan' : genericPlans;
    boundTo.delete(client);
    await client.query({ name: 'bind', text: bindStatement, values: [workspaceId, customerId ?? '', role, plans] });
    boundTo.set(client, key);
  }
}

/**
 * Value of `plan_cache_mode` for one plan per statement. A plan for a given search term would assume that the term is
 * rare, so it would collect and sort every match. Each connection would also plan the first five calls again.
 */
export const genericPlans = 'force_generic_plan';

const bindStatement = `SELECT set_config('app.workspace_id', $1, false), set_config('app.customer_id', $2, false),
  set_config('role', $3, false), set_config('plan_cache_mode', $4, false)`;

const boundTo = new WeakMap<pg.PoolClient, string>();
