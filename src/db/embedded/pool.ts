import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type PoolClient, type PoolConfig } from 'pg';
import type { Lease, Leases } from './lease.ts';

// How long requests wait for the database: first in the process that has it open, then in other processes.
const [ownWaitMs, sharedWaitMs] = [10_000, 60_000];

// Values that `pg` requires and PGlite does not check.
const session = { ssl: false, user: 'postgres', database: 'postgres' };

/** A pool of one connection, which holds a lease of the embedded database while it is checked out. */
export class EmbeddedPool extends pg.Pool {
  readonly #leases: Leases;
  #lease: Lease | null = null;

  constructor(leases: Leases, config: PoolConfig) {
    super({ ...config, ...session, max: 1 });
    this.#leases = leases;
    this.options.stream = () => this.#lease?.stream();
    this.on('release', () => this.#endLease());
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<PoolClient> | undefined {
    const connecting = this.#connectAgain();
    if (!callback) return connecting;
    connecting.then(
      (client) => callback(undefined, client, client.release),
      (error) => callback(error, undefined, () => undefined),
    );
  }

  // A process that is about to stop accepts a connection and then closes it. Another process then opens the database.
  async #connectAgain(attempts = 20): Promise<PoolClient> {
    const lease = await this.#leases.lease(this, ownWaitMs);
    try {
      return await this.#connectUnder(lease);
    } catch (error) {
      if (lease.isReusable || !isClosed(error) || attempts === 1) throw error;
    }
    await sleep(100);
    return this.#connectAgain(attempts - 1);
  }

  async #connectUnder(lease: Lease): Promise<PoolClient> {
    try {
      if (!lease.isContinued && this.idleCount > 0) (await super.connect()).release(true);
      this.#lease = lease;
      this.options.maxUses = lease.isReusable ? Number.POSITIVE_INFINITY : 1;
      this.options.connectionTimeoutMillis = lease.isReusable ? ownWaitMs : sharedWaitMs;
      return await super.connect();
    } catch (error) {
      this.#lease = null;
      lease.end();
      throw error;
    }
  }

  #endLease(): void {
    this.#lease?.end();
    this.#lease = null;
  }
}

function isClosed(error: unknown): boolean {
  const { code, message } = Object(error);
  return message === 'Connection terminated unexpectedly' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** Runs work on a single connection. No other session runs until it ends. */
export async function withLease<T>(leases: Leases, work: (connection: PoolConfig) => Promise<T>): Promise<T> {
  const lease = await leases.lease({}, sharedWaitMs);
  try {
    return await work({ ...session, stream: () => lease.stream() });
  } finally {
    lease.end();
  }
}
