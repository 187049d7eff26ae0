import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { pino } from 'pino';
import type { Database } from '../db/database.ts';
import { DomainError } from '../lib/errors.ts';
import { reportOf } from '../lib/process/faults.ts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { createServer } from '../server/create-server.ts';
import type { Client, Config } from './config.ts';

/** Serves MCP over standard input and output until the client closes it. Throws UNAUTHENTICATED if the key is invalid. */
export async function serveMcpOverStdio(config: Config, database: Database, client: Client): Promise<void> {
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const report = (fault: unknown) => logger.error({ fault: reportOf(fault) }, 'fault');
  const { mcpSession, flush } = createServer({ database, logger, limits: config.limits });
  const { key, customerId } = client;
  const session = await mcpSession(
    new Headers({ authorization: `Bearer ${key}`, ...(customerId !== null && { 'x-rapport-customer': customerId }) }),
  );
  if ('problem' in session) {
    await database.close();
    throw new DomainError('UNAUTHENTICATED', session.problem);
  }
  const handle = serveStdio(() => createMcpServer(session, report), { onerror: report });
  const stop = async () => {
    await handle.close();
    await flush().catch(report);
    await database.close();
    process.exit(0);
  };
  process.stdin.once('end', stop);
  process.once('SIGTERM', stop).once('SIGINT', stop);
}
