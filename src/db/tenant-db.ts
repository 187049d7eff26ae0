import type pg from 'pg';
import { Prisma, type PrismaClient } from './generated/prisma/client.ts';
import type { Author, Once } from './journal.ts';
import type { PrismaClients } from './prisma-clients.ts';
import { nameOfSelected } from './statement-name.ts';
import { type Send, type Statement, type Statements, statementsBy } from './statements.ts';
import { type Tenant, TenantPool } from './tenant-pool.ts';

/** One workspace's tables. Whatever is asked of it, rows of another workspace are neither seen nor written. */
export type Db = PrismaClient &
  Statements & {
    author?: Author;
    once?: Once | null;
    /** Bytes of long values that the audit log takes of one transaction. */
    valueBytes?: number;
    /** As `query`, for one of the many texts that callers shape by what they select. */
    read<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>;
    /** A connection of its own, to be released. */
    connect(): Promise<pg.PoolClient>;
  };

/** The same inside a transaction. What only reads or writes takes this; what opens a transaction takes `Db`. */
export type Tx = Prisma.TransactionClient & Statements;

/** Made for each request: it holds nothing but the tenant. A Prisma client is leased when one is needed. */
export function tenantDb(pool: pg.Pool, clients: PrismaClients, tenant: Tenant): Db {
  const tenantPool = new TenantPool(pool, tenant);
  const read: Db['read'] = async ({ text, values }) => {
    const { rows }: pg.QueryResult = await tenantPool.query({ name: nameOfSelected(text), text, values });
    return rows;
  };
  const connect: Db['connect'] = () => tenantPool.connect();
  const send: Send = (statements) => Promise.all(statements.map((statement) => tenantPool.query(statement)));
  const { workspaceId } = tenant;
  const call: Call = (work) => clients.use(tenantPool, work);
  return Object.assign(Object.create(leasedPrisma(call)), { workspaceId, read, connect, ...statementsBy(send) });
}

type Call = (work: (client: PrismaClient) => Promise<unknown>) => Promise<unknown>;
type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

const models = new Set<string | symbol>(
  Object.keys(Prisma.ModelName).map((name) => name[0]?.toLowerCase() + name.slice(1)),
);

// The models of a Prisma client and its methods for raw statements and transactions. Each call leases a client.
function leasedPrisma(call: Call): object {
  const methods = (of: (client: PrismaClient) => unknown) =>
    new Proxy({} as Methods, {
      get:
        (_, method: string) =>
        (...args: unknown[]) =>
          call((client) => (of(client) as Methods)[method]?.(...args) as Promise<unknown>),
    });
  return new Proxy(
    {},
    {
      has: (_, property) => models.has(property),
      get(_, property) {
        if (models.has(property)) return methods((client) => client[property as 'customer']);
        if (property.toString().startsWith('$')) return methods((client) => client)[property as string];
        return undefined;
      },
    },
  );
}
