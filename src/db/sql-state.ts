import pg from 'pg';
import { Prisma } from './generated/prisma/client.ts';
/** PostgreSQL's own code for an error, such as `23505`; null where there is none. */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const { driverAdapterError } = (error.meta ?? {}) as { driverAdapterError?: { cause?: { originalCode?: unknown } } };
  const code = driverAdapterError?.cause?.originalCode;
  return typeof code === 'string' ? code : null;
}
