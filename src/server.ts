import type { GraphQLError } from 'graphql';
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { RateLimiter } from './access/rate-limit.ts';
import { ReadLog } from './audit/read-log.ts';
import { contextOf } from './context.ts';
import type { Database } from './db/database.ts';
import { sqlStateOf } from './db/sql-state.ts';
import type { Context } from './graphql/context.ts';
import { maskError } from './graphql/errors.ts';
import { exampleQueries } from './graphql/examples.ts';
import { type Spend, useLimits } from './graphql/limits.ts';
import { useReads } from './graphql/reads.ts';
import { useScopesFirst } from './graphql/scopes-first.ts';
import { type HttpOptions, harden } from './http.ts';
import { reportOf } from './lib/faults.ts';
import { defaultLimits, defaultMaxBodyBytes, type Limits } from './lib/limits.ts';
import { schema } from './schema.ts';

export type ServerOptions = {
  database: Database;
  logger: Pick<Logger, 'error' | 'info'>;
  /** Opens GraphiQL at /graphql. */
  graphiql?: boolean;
  /** What one request may ask for; safe defaults. */
  limits?: Limits;
  maxBodyBytes?: number;
  /** Origins whose pages may call the API from a browser; none unless told. */
  corsOrigins?: string[];
  /** Says nothing of what a wrong name may have meant, which would spell out the schema. */
  hideSuggestions?: boolean;
};

/** The whole API as one fetch handler. It opens nothing; whoever opened the database closes it. */
export function createServer(options: ServerOptions) {
  const { database, logger, graphiql = false, corsOrigins = [], limits = defaultLimits } = options;
  // Which request a fault arose in: whoever reports it sees the fault alone.
  const requestOf = new WeakMap<object, string>();
  const report = (fault: unknown) => {
    const requestId = fault instanceof Error ? requestOf.get(fault) : undefined;
    logger.error({ requestId, fault: reportOf(fault), sqlState: sqlStateOf(fault) }, 'fault');
  };
  const mask = (error: unknown) => maskError(error, report, options.hideSuggestions);
  const readLog = new ReadLog(database, report);
  const limiter = new RateLimiter(database, limits.costPerMinute);
  const spend: Spend = ({ viewer }, points) =>
    limiter.spend(viewer.workspaceId, `${viewer.keyId} ${viewer.customerId ?? ''}`.trim(), points);
  const yoga = createYoga<object, Context>({
    schema,
    graphiql: graphiql && { title: 'Rapport', defaultQuery: exampleQueries },
    // The page with its scripts inside: Yoga's own fetches them from a content network.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    landingPage: false,
    batching: false,
    multipart: false,
    // Decided here: given a list, Yoga answers `null` to whom it does not name, and a sandboxed page is called just that.
    cors: ({ headers }) => {
      const origin = headers.get('origin') ?? '';
      const exposedHeaders = ['x-request-id', 'retry-after'];
      const allowed = { origin, methods: ['GET', 'POST'], exposedHeaders, credentials: false };
      return corsOrigins.includes(origin) && allowed;
    },
    logging: false,
    healthCheckEndpoint: '/health/live',
    plugins: [
      useLimits(limits, spend),
      useScopesFirst(),
      useReads((...read) => readLog.note(...read)),
      useCodedValidation(mask),
      useRequestOfFaults(requestOf),
    ],
    maskedErrors: { maskError: mask },
    context: ({ request }) =>
      contextOf(request, database, limits).catch((error: Error) => {
        requestOf.set(error, request.headers.get('x-request-id') ?? '');
        throw error;
      }),
  });

  const answer = (request: Request) =>
    new URL(request.url).pathname === '/health/ready' ? ready(database) : yoga.fetch(request);
  const onAnswer: HttpOptions['onAnswer'] = ({ path, ...answered }) => {
    if (!path.startsWith('/health/')) logger.info(answered, 'answered');
  };
  return {
    fetch: harden(answer, { maxBodyBytes: options.maxBodyBytes ?? defaultMaxBodyBytes, onAnswer }),
    /** Writes what is still to be noted of requests that were answered. */
    flush: () => readLog.flush(),
  };
}

// Yoga masks what execution throws; what validation finds gets its code here.
function useCodedValidation(mask: (error: unknown) => GraphQLError): Plugin {
  return {
    onValidate:
      () =>
      ({ result, setResult }) =>
        setResult(result.map(mask)),
  };
}

// Before Yoga masks them.
function useRequestOfFaults(requestOf: WeakMap<object, string>): Plugin<Context> {
  return {
    onExecute: ({ args: { contextValue } }) => ({
      onExecuteDone({ result }) {
        for (const error of isAsyncIterable(result) ? [] : (result.errors ?? []))
          requestOf.set(error.originalError ?? error, contextValue.requestId);
      },
    }),
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
