import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { cacheBytes } from '../../lib/process/cache-bytes.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import { statementName } from './statement-name.ts';
import type { TenantPool } from './tenant-pool.ts';

// A client takes 3 MB, and 50 ms for its first query. Each compiled query takes 28 kB.
const queryPlanCacheMaxSize = 100;
const bytesEach = 3_000_000 + queryPlanCacheMaxSize * 28_000;
export const maxPrismaClients = Math.floor(cacheBytes.prismaClients / bytesEach);

type Lease = { client: PrismaClient; pool: SwitchedPool; tenantKey: string; running: number };
type Waiting = { tenant: TenantPool; admit(lease: Lease): void };

/**
 * Prisma clients, leased to tenants. Prisma batches similar queries of one tick within a client, so a client serves one
 * tenant at a time and moves to another only after all its queries have finished. Waiting tenants are served in order
 * of arrival.
 */
export class PrismaClients {
  readonly #pool: pg.Pool;
  readonly #maxWaitMs: number;
  readonly #leases: Lease[] = [];
  #waiting: Waiting[] = [];

  // Requests wait equally long for a connection.
  constructor(pool: pg.Pool, maxWaitMs = 10_000) {
    this.#pool = pool;
    this.#maxWaitMs = maxWaitMs;
  }

  /**
   * Runs `work` with a client that sends its statements to the tenant's pool. Fails as unavailable if no client is free
   * in time.
   */
  async use<T>(tenant: TenantPool, work: (client: PrismaClient) => Promise<T>): Promise<T> {
    const lease = this.#take(tenant) ?? (await this.#wait(tenant));
    try {
      return await work(lease.client);
    } finally {
      lease.running -= 1;
      if (lease.running === 0) this.#passOn(lease);
    }
  }

  // A tenant shares its client among its own requests, unless other tenants wait. Otherwise they could wait forever.
  #take(tenant: TenantPool): Lease | null {
    if (this.#waiting.length > 0) return null;
    const own = this.#leases.find(({ tenantKey }) => tenantKey === tenant.key);
    const lease = own ?? this.#leases.find(({ running }) => running === 0) ?? this.#open();
    return lease && assign(lease, tenant);
  }

  #open(): Lease | null {
    if (this.#leases.length >= maxPrismaClients) return null;
    const pool = new SwitchedPool(this.#pool.options);
    const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) });
    const lease = { client: new PrismaClient({ adapter, queryPlanCacheMaxSize }), pool, tenantKey: '', running: 0 };
    this.#leases.push(lease);
    return lease;
  }

  #wait(tenant: TenantPool): Promise<Lease> {
    return new Promise((resolve, reject) => {
      const waiting = { tenant, admit };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(new Error('timeout exceeded when waiting for a Prisma client'));
      }, this.#maxWaitMs);
      function admit(lease: Lease): void {
        clearTimeout(timer);
        resolve(assign(lease, tenant));
      }
      this.#waiting.push(waiting);
    });
  }

  #passOn(lease: Lease): void {
    const [first] = this.#waiting;
    if (!first) return;
    const admitted = this.#waiting.filter(({ tenant }) => tenant.key === first.tenant.key);
    this.#waiting = this.#waiting.filter((each) => !admitted.includes(each));
    for (const { admit } of admitted) admit(lease);
  }
}

function assign(lease: Lease, tenant: TenantPool): Lease {
  lease.tenantKey = tenant.key;
  lease.pool.tenant = tenant;
  lease.running += 1;
  return lease;
}

/** The pool of a Prisma client. It forwards to the pool of the tenant that currently holds the client. */
class SwitchedPool extends pg.Pool {
  tenant: TenantPool | null = null;

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(): Promise<pg.PoolClient> {
    return this.#tenant.connect();
  }

  override query = (...query: unknown[]): Promise<never> => this.#tenant.query(...query);

  get #tenant(): TenantPool {
    if (!this.tenant) throw new Error('This Prisma client is not leased to a tenant.');
    return this.tenant;
  }
}
