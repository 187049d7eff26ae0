import { GraphQLError } from 'graphql';
import { responseOf } from '../response.ts';
import { preflightHeaders, preflightProblem } from './preflight.ts';
import { requestIdOf } from './request-headers.ts';
import { responseHeaders } from './response-headers.ts';
import type { TransportOptions } from './transport-options.ts';
import { parametersOf } from './web-parameters.ts';

export type FetchTransportOptions = TransportOptions & {
  /** Returns the response to a request that is not GraphQL: MCP, a page, a health check, or an unknown path. */
  page: (request: Request, path: string, requestId: string) => Promise<Response | null>;
  report: (fault: unknown, requestId: string) => void;
};

/** Serves the API as a fetch handler. */
export function fetchTransport(options: FetchTransportOptions): (request: Request) => Promise<Response> {
  const { engine, page, report, maxBodyBytes, corsOrigins, onAnswer } = options;

  async function answer(request: Request, path: string, requestId: string): Promise<Response> {
    const { method, headers } = request;
    if (method === 'OPTIONS') return preflight(headers, corsOrigins);
    const other = await page(request, path, requestId);
    if (other) return other;
    const readParameters = () => parametersOf(request, maxBodyBytes);
    const { body, ...init } = await engine.answer({
      requestId,
      headers,
      isReadOnly: method !== 'POST',
      readParameters,
    });
    return new Response(new Uint8Array(body), init);
  }

  return async (request) => {
    const [requestId, started] = [requestIdOf(request.headers), performance.now()];
    const { pathname: path } = new URL(request.url);
    const response = await answer(request, path, requestId).catch((fault: unknown) => {
      report(fault, requestId);
      return new Response(null, { status: 500 });
    });
    const { status, headers } = response;
    onAnswer({ path, requestId, status, ms: Math.round(performance.now() - started) });
    const always = responseHeaders(requestId, request.headers.get('origin'), corsOrigins);
    // A page sets its own `Cache-Control`.
    for (const [name, value] of Object.entries(always)) if (!headers.has(name)) headers.set(name, value);
    return response;
  };
}

function preflight(headers: Headers, corsOrigins: string[]): Response {
  const problem = preflightProblem(headers, corsOrigins);
  if (problem === null)
    return new Response(null, { status: 204, headers: headers.has('origin') ? preflightHeaders : {} });
  const errors = [new GraphQLError(problem, { extensions: { code: 'FORBIDDEN' } })];
  const { body, ...init } = responseOf({ errors, http: { status: 403 } }, 'application/json');
  return new Response(new Uint8Array(body), init);
}
