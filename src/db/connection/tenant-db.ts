import type pg from 'pg';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { type Read, readBy, type Send, type Statements, statementsBy } from '../statements.ts';
import type { Actor } from '../write/actor.ts';
import type { IdempotentRequest } from '../write/replay.ts';
import type { PrismaClients } from './prisma-clients.ts';
import { type Tenant, TenantPool } from './tenant-pool.ts';

/** Tables of one workspace. No query can read or write rows of another workspace. */
export type Db = PrismaClient &
  Statements & {
    actor?: Actor;
    idempotency?: IdempotentRequest | null;
    /** Limit on the bytes of long values that the audit log stores per transaction. */
    valueBytes?: number;
    /** Whether transactions only return what they would write, and write nothing. */
    isDryRun?: boolean;
    /** Like `query`, for SQL that depends on the selection of the caller. */
    read: Read;
    /** Reads over the connection of a transaction right behind its COMMIT, given its result. Never rejects. */
    readBack?: (result: unknown, read: Read) => Promise<void>;
    /** Takes a dedicated connection, which the caller must release. */
    connect(): Promise<pg.PoolClient>;
  };

/**
 * The same tables inside a transaction. Code that only reads or writes takes `Tx`; code that opens a transaction takes
 * `Db`.
 */
export type Tx = Prisma.TransactionClient & Statements;

/**
 * Creates the tables of one tenant. The result holds only the tenant; each call leases a Prisma client if it needs one.
 */
export function tenantDb(pool: pg.Pool, clients: PrismaClients, tenant: Tenant): Db {
  const tenantPool = new TenantPool(pool, tenant);
  const connect: Db['connect'] = () => tenantPool.connect();
  const send: Send = (statements) => Promise.all(statements.map((statement) => tenantPool.query(statement)));
  const { workspaceId } = tenant;
  const call: Call = (work) => clients.use(tenantPool, work);
  return Object.assign(Object.create(leasedPrisma(call)), {
    workspaceId,
    read: readBy(send),
    connect,
    ...statementsBy(send),
  });
}

type Call = (work: (client: PrismaClient) => Promise<unknown>) => Promise<unknown>;
type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

const models = new Set<string | symbol>(
  Object.keys(Prisma.ModelName).map((name) => name[0]?.toLowerCase() + name.slice(1)),
);

// Proxies the models of a Prisma client and its methods for raw SQL and transactions. Each call leases a client.
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
