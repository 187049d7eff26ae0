import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Database } from '../db/database.ts';
import { sqlStateOf } from '../db/sql-state.ts';
import { startScheduledJobs } from '../jobs/scheduled-jobs.ts';
import { reportOf } from '../lib/process/faults.ts';
import { tuneHeapForServer } from '../lib/process/heap.ts';
import { createExampleKeys } from '../sample/load-sample.ts';
import { createServer } from '../server/create-server.ts';
import { isLoopback } from '../server/pages/graphiql.ts';
import type { Config } from './config.ts';

// An import reads every export of the module, and one of them loads Node's own fetch, which takes 14 MB.
const { createServer: createHttpServer, ServerResponse } = process.getBuiltinModule('node:http');

/** Serves until a signal arrives, then finishes running requests and closes the database. Returns the URL. */
export async function serve(config: Config, database: Database): Promise<string> {
  tuneHeapForServer();
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const report = (fault: unknown) => logger.error({ fault: reportOf(fault), sqlState: sqlStateOf(fault) }, 'fault');
  const server = createServer({
    database,
    logger,
    forDevelopment: !config.isProduction,
    ...(isLoopback(config.host) && { exampleKeys: () => createExampleKeys(database) }),
    limits: config.limits,
    maxBodyBytes: config.maxBodyBytes,
    corsOrigins: config.corsOrigins,
    publicUrls: config.publicUrls,
    onlyTrustedDocuments: config.onlyTrustedDocuments,
  });
  let isStopping = false;
  // On shutdown each connection closes after its current response. A Set of open responses could keep them in memory
  // until a full garbage collection, so each response checks the flag instead.
  class Answer extends ServerResponse {
    override writeHead(...head: never[]): this {
      this.shouldKeepAlive &&= !isStopping;
      return Reflect.apply(super.writeHead, this, head);
    }
  }
  const http = createHttpServer({ ServerResponse: Answer }, server.listener);
  await new Promise<void>((resolve, reject) => http.once('error', reject).listen(config.port, config.host, resolve));

  const stopScheduledJobs = startScheduledJobs(database, report);
  const closed = async () => {
    await stopScheduledJobs();
    await server.flush().catch(report);
    await database.close();
    process.exit(0);
  };
  const stop = () => {
    isStopping = true;
    server.stopWaiting();
    http.close(closed);
    // No statement runs longer than the query timeout, so running requests are done by then.
    setTimeout(() => http.closeAllConnections(), config.queryTimeoutMs + 2_000).unref();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);

  const { port } = http.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${host}:${port}/graphql`;
}
