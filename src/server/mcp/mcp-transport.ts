import { createHmac } from 'node:crypto';
import { allScopes } from '../../access/scopes.ts';
import type { Viewer } from '../../graphql/context.ts';
import { DomainError } from '../../lib/errors.ts';
import type { CreateMcpServer, McpOptions, Session } from '../../mcp/http/mcp-options.ts';
import { mcpPath, metadataPath } from '../../mcp/http/resource-metadata.ts';
import { Questions } from '../../mcp/http/sessions/questions.ts';
import type { Authentication } from '../authentication.ts';
import type { Engine } from '../engine.ts';
import { askAs } from './ask-engine.ts';

export type McpTransportOptions = {
  engine: Engine;
  authentication: Authentication;
  maxBodyBytes: number;
  corsOrigins: string[];
  publicUrls: string[];
  createMcpServer: CreateMcpServer | undefined;
  report: (fault: unknown, requestId?: string) => void;
};

// Names under which this machine reaches itself.
const localHosts = ['localhost', '127.0.0.1', '[::1]'];

export type McpTransport = {
  /** Answers a request. Its modules load with the first one, because many servers have no agents. Null if it is not MCP. */
  answer: (request: Request, path: string, requestId: string) => Promise<Response | null>;
  /** Opens a session for the sender of a request. */
  authenticate: McpOptions['authenticate'];
  /** Ends the calls that wait for a person, so that the server can stop. */
  stopWaiting: () => void;
};

/** Serves MCP. */
export function mcpTransport(options: McpTransportOptions): McpTransport {
  const { engine, authentication, corsOrigins, publicUrls, maxBodyBytes, report, createMcpServer } = options;

  async function authenticate(headers: Headers, requestId: string): Promise<Session | { problem: string }> {
    let viewer: Pick<Viewer, 'cursorKey' | 'customerId'>;
    try {
      viewer = await authentication.viewerOf(headers, false);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return { problem: error.message };
      throw error;
    }
    return {
      ask: askAs(engine, { headers, requestId }),
      customerId: headers.get('x-rapport-customer'),
      signingKey: () => signingKeyOf(viewer),
      scopes: async () => (await authentication.viewerOf(headers, true)).scopes,
    };
  }

  const questions = new Questions();
  const mcpOptions: McpOptions = {
    allowedHosts: [...localHosts, ...publicUrls.map((url) => new URL(url).hostname)],
    allowedOrigins: corsOrigins,
    publicUrls,
    scopes: allScopes,
    maxBodyBytes,
    authenticate,
    questions,
    report,
    createMcpServer,
  };
  let serving: Promise<(request: Request, requestId: string) => Promise<Response>> | null = null;
  const answer: McpTransport['answer'] = async (request, path, requestId) => {
    if (path !== mcpPath && path !== metadataPath && path !== metadataPath + mcpPath) return null;
    serving ??= import('../../mcp/http/serve-mcp.ts').then(({ serveMcp }) => serveMcp(mcpOptions));
    return (await serving)(request, requestId);
  };
  return { answer, authenticate, stopWaiting: () => questions.close() };
}

// Derived from the secret of the API key, so every process of the server accepts the codes of the others, and revoking
// the key ends its codes.
function signingKeyOf({ cursorKey, customerId }: Pick<Viewer, 'cursorKey' | 'customerId'>): Buffer {
  return createHmac('sha256', cursorKey)
    .update(`rapport confirmation ${customerId ?? ''}`)
    .digest();
}
