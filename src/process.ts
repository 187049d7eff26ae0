import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServerAdapter } from '@whatwg-node/server';
import { pino } from 'pino';
import type { Config } from './config.ts';
import { type Database, openDatabase } from './db/database.ts';
import { migrate, migrationStatus } from './db/migrate.ts';
import { DomainError } from './lib/errors.ts';
import { createServer } from './server.ts';

/** Opens the database; outside production what is missing of the schema is applied first. */
export async function openMigrated(config: Config, say: (line: string) => void): Promise<Database> {
  const where = config.databaseUrl === null ? `embedded database in ${config.dataDir}` : 'PostgreSQL database';
  say(`opening the ${where} …`);
  const database = await openDatabase(config);
  try {
    const { pending } = await migrationStatus(database);
    if (pending.length > 0 && config.isProduction) {
      throw new DomainError(
        'CONFLICT',
        `${pending.length} migrations are pending. Run: npm run -s rapport -- migrate deploy`,
      );
    }
    if (pending.length > 0) {
      say(`applying ${pending.length === 1 ? 'a migration' : `${pending.length} migrations`} …`);
      await migrate(database);
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Serves until a signal comes, then finishes what runs and closes the database. Gives the address. */
export async function serve(config: Config, database: Database): Promise<string> {
  const logger = pino({ level: config.logLevel, redact: ['req.headers.authorization'] }, pino.destination(2));
  const server = createServer({ database, logger, graphiql: !config.isProduction });
  const http = createHttpServer(createServerAdapter((request: Request) => server.fetch(request)));
  await new Promise<void>((resolve, reject) => http.once('error', reject).listen(config.port, config.host, resolve));

  const stop = () => {
    http.close(() => database.close().then(() => process.exit(0)));
    http.closeIdleConnections();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);

  const { port } = http.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${host}:${port}/graphql`;
}
