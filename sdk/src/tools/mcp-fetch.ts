import { answerIn } from '../answer.ts';
import type { RapportErrorCode } from '../error.ts';
import type { Fetch } from '../platform.ts';

const revision = '2026-07-28';
const meta = {
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientInfo': { name: '@rapport/sdk', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Result of `tools/call` on the wire. */
export type CallResult = {
  content: { type: string; text?: string }[];
  structuredContent?: { error?: object };
  isError?: boolean;
};

/** Document that stands for a request of MCP, and names it in errors and attempts. */
export function mcpDocument(method: 'tools/list' | 'tools/call', name: string): string {
  return `query ${name} {${method}}`;
}

/**
 * Returns a `fetch` that carries requests to `/mcp`, so that retries, deadlines and errors are those of every other
 * request. The variables are the arguments of the tool.
 */
export function mcpFetch(send: Fetch): Fetch {
  return async (url, init) => {
    const { query, variables } = JSON.parse(init.body);
    const [, name, method] = /(\w+) {(.+)}/.exec(query) as unknown as [string, string, string];
    const isCall = method === 'tools/call';
    const params = { ...(isCall && { name, arguments: variables }), _meta: meta };
    const headers = {
      ...init.headers,
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      'mcp-method': method,
      ...(isCall && { 'mcp-name': name }),
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await send(url.replace(/graphql(?=\/?$)/, 'mcp'), { ...init, headers, body });
    const answer = answerOf(await response.text(), response.status);
    return { status: response.status, headers: response.headers, text: async () => JSON.stringify(answer) };
  };
}

// A failed tool is an error like those of the API, so that it is retried if it may succeed later.
function answerOf(text: string, status: number): object {
  const { result, error } = answerIn(lastMessageIn(text)) as {
    result?: CallResult;
    error?: { message: string; code: number };
  };
  if (error) return { errors: [{ message: error.message, extensions: { code: codeOf(error.code, status) } }] };
  if (!result?.isError) return { data: result && { result } };
  const failure = { code: 'INTERNAL', message: 'The tool failed.', ...result.structuredContent?.error };
  return { data: { result }, errors: [{ message: failure.message, extensions: failure }] };
}

// The last event of a stream is the response; earlier ones are notifications.
function lastMessageIn(text: string): string {
  return /^\s*{/.test(text) ? text : ([...text.matchAll(/^data: ?(.+)$/gm)].at(-1)?.[1] ?? '');
}

// JSON-RPC has no code for a refused key.
function codeOf(code: number, status: number): RapportErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  return code === -32_602 || code === -32_600 ? 'INVALID_INPUT' : 'INTERNAL';
}
