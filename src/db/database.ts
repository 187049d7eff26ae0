import pg, { type PoolConfig } from 'pg';
import { DiskSpace, isDiskFull } from './disk-space.ts';
import { Backend, type OpenPglite } from './embedded/backend.ts';
import type { Leases } from './embedded/lease.ts';
import { openPglite } from './embedded/open-pglite.ts';
import { EmbeddedPool, underLease } from './embedded/pool.ts';
import { SharedFolder } from './embedded/shared-folder.ts';
import { PrismaClients } from './prisma-clients.ts';
import { connectionLifetimeSeconds } from './statement-name.ts';
import { SteadyPool } from './steady-pool.ts';
import { type Db, tenantDb } from './tenant-db.ts';

export type { Db, Tx } from './tenant-db.ts';

export type Database = {
  /** Of one customer: their own rows alone, to read and not to write. */
  forWorkspace(workspaceId: string, customerId?: string | null): Db;
  /** Outside any workspace: only the few definer functions answer here. */
  pool: pg.Pool;
  /** As the owner of the tables, for migrations: one process at a time. Do not hold another connection, or use this within. */
  asOwner<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T>;
  /** Whether it answers, and can store what is written to it. */
  state(): Promise<'ready' | 'unreachable' | 'disk full'>;
  close(): Promise<void>;
};

export type OnStatement = (sql: string, values: unknown[]) => void;

export type DatabaseOptions = {
  /** A PostgreSQL URL, or null for the embedded database in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  /** How long a statement may run: a minute unless told. The embedded database knows no such bound. */
  statementTimeoutMs?: number;
  /** Sees every statement that the application sends. */
  onStatement?: OnStatement;
};

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, dataDir, statementTimeoutMs, onStatement } = options;
  if (databaseUrl === null) return overLeases(new SharedFolder(dataDir, () => openPglite(dataDir)), onStatement);
  const connection = { connectionString: databaseUrl, max: 10 };
  const server: Server = {
    pool: (config) => new pg.Pool({ ...connection, ...config }),
    alone: (work) => work(connection),
    close: async () => undefined,
  };
  return overServer(server, onStatement, statementTimeoutMs);
}

/** An embedded database of this process alone. */
export function overEmbedded(open: OpenPglite, onStatement?: OnStatement): Database {
  return overLeases(new Backend(open), onStatement);
}

function overLeases(leases: Leases, onStatement: OnStatement | undefined): Database {
  const server: Server = {
    pool: (config) => new EmbeddedPool(leases, config),
    alone: (work) => underLease(leases, work),
    close: () => leases.close(),
  };
  return overServer(server, onStatement);
}

/** A PostgreSQL, wherever it runs. */
type Server = {
  pool(config: PoolConfig): pg.Pool;
  /** How to connect once. In the embedded database no other session runs meanwhile. */
  alone<T>(work: (connection: PoolConfig) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

function overServer(server: Server, onStatement: OnStatement | undefined, statementTimeoutMs = 60_000): Database {
  // Statements go one right behind the other, without waiting for answers in between.
  const pool = server.pool({
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    maxLifetimeSeconds: connectionLifetimeSeconds,
    onConnect: (client) => prepareSession(client, statementTimeoutMs),
  });
  survive(pool);
  if (onStatement) watchStatements(pool, onStatement);

  const prismaClients = new PrismaClients(pool);
  const asOwner: Database['asOwner'] = (work) =>
    server.alone(async (connection) => {
      const owner = new SteadyPool({ ...connection, max: 1, idleTimeoutMillis: 0 });
      survive(owner);
      try {
        // Until its session ends. Of two processes that start on a new database, the second waits and finds it migrated:
        // the engine's own lock gives up after ten seconds.
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
    forWorkspace: (workspaceId, customerId = null) => tenantDb(pool, prismaClients, { workspaceId, customerId }),
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

// Any number that nothing else locks.
const ownerLock = 7_267_001;

// PostgreSQL may end a session at any time, idle or in use: whoever waits for an answer is told. Without listeners the
// process would end too.
function survive(pool: pg.Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

// One plan for any values: a plan for a certain word in a search takes it to be rare, gathers all who have it and sorts
// them; and it would be made anew for each of the first five calls on every connection.
const planSettings = `SET jit = off; SET plan_cache_mode = force_generic_plan`;

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
        const query = typeof config === 'string' ? { text: config, values } : config;
        onStatement(query.text, query.values ?? []);
        return Reflect.apply(send, client, args);
      },
    });
  });
}
