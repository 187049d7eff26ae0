import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { authenticate } from './access/api-keys.ts';
import type { Database } from './db/database.ts';
import type { Context } from './graphql/context.ts';
import { maskError } from './graphql/errors.ts';
import { exampleQueries } from './graphql/examples.ts';
import { DomainError } from './lib/errors.ts';
import { schema } from './schema.ts';

export type ServerOptions = {
  database: Database;
  logger: Pick<Logger, 'error'>;
  /** Opens GraphiQL at /graphql. */
  graphiql?: boolean;
};

/** The whole API as one fetch handler. It opens nothing; whoever opened the database closes it. */
export function createServer({ database, logger, graphiql = false }: ServerOptions) {
  const report = (fault: unknown) => logger.error({ err: fault }, 'fault');
  const yoga = createYoga<object, Context>({
    schema,
    graphiql: graphiql && { title: 'Rapport', defaultQuery: exampleQueries },
    // The page with its scripts inside: Yoga's own fetches them from a content network.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    landingPage: false,
    batching: false,
    logging: false,
    healthCheckEndpoint: '/health/live',
    plugins: [useCodedValidation(report)],
    maskedErrors: { maskError: (error) => maskError(error, report) },
    context: async ({ request }) => {
      const secret = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
      const holder = secret === undefined ? null : await authenticate(database, secret);
      if (!holder) throw new DomainError('UNAUTHENTICATED', 'Send a valid key: `Authorization: Bearer rapport_…`.');
      return {
        viewer: { ...holder, scopes: new Set(holder.scopes) },
        db: database.forWorkspace(holder.workspaceId),
      };
    },
  });

  return {
    async fetch(request: Request): Promise<Response> {
      if (new URL(request.url).pathname === '/health/ready') return ready(database);
      return yoga.fetch(request);
    },
  };
}

// Yoga masks what execution throws; what validation finds gets its code here.
function useCodedValidation(report: (fault: unknown) => void): Plugin {
  return {
    onValidate:
      () =>
      ({ result, setResult }) =>
        setResult(result.map((error) => maskError(error, report))),
  };
}

async function ready(database: Database): Promise<Response> {
  try {
    await database.pool.query('SELECT 1');
    return new Response('ready\n');
  } catch {
    return new Response('the database does not answer\n', { status: 503 });
  }
}
