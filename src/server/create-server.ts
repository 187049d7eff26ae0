import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { ApiKeyCache } from '../access/api-key-cache.ts';
import { KeyUsage } from '../access/key-usage.ts';
import { RateLimiter } from '../access/rate-limit.ts';
import { AccessLog } from '../audit/access-log.ts';
import type { Database } from '../db/database.ts';
import { sqlStateOf } from '../db/sql-state.ts';
import { maskError } from '../graphql/errors.ts';
import { Introspection } from '../graphql/introspection/introspection.ts';
import { defaultLimits, defaultMaxBodyBytes, type Limits } from '../lib/limits.ts';
import { reportOf } from '../lib/process/faults.ts';
import type { CreateMcpServer } from '../mcp/http/mcp-options.ts';
import { Authentication } from './authentication.ts';
import { CostLimiter } from './cost-limiter.ts';
import { DocumentTexts } from './documents/document-texts.ts';
import { Documents } from './documents/documents.ts';
import { publishedDocuments } from './documents/published-documents.ts';
import { TrustedDocuments } from './documents/trusted-documents.ts';
import { Engine } from './engine.ts';
import { Executor } from './executor.ts';
import { fetchTransport } from './http/fetch-transport.ts';
import { nodeTransport } from './http/node-transport.ts';
import type { TransportOptions } from './http/transport-options.ts';
import { type McpTransport, mcpTransport } from './mcp/mcp-transport.ts';
import type { ExampleKey } from './pages/graphiql.ts';
import { pages } from './pages/pages.ts';
import { schema } from './schema.ts';

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
  /** Addresses at which clients reach the server. `/mcp` answers only to their hosts and to those of this machine. */
  publicUrls?: string[];
  /** Replaces the MCP server with its tools, in tests of the protocol. */
  createMcpServer?: CreateMcpServer;
  /** Documents that may be sent by ID. Defaults to those of the published SDKs. */
  documents?: ReadonlyMap<string, string>;
  /** Rejects all other documents, except from keys with the scope `documents:free`. */
  onlyTrustedDocuments?: boolean;
};

/** The API over two transports. */
export type Server = {
  fetch: (request: Request) => Promise<Response>;
  /** The same API for `node:http`. */
  listener: RequestListener;
  /** Writes the pending entries of the audit log and the last uses of keys. */
  flush: () => Promise<void>;
  /** Ends the calls of MCP that wait for a person, because the server stops. */
  stopWaiting: () => void;
  /** Opens a session of MCP for the key in these headers, for transports other than HTTP. */
  mcpSession: (headers: Headers) => ReturnType<McpTransport['authenticate']>;
};

/** Creates the API. The caller opens and closes the database. */
export function createServer(options: ServerOptions): Server {
  const { database, logger, forDevelopment = false, limits = defaultLimits } = options;
  const { maxBodyBytes = defaultMaxBodyBytes, corsOrigins = [], publicUrls = [] } = options;
  const { exampleKeys = async () => [] } = options;
  const report = (fault: unknown, requestId?: string) =>
    logger.error({ requestId, fault: reportOf(fault), sqlState: sqlStateOf(fault) }, 'fault');
  const accessLog = new AccessLog(database, report);
  const keyUsage = new KeyUsage(database, report);
  const published = options.documents ?? publishedDocuments();
  const trusted = new TrustedDocuments(published, options.onlyTrustedDocuments ?? false);
  const introspection = new Introspection(schema, forDevelopment, limits);
  const authentication = new Authentication(database, limits, new ApiKeyCache(database));
  const engine = new Engine({
    schema,
    texts: new DocumentTexts(published, trusted),
    trusted,
    documents: new Documents(schema, limits),
    introspection,
    authentication,
    costLimiter: new CostLimiter(schema, limits, new RateLimiter(database, limits.costPerMinute)),
    executor: new Executor(schema, introspection),
    mask: (error, requestId) => maskError(error, (fault) => report(fault, requestId), !forDevelopment),
    onUse: ({ workspaceId, keyId }) => keyUsage.note(workspaceId, keyId),
    recordAccess: (...access) => accessLog.record(...access),
  });
  const onAnswer: TransportOptions['onAnswer'] = ({ path, ...answered }) => {
    if (!path.startsWith('/health/')) logger.info(answered, 'answered');
  };
  const transport = { engine, onAnswer, maxBodyBytes, corsOrigins };
  const page = pages({ database, hasGraphiql: forDevelopment, exampleKeys });
  const { createMcpServer } = options;
  const mcp = mcpTransport({ ...transport, authentication, publicUrls, createMcpServer, report });
  const fetch = fetchTransport({
    ...transport,
    report,
    page: async (request, path, requestId) => (await mcp.answer(request, path, requestId)) ?? page(request, path),
  });
  return {
    fetch,
    listener: nodeTransport({ ...transport, fetch }),
    stopWaiting: mcp.stopWaiting,
    mcpSession: (headers) => mcp.authenticate(headers, randomUUID()),
    async flush() {
      await accessLog.flush();
      await keyUsage.flush();
    },
  };
}
