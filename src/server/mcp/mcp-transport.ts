import { allScopes } from '../../access/scopes.ts';
import { DomainError } from '../../lib/errors.ts';
import type { McpOptions, Session } from '../../mcp/http/mcp-options.ts';
import { mcpPath, metadataPath } from '../../mcp/http/resource-metadata.ts';
import type { Authentication } from '../authentication.ts';
import type { Engine } from '../engine.ts';
import { askAs } from './ask-engine.ts';

export type McpTransportOptions = {
  engine: Engine;
  authentication: Authentication;
  maxBodyBytes: number;
  corsOrigins: string[];
  publicUrls: string[];
  report: (fault: unknown, requestId?: string) => void;
};

// Names under which this machine reaches itself.
const localHosts = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Serves MCP. Its modules load with the first request, because many servers have no agents. Returns null for requests
 * that are not MCP.
 */
export function mcpTransport(
  options: McpTransportOptions,
): (request: Request, path: string, requestId: string) => Promise<Response | null> {
  const { engine, authentication, corsOrigins, publicUrls, maxBodyBytes, report } = options;

  async function authenticate(headers: Headers, requestId: string): Promise<Session | { problem: string }> {
    try {
      await authentication.viewerOf(headers, false);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return { problem: error.message };
      throw error;
    }
    return {
      ask: askAs(engine, { headers, requestId }),
      scopes: async () => (await authentication.viewerOf(headers, true)).scopes,
    };
  }

  const mcpOptions: McpOptions = {
    allowedHosts: [...localHosts, ...publicUrls.map((url) => new URL(url).hostname)],
    allowedOrigins: corsOrigins,
    publicUrls,
    scopes: allScopes,
    maxBodyBytes,
    authenticate,
    report,
  };
  let serving: Promise<(request: Request, requestId: string) => Promise<Response>> | null = null;
  return async (request, path, requestId) => {
    if (path !== mcpPath && path !== metadataPath && path !== metadataPath + mcpPath) return null;
    serving ??= import('../../mcp/http/serve-mcp.ts').then(({ serveMcp }) => serveMcp(mcpOptions));
    return (await serving)(request, requestId);
  };
}
