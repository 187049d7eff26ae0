import { createMcpHandler, isJsonContentType, validateHostHeader } from '@modelcontextprotocol/server';
import { createMcpServer as createRapportServer } from '../mcp-server.ts';
import type { McpOptions, Session } from './mcp-options.ts';
import { metadataPath, resourceMetadata, urlsOf } from './resource-metadata.ts';

const problems = {
  host: 'This host name is not allowed. Add the address of the server to RAPPORT_PUBLIC_URLS and restart the server.',
  origin:
    'Pages from this origin are not allowed to connect. Add the origin to RAPPORT_CORS_ORIGINS and restart the server.',
};

/** Serves MCP at `/mcp`, and the metadata that says how to authenticate. */
export function serveMcp(options: McpOptions): (request: Request, requestId: string) => Promise<Response> {
  const { report, allowedHosts, allowedOrigins, maxBodyBytes, authenticate } = options;
  const { createMcpServer = createRapportServer } = options;
  const handler = createMcpHandler(({ authInfo }) => createMcpServer(authInfo?.extra?.session as Session, report), {
    maxRequestBodySize: maxBodyBytes,
  });

  return async (request, requestId) => {
    const { pathname, host, origin: own } = new URL(request.url);
    const origin = request.headers.get('origin');
    if (!validateHostHeader(host, [...allowedHosts]).ok) return refusal(403, problems.host);
    if (origin !== null && ![own, ...allowedOrigins].includes(origin)) return refusal(403, problems.origin);
    if (pathname.startsWith(metadataPath)) return resourceMetadata(request, options);
    const session = await authenticate(request.headers, requestId);
    if ('problem' in session) return challenge(session.problem, request, options);
    // The engine checks the key itself, so the token stays here.
    const authInfo = { token: '', clientId: '', scopes: [], extra: { session } };
    const { received, message } = await readMessage(request, maxBodyBytes);
    return handler.fetch(received, { authInfo, ...(message !== undefined && { parsedBody: message }) });
  };
}

// The handler would copy the stream of the body before it reads it. It still answers a body that is not JSON.
async function readMessage(request: Request, maxBodyBytes: number): Promise<{ received: Request; message?: unknown }> {
  const { url, method, headers } = request;
  const isShort = Number(headers.get('content-length') ?? Number.NaN) <= maxBodyBytes;
  if (method !== 'POST' || !isShort || !isJsonContentType(headers.get('content-type'))) return { received: request };
  const body = await request.text();
  try {
    return { received: request, message: JSON.parse(body) };
  } catch {
    return { received: new Request(url, { method, headers, body }) };
  }
}

// JSON-RPC clients show the message of such an error.
function refusal(status: number, message: string, headers: Record<string, string> = {}): Response {
  const body = { jsonrpc: '2.0', error: { code: -32_000, message }, id: null };
  return Response.json(body, { status, headers });
}

function challenge(problem: string, request: Request, options: McpOptions): Response {
  const hasKey = request.headers.has('authorization');
  const parameters = [
    `resource_metadata="${urlsOf(request, options).metadata}"`,
    ...(hasKey ? ['error="invalid_token"'] : []),
  ];
  return refusal(401, problem, { 'www-authenticate': `Bearer ${parameters.join(', ')}` });
}
