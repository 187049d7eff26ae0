import { LRUCache } from 'lru-cache';
import pg, { type PoolConfig } from 'pg';
import { cacheBytes } from '../lib/process/cache-bytes.ts';
import { DiskSpace, isDiskFull } from './connection/disk-space.ts';
import { postgresSocket } from './connection/postgres-socket.ts';
import { PrismaClients } from './connection/prisma-clients.ts';
import { SessionPool } from './connection/session-pool.ts';
import { StatementBatch } from './connection/statement-batch.ts';
import { connectionLifetimeSeconds } from './connection/statement-name.ts';
import { type Db, tenantDb } from './connection/tenant-db.ts';
import { genericPlans } from './connection/tenant-pool.ts';
import { Backend, type OpenPglite } from './embedded/backend.ts';
import type { Leases } from './embedded/lease.ts';
import { EmbeddedPool, withLease } from './embedded/pool.ts';
import { SharedFolder } from './embedded/shared-folder.ts';
import type { PlannedForValues } from './statements.ts';

export type { Db, Tx } from './connection/tenant-db.ts';

export type Database = {
  /** Opens the tables of one workspace. With a customer ID, the result can only read the rows of that customer. */
  forWorkspace(workspaceId: string, customerId?: string | null): Db;
  /** Connections outside any workspace. They can only call the few SECURITY DEFINER functions. */
  pool: pg.Pool;
  /**
   * Runs `work` as the owner of the tables, for migrations, in one process at a time. Inside, use no other connection.
   */
  asOwner<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T>;
  /** Checks whether the database responds and can store data. */
  state(): Promise<'ready' | 'unreachable' | 'disk full'>;
  close(): Promise<void>;
};

export type OnStatement = (sql: string, values: unknown[], isPlannedForValues: boolean) => void;

export type DatabaseOptions = {
  /** A PostgreSQL URL, or null for the embedded database in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  /** Time limit for one statement. Defaults to one minute. The embedded database has no such limit. */
  statementTimeoutMs?: number;
  /** Receives every statement that the application sends. */
  onStatement?: OnStatement;
};

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, dataDir, statementTimeoutMs, onStatement } = options;
  if (databaseUrl === null) {
    // Loaded only here, because it takes 9 MB.
    const { openPglite } = await import('./embedded/open-pglite.ts');
    return databaseOnLeases(new SharedFolder(dataDir, () => openPglite(dataDir)), onStatement);
  }
  const connection = { connectionString: databaseUrl, max: 10, stream: postgresSocket };
  const server: Server = {
    pool: (config) => new pg.Pool({ ...connection, ...config }),
    exclusive: (work) => work(connection),
    close: async () => undefined,
  };
  return databaseOnServer(server, onStatement, statementTimeoutMs);
}

/** Opens an embedded database that only this process uses. */
export function openEmbedded(open: OpenPglite, onStatement?: OnStatement): Database {
  return databaseOnLeases(new Backend(open), onStatement);
}

function databaseOnLeases(leases: Leases, onStatement: OnStatement | undefined): Database {
  const server: Server = {
    pool: (config) => new EmbeddedPool(leases, config),
    exclusive: (work) => withLease(leases, work),
    close: () => leases.close(),
  };
  return databaseOnServer(server, onStatement);
}

// A pool that holds no connections, and a few functions.
const bytesPerTenant = 4_000;

/** A PostgreSQL server, either remote or embedded. */
type Server = {
  pool(config: PoolConfig): pg.Pool;
  /** Passes the settings for one connection. On the embedded database, no other session runs until `work` ends. */
  exclusive<T>(work: (connection: PoolConfig) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

function databaseOnServer(server: Server, onStatement: OnStatement | undefined, statementTimeoutMs = 60_000): Database {
  // Pipelining: each statement is sent without waiting for the result of the one before.
  const pool = server.pool({
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    maxLifetimeSeconds: connectionLifetimeSeconds,
    onConnect: (client) => prepareSession(client, statementTimeoutMs),
  });
  ignoreConnectionErrors(pool);
  if (onStatement) watchStatements(pool, onStatement);

  const prismaClients = new PrismaClients(pool);
  const tenants = new LRUCache<string, Db>({ maxSize: cacheBytes.tenants });
  const asOwner: Database['asOwner'] = (work) =>
    server.exclusive(async (connection) => {
      const owner = new SessionPool({ ...connection, max: 1, idleTimeoutMillis: 0 });
      ignoreConnectionErrors(owner);
      try {
        // Held until the session ends. If two processes start on a new database, the second waits and finds it
        // migrated. The engine's own lock times out after ten seconds.
        await owner.query('SELECT pg_advisory_lock($1)', [ownerLock]);
        return await work(owner);
      } finally {
        await owner.end();
      }
    });
  const space = new DiskSpace(asOwner);
  space.watch(pool);
  return {
    pool,
    forWorkspace(workspaceId, customerId = null) {
      const key = `${workspaceId} ${customerId ?? ''}`;
      const db = tenants.get(key) ?? tenantDb(pool, prismaClients, { workspaceId, customerId });
      tenants.set(key, db, { size: bytesPerTenant });
      return db;
    },
    asOwner,
    async state() {
      try {
        await pool.query('SELECT 1');
        return (await space.isFull()) ? 'disk full' : 'ready';
      } catch (error) {
        return isDiskFull(error) ? 'disk full' : 'unreachable';
      }
    },
    async close() {
      await pool.end();
      await server.close();
    },
  };
}

// An arbitrary number that no other advisory lock uses.
const ownerLock = 7_267_001;

// PostgreSQL may end any session at any time. The pending query then fails, so these errors need no handling here, but
// without a listener they would end the process.
function ignoreConnectionErrors(pool: pg.Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

const planSettings = `SET jit = off; SET plan_cache_mode = ${genericPlans}`;

async function prepareSession(client: pg.ClientBase, statementTimeoutMs: number): Promise<void> {
  const waits = `SET statement_timeout = ${statementTimeoutMs}; SET lock_timeout = ${Math.min(statementTimeoutMs / 2, 5_000)}`;
  await client.query(`SET ROLE rapport_app; SET TimeZone = 'UTC'; ${waits}; ${planSettings}`);
}

function watchStatements(pool: pg.Pool, onStatement: OnStatement): void {
  pool.on('connect', (client) => {
    const send = client.query;
    Object.assign(client, {
      query(...args: unknown[]) {
        const [config, values] = args as [string | pg.QueryConfig, unknown[] | undefined];
        const query: pg.QueryConfig & PlannedForValues = typeof config === 'string' ? { text: config, values } : config;
        const sent = query instanceof StatementBatch ? query.statements : [query];
        for (const { text, values = [] } of sent) onStatement(text, values, query.isPlannedForValues ?? false);
        return Reflect.apply(send, client, args);
      },
    });
  });
}
