import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { statementName } from './statement-name.ts';
import type { TenantPool } from './tenant-pool.ts';

// A client takes 12 MB, and its first answer 50 ms; a compiled query takes 28 kB.
const queryPlanCacheMaxSize = 100;
const bytesEach = 12_000_000 + queryPlanCacheMaxSize * 28_000;
export const maxPrismaClients = Math.floor(cacheBytes.prismaClients / bytesEach);

type Lease = { client: PrismaClient; pool: SwitchedPool; tenantKey: string; running: number };
type Waiting = { tenant: TenantPool; admit(lease: Lease): void };

/**
 * Prisma clients, leased to tenants. Prisma merges look-alike queries of one tick within a client, so a client serves one
 * tenant at a time, and passes to another only when everything it ran is answered. Tenants that wait are served in order
 * of arrival.
 */
export class PrismaClients {
  readonly #pool: pg.Pool;
  readonly #maxWaitMs: number;
  readonly #leases: Lease[] = [];
  #waiting: Waiting[] = [];

  // As long as requests wait for a connection.
  constructor(pool: pg.Pool, maxWaitMs = 10_000) {
    this.#pool = pool;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Runs `work` with a client that sends its statements to the tenant's pool. UNAVAILABLE if none is free in time. */
  async use<T>(tenant: TenantPool, work: (client: PrismaClient) => Promise<T>): Promise<T> {
    const lease = this.#take(tenant) ?? (await this.#wait(tenant));
    try {
      return await work(lease.client);
    } finally {
      lease.running -= 1;
      if (lease.running === 0) this.#passOn(lease);
    }
  }

  // A tenant shares the client it has with itself, unless others wait: they would wait for ever.
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

/** What a client takes for its pool: the pool of the tenant that has it. */
class SwitchedPool extends pg.Pool {
  tenant: TenantPool | null = null;

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(): Promise<pg.PoolClient> {
    return this.#tenant.connect();
  }

  override query = (...query: unknown[]): Promise<never> => this.#tenant.query(...query);

  get #tenant(): TenantPool {
    if (!this.tenant) throw new Error('No tenant has this Prisma client.');
    return this.tenant;
  }
}
