import type { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import pg, { type PoolConfig } from 'pg';
import { embeddedPoolConfig, openEmbedded } from './embedded.ts';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';
import type { Author, Once } from './journal.ts';
import { connectionLifetimeSeconds, nameOfSelected, statementName } from './statement-name.ts';
import { type Send, type Statement, type Statements, statementsBy } from './statements.ts';
import { type Tenant, TenantPool } from './tenant-pool.ts';

/** One workspace's tables. Whatever is asked of it, rows of another workspace are neither seen nor written. */
export type Db = PrismaClient &
  Statements & {
    author?: Author;
    once?: Once | null;
    /** As `query`, for one of the many texts that callers shape by what they select. */
    read<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>;
    /** A connection of its own, to be released. */
    connect(): Promise<pg.PoolClient>;
  };

/** The same inside a transaction. What only reads or writes takes this; what opens a transaction takes `Db`. */
export type Tx = Prisma.TransactionClient & Statements;

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

  // Customers come and go; they are not to push the workspaces out.
  const [workspaces, customers] = [new Map<string, Db>(), new Map<string, Db>()];
  return {
    pool,
    forWorkspace(workspaceId, customerId = null) {
      return customerId === null
        ? lastUsed(workspaces, workspaceId, () => openTenant(pool, { workspaceId, customerId }))
        : lastUsed(customers, `${workspaceId} ${customerId}`, () => openTenant(pool, { workspaceId, customerId }));
    },
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

// A client takes 3-10 ms to make and about 4 MB to keep. One per workspace, never re-bound: Prisma merges look-alike
// queries of one tick within a client, so a client that served two tenants would mix them.
const maxOpenTenants = 16;

// Least recently used goes first; whoever still holds it goes on using it, bound to its own workspace.
function lastUsed(open: Map<string, Db>, key: string, make: () => Db): Db {
  const db = open.get(key) ?? make();
  open.delete(key);
  open.set(key, db);
  const [oldest] = open.keys();
  if (open.size > maxOpenTenants && oldest !== undefined) open.delete(oldest);
  return db;
}

function openTenant(pool: pg.Pool, tenant: Tenant): Db {
  const { workspaceId } = tenant;
  const tenantPool = new TenantPool(pool, tenant);
  const adapter = new PrismaPg(tenantPool, { statementNameGenerator: ({ sql }) => statementName(sql) });
  const read: Db['read'] = async ({ text, values }) => {
    const { rows }: pg.QueryResult = await tenantPool.query({ name: nameOfSelected(text), text, values });
    return rows;
  };
  const connect: Db['connect'] = () => tenantPool.connect();
  const send: Send = (statements) => Promise.all(statements.map((statement) => tenantPool.query(statement)));
  // Through an extension the workspace is on the clients of transactions too.
  const client = { workspaceId, read, connect, ...statementsBy(send) };
  return new PrismaClient({ adapter }).$extends({ client }) as unknown as Db;
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
