import {
  createMcpHandler,
  isJsonContentType,
  type McpRequestContext,
  ProtocolErrorCode,
  validateHostHeader,
} from '@modelcontextprotocol/server';
import { createMcpServer as createRapportServer } from '../mcp-server.ts';
import { internalError } from '../shown-error.ts';
import type { McpOptions, Session } from './mcp-options.ts';
import { refusal } from './refusal.ts';
import { metadataPath, resourceMetadata, urlsOf } from './resource-metadata.ts';
import { type ResultBody, serializeResult, withBody } from './result-body.ts';
import { type ClientSession, joinSession } from './sessions/session-transport.ts';
import { Sessions } from './sessions/sessions.ts';

const problems = {
  host: 'This host name is not allowed. Add the address of the server to RAPPORT_PUBLIC_URLS and restart the server.',
  origin:
    'Pages from this origin are not allowed to connect. Add the origin to RAPPORT_CORS_ORIGINS and restart the server.',
};

/** A request: who sent it, in which session of the protocol, the ID under which the log has it, and its result. */
type Served = { session: Session; clientSession: ClientSession | null; requestId: string; result: ResultBody };

/** Serves MCP at `/mcp`, and the metadata that says how to authenticate. */
export function serveMcp(options: McpOptions): (request: Request, requestId: string) => Promise<Response> {
  const { report, allowedHosts, allowedOrigins, maxBodyBytes, authenticate } = options;
  const { createMcpServer = createRapportServer, questions } = options;
  const sessions = new Sessions(questions, maxBodyBytes);
  const create = ({ authInfo, era }: McpRequestContext) => {
    const { session, clientSession, requestId, result } = Object(authInfo?.extra) as Served;
    const server = createMcpServer(session, (fault) => report(fault, requestId));
    if (era === 'modern') serializeResult(server, result);
    if (clientSession) joinSession(server, clientSession, questions);
    return server;
  };
  const handler = createMcpHandler(create, { maxRequestBodySize: maxBodyBytes });

  const answer = async (request: Request, requestId: string): Promise<Response> => {
    const { pathname, host, origin: own } = new URL(request.url);
    const origin = request.headers.get('origin');
    if (!validateHostHeader(host, [...allowedHosts]).ok) return refusal(403, problems.host);
    if (origin !== null && ![own, ...allowedOrigins].includes(origin)) return refusal(403, problems.origin);
    if (pathname.startsWith(metadataPath)) return resourceMetadata(request, options);
    const session = await authenticate(request.headers, requestId);
    if ('problem' in session) return challenge(session.problem, request, options);
    const { received, message } = await readMessage(request, maxBodyBytes);
    return sessions.answer(received, message, session, async (clientSession) => {
      const result: ResultBody = { json: null };
      const extra: Served = { session, clientSession, requestId, result };
      // The engine checks the key itself, so the token stays here.
      const authInfo = { token: '', clientId: '', scopes: [], extra };
      const response = await handler.fetch(received, {
        authInfo,
        ...(message !== undefined && { parsedBody: message }),
      });
      return withBody(response, result);
    });
  };
  return async (request, requestId) => {
    try {
      return await answer(request, requestId);
    } catch (fault) {
      report(fault, requestId);
      return refusal(500, internalError, { code: ProtocolErrorCode.InternalError });
    }
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

function challenge(problem: string, request: Request, options: McpOptions): Response {
  const hasKey = request.headers.has('authorization');
  const parameters = [
    `resource_metadata="${urlsOf(request, options).metadata}"`,
    ...(hasKey ? ['error="invalid_token"'] : []),
  ];
  return refusal(401, problem, { headers: { 'www-authenticate': `Bearer ${parameters.join(', ')}` } });
}
