import pg from 'pg';
import { Prisma } from './generated/prisma/client.ts';

/** PostgreSQL's own code for an error, such as `23505`; null where there is none. */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  // What begins or ends a transaction fails as the adapter says it, the rest within an error of Prisma's.
  const said = error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : error;
  const { originalCode } = Object(Object(said).cause);
  return typeof originalCode === 'string' ? originalCode : null;
}
