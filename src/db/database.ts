import type { PGlite } from '@electric-sql/pglite';
import pg, { type PoolConfig } from 'pg';
import { embeddedPoolConfig, openEmbedded } from './embedded.ts';
import { PrismaClients } from './prisma-clients.ts';
import { connectionLifetimeSeconds } from './statement-name.ts';
import { type Db, tenantDb } from './tenant-db.ts';

export type { Db, Tx } from './tenant-db.ts';

export type Database = {
  /** Of one customer: their own rows alone, to read and not to write. */
  forWorkspace(workspaceId: string, customerId?: string | null): Db;
  /** Outside any workspace: only the few definer functions answer here. */
  pool: pg.Pool;
  /** As the owner of the tables, for migrations. The embedded database has one connection: do not hold both. */
  asOwner<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T>;
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
  if (databaseUrl === null) return overEmbedded(await openEmbedded(dataDir), onStatement);
  return overConnection({ connectionString: databaseUrl, max: 10 }, onStatement, statementTimeoutMs);
}

export function overEmbedded(pglite: PGlite, onStatement?: OnStatement): Database {
  const database = overConnection(embeddedPoolConfig(pglite), onStatement);
  // The owner's session is the application's session: hold that back meanwhile, and prepare it anew afterwards.
  const asOwner: Database['asOwner'] = async (work) => {
    const held = database.pool.totalCount > 0 ? await database.pool.connect() : null;
    try {
      return await database.asOwner(work);
    } finally {
      held?.release(true);
    }
  };
  const close = async () => {
    await database.close();
    await pglite.close();
  };
  return { ...database, asOwner, close };
}

function overConnection(
  connection: PoolConfig,
  onStatement: OnStatement | undefined,
  statementTimeoutMs = 60_000,
): Database {
  // Statements go one right behind the other, without waiting for answers in between.
  const pool = new pg.Pool({
    ...connection,
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    maxLifetimeSeconds: connectionLifetimeSeconds,
    onConnect: (client) => prepareSession(client, statementTimeoutMs),
  });
  survive(pool);
  if (onStatement) watchStatements(pool, onStatement);

  const prismaClients = new PrismaClients(pool);
  return {
    pool,
    forWorkspace: (workspaceId, customerId = null) => tenantDb(pool, prismaClients, { workspaceId, customerId }),
    async asOwner(work) {
      const owner = new pg.Pool({ ...connection, max: 1, onConnect: (client) => client.query('DISCARD ALL') });
      survive(owner);
      try {
        return await work(owner);
      } finally {
        await owner.end();
      }
    },
    close: () => pool.end(),
  };
}

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
  await client.query('DISCARD ALL');
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
