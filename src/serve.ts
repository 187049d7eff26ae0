import { createServer as createHttpServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { sqlStateOf } from './db/sql-state.ts';
import { keepHouse } from './housekeeping.ts';
import { reportOf } from './lib/faults.ts';
import { keepRequestsYoung } from './lib/heap.ts';
import { nodeHandler } from './node-handler.ts';
import { createServer } from './server.ts';

/** Serves until a signal comes, then finishes what runs and closes the database. Gives the address. */
export async function serve(config: Config, database: Database): Promise<string> {
  keepRequestsYoung();
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const report = (fault: unknown) => logger.error({ fault: reportOf(fault), sqlState: sqlStateOf(fault) }, 'fault');
  const server = createServer({
    database,
    logger,
    forDevelopment: !config.isProduction,
    limits: config.limits,
    maxBodyBytes: config.maxBodyBytes,
    corsOrigins: config.corsOrigins,
    onlyTrustedDocuments: config.onlyTrustedDocuments,
  });
  const handle = nodeHandler(server);
  let isStopping = false;
  // Each connection ends with the answer it waits for, and takes no further request. No list of answers is kept for that:
  // what a Set held once it may hold on to until all of memory is cleared.
  class Answer extends ServerResponse {
    override writeHead(...head: never[]): this {
      this.shouldKeepAlive &&= !isStopping;
      return Reflect.apply(super.writeHead, this, head);
    }
  }
  const http = createHttpServer({ ServerResponse: Answer }, handle);
  await new Promise<void>((resolve, reject) => http.once('error', reject).listen(config.port, config.host, resolve));

  const stopHousekeeping = keepHouse(database, report);
  const closed = async () => {
    await stopHousekeeping();
    await server.flush().catch(report);
    await database.close();
    process.exit(0);
  };
  const stop = () => {
    isStopping = true;
    http.close(closed);
    // No statement runs for longer than ten seconds, so whoever is still there by then is answered.
    setTimeout(() => http.closeAllConnections(), 12_000).unref();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);

  const { port } = http.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${host}:${port}/graphql`;
}
