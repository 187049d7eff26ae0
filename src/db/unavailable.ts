import { sqlStateOf } from './sql-state.ts';

// PostgreSQL: connection lost, too many connections, shutting down, or a session, statement or lock timed out. Prisma:
// the same, or no connection or transaction in time. Node: socket and DNS errors.
const unavailable =
  /^(08...|53...|57P0.|57014|55P03|25P0[34]|P1001|P1002|P1008|P1017|P2024|P2028|P2037|ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/;

// Messages of errors for which pg has no code.
const lost = /Connection terminated|is not queryable|timeout exceeded|connect ENOENT/;

/** Returns whether the database is unreachable or too slow, so that a retry may succeed. */
export function isUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error) ?? Object(error).code;
  return unavailable.test(String(code)) || (error instanceof Error && lost.test(error.message));
}
