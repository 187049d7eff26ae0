import pg from 'pg';
import { Prisma } from './generated/prisma/client.ts';

/** Returns PostgreSQL's code for an error, such as `23505`. Null if the error has none. */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  // Errors from starting or ending a transaction come directly from the adapter; all others are wrapped in a Prisma
  // error.
  const said = error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : error;
  const { originalCode } = Object(Object(said).cause);
  return typeof originalCode === 'string' ? originalCode : null;
}
