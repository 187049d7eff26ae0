import type { GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { KeyHolders } from './access/key-holders.ts';
import { KeyUses } from './access/key-uses.ts';
import { RateLimiter } from './access/rate-limit.ts';
import { ReadLog } from './audit/read-log.ts';
import { contextOf } from './context.ts';
import type { Database } from './db/database.ts';
import { sqlStateOf } from './db/sql-state.ts';
import { directLane } from './direct-lane.ts';
import { fastLane } from './fast-lane.ts';
import { type ExampleKey, graphiql } from './graphiql.ts';
import { AutomaticDocuments } from './graphql/automatic-documents.ts';
import type { Context } from './graphql/context.ts';
import { ParsedDocuments } from './graphql/documents.ts';
import { maskError } from './graphql/errors.ts';
import { useIntrospection } from './graphql/introspection.ts';
import { KnownWrites } from './graphql/known-writes.ts';
import { chargeWithin, type Spend, useLimits } from './graphql/limits.ts';
import { type NoteReads, useReads } from './graphql/reads.ts';
import { useScopesFirst } from './graphql/scopes-first.ts';
import { SqlAnswers } from './graphql/sql-execute.ts';
import { TrustedDocuments } from './graphql/trusted-documents.ts';
import { type HttpOptions, harden } from './http.ts';
import { reportOf } from './lib/faults.ts';
import { defaultLimits, defaultMaxBodyBytes, type Limits } from './lib/limits.ts';
import { publishedDocuments } from './published-documents.ts';
import { RequestsOfFaults } from './requests-of-faults.ts';
import { schema, sqlRoots } from './schema.ts';

export type ServerOptions = {
  database: Database;
  logger: Pick<Logger, 'error' | 'info'>;
  /** Serves GraphiQL at /graphql, allows introspection without a key, and suggests names for misspelled fields. */
  forDevelopment?: boolean;
  /** Creates the keys that GraphiQL sends with its examples. Only browsers on this machine get them. None by default. */
  exampleKeys?: () => Promise<ExampleKey[]>;
  /** Limits of one request. Defaults to safe values. */
  limits?: Limits;
  maxBodyBytes?: number;
  /** Origins whose pages may call the API from a browser. Empty by default. */
  corsOrigins?: string[];
  /** Documents that may be sent by ID. Defaults to those of the published SDKs. */
  documents?: ReadonlyMap<string, string>;
  /** Rejects all other documents, except from keys with the scope `documents:free`. */
  onlyTrustedDocuments?: boolean;
};

/** Creates the API as one fetch handler. The caller opens and closes the database. */
export function createServer(options: ServerOptions) {
  const { database, logger, forDevelopment = false, limits = defaultLimits } = options;
  const { maxBodyBytes = defaultMaxBodyBytes, corsOrigins = [], exampleKeys = async () => [] } = options;
  const requests = new RequestsOfFaults();
  const report = (fault: unknown) =>
    logger.error({ requestId: requests.of(fault), fault: reportOf(fault), sqlState: sqlStateOf(fault) }, 'fault');
  const mask = (error: unknown) => maskError(error, report, !forDevelopment);
  const maskOf = (error: unknown, requestId: string) => mask(requests.note(error, requestId));
  const readLog = new ReadLog(database, report);
  const keyUses = new KeyUses(database, report);
  const limiter = new RateLimiter(database, limits.costPerMinute);
  const spend: Spend = ({ viewer }, points) =>
    limiter.spend(viewer.workspaceId, `${viewer.keyId} ${viewer.customerId ?? ''}`.trim(), points);
  const onContext = ({ viewer }: Context) => keyUses.note(viewer.workspaceId, viewer.keyId);
  const noteReads: NoteReads = (...read) => readLog.note(...read);
  const charge = chargeWithin(schema, limits, spend);
  const parsed = new ParsedDocuments();
  const sqlAnswers = new SqlAnswers(schema, sqlRoots, parsed);
  const published = options.documents ?? publishedDocuments();
  const documents = new TrustedDocuments(published, options.onlyTrustedDocuments ?? false);
  const holders = new KeyHolders(database);
  const knownWrites = new KnownWrites(
    parsed,
    async ({ request }) => request && contextOf(request.headers, database, limits),
  );
  const yoga = createYoga<object, Context>({
    schema,
    // Yoga's own page loads its scripts from a CDN, and is not cached.
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    // Every response gets these headers in http.ts, even if the request does not reach Yoga.
    cors: false,
    logging: false,
    healthCheckEndpoint: '/health/live',
    parserAndValidationCache: { documentCache: parsed, errorCache: nothingKept },
    plugins: [
      new AutomaticDocuments(published).plugin(),
      documents.plugin(async (headers) => (await contextOf(headers, database, limits, holders)).viewer),
      useLimits(limits, charge),
      useIntrospection(schema, forDevelopment, limits),
      useScopesFirst(),
      sqlAnswers.plugin(),
      knownWrites.plugin(),
      useReads(noteReads),
      useCodedValidation(mask, parsed),
      requests.plugin(),
    ],
    maskedErrors: { maskError: mask },
    context: async ({ request, params }) => {
      try {
        const asks = knownWrites.has(params) ? holders : null;
        const context = await contextOf(request.headers, database, limits, asks);
        onContext(context);
        return context;
      } catch (error) {
        throw requests.note(error, request.headers.get('x-request-id') ?? '');
      }
    },
  });

  const page = forDevelopment ? graphiql(exampleKeys) : async () => null;
  const answer = async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/health/ready') return ready(database);
    return (pathname === '/graphql' && (await page(request))) || yoga.fetch(request);
  };
  const onAnswer: HttpOptions['onAnswer'] = ({ path, ...answered }) => {
    if (!path.startsWith('/health/')) logger.info(answered, 'answered');
  };
  return {
    fetch: harden(answer, { maxBodyBytes, corsOrigins, onAnswer }),
    /** Answers a query that a single SQL statement resolves and that ran before. Null for any other. */
    quick: fastLane({
      database,
      documents,
      holders,
      limits,
      sqlAnswers,
      charge,
      mask: maskOf,
      corsOrigins,
      onAnswer,
      onContext,
      noteReads,
    }),
    /** Answers any other operation that is sent as JSON. */
    direct: directLane({ yoga, mask: maskOf, corsOrigins, onAnswer }),
    maxBodyBytes,
    /** Writes the pending entries of the audit log and the last uses of keys. */
    async flush(): Promise<void> {
      await readLog.flush();
      await keyUses.flush();
    },
  };
}

// Parse errors are not cached.
const nothingKept = { get: () => undefined, set: () => undefined };

// graphql-js searches the whole document for the line of each error.
const maxErrors = 20;

// Yoga masks errors of execution only. Validation errors get their code here.
function useCodedValidation(mask: (error: unknown) => GraphQLError, parsed: ParsedDocuments): Plugin {
  return {
    onValidate({ params: { documentAST }, validateFn, setValidationFn }) {
      setValidationFn((schema, document, rules, options, typeInfo) =>
        validateFn(schema, document, rules, { ...options, maxErrors }, typeInfo),
      );
      return ({ result, setResult }) => {
        if (result.length === 0) return;
        parsed.delete(documentAST.loc?.source.body ?? '');
        setResult(result.filter(isFirstOfDirectives).map(mask));
      };
    },
  };
}

// A document may have thousands of unknown directives. Only the first is reported.
function isFirstOfDirectives(error: GraphQLError, i: number, all: readonly GraphQLError[]): boolean {
  const isOfOne = ({ message }: GraphQLError) => message.startsWith('Unknown directive ');
  return !isOfOne(error) || all.findIndex(isOfOne) === i;
}

async function ready(database: Database): Promise<Response> {
  const state = await database.state();
  return state === 'ready' ? new Response('ready\n') : new Response(`${notReady[state]}\n`, { status: 503 });
}

const notReady = { unreachable: 'the database does not respond', 'disk full': 'the database disk is full' };
