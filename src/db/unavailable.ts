import { sqlStateOf } from './sql-state.ts';

// PostgreSQL: connection lost, too many connections, shutting down; a session, statement or lock took too long. Prisma: the
// same, or no connection or transaction in time. Node: what is wrong with a socket, or with the name of a host.
const unavailable =
  /^(08...|53...|57P0.|57014|55P03|25P0[34]|P1001|P1002|P1008|P1017|P2024|P2028|P2037|ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/;

// pg, where it has no code to say so.
const lost = /Connection terminated|is not queryable|timeout exceeded|connect ENOENT/;

/** Whether the database cannot be reached or takes too long: trying again later may work. */
export function isUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error) ?? Object(error).code;
  return unavailable.test(String(code)) || (error instanceof Error && lost.test(error.message));
}
