import { isSpecType } from '@modelcontextprotocol/client';

type SpecType = keyof typeof isSpecType;
type Message = { method?: string; result?: { resultType?: string; inputRequests?: object }; error?: object };

// Results of the methods that clients call, and notifications that the server may send.
const results: Record<string, SpecType> = {
  initialize: 'InitializeResult',
  'server/discover': 'DiscoverResult',
  ping: 'EmptyResult',
  'tools/list': 'ListToolsResult',
  'tools/call': 'CallToolResult',
  'resources/list': 'ListResourcesResult',
  'resources/templates/list': 'ListResourceTemplatesResult',
  'resources/read': 'ReadResourceResult',
  'prompts/list': 'ListPromptsResult',
  'prompts/get': 'GetPromptResult',
};

/** Sends a request of MCP. Throws if a message of the response does not fit the schema of the protocol. */
export async function checkedFetch(input: URL | string, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const sent: { method?: string } = typeof init?.body === 'string' ? JSON.parse(init.body) : {};
  const isModern = new Headers(init?.headers).get('mcp-protocol-version') === '2026-07-28';
  for (const message of messagesIn(await response.clone().text())) checkMessage(message, sent.method, isModern);
  return response;
}

/** Messages of a response: one as JSON, or one for each event of a stream. */
export function messagesIn(text: string): unknown[] {
  const parts = /^\s*[{[]/.test(text) ? [text] : [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => data ?? '');
  return parts.map((part) => JSON.parse(part));
}

/** Throws if a message does not fit the schema for responses to this method. */
export function checkMessage(message: unknown, method: string | undefined, isModern: boolean): void {
  const problem = problemOf(message, method, isModern);
  if (problem) throw new Error(`${problem}: ${JSON.stringify(message)}`);
}

function problemOf(message: unknown, method: string | undefined, isModern: boolean): string | null {
  if (!isSpecType.JSONRPCMessage(message)) return 'Not a message of JSON-RPC';
  const { result, error, method: own } = message as Message;
  if (own !== undefined) return isSpecType.ServerNotification(message) ? null : 'Not a notification of a server';
  if (error) return isSpecType.JSONRPCErrorResponse(message) ? null : 'Not an error of JSON-RPC';
  if (isModern && result?.resultType === undefined)
    return 'A result of revision 2026-07-28 must state its `resultType`';
  if (result?.resultType === 'input_required') return result.inputRequests ? null : 'Not a request for input';
  const type = results[method ?? ''];
  if (!type) return `No schema for the result of ${method}`;
  return isSpecType[type](result) ? null : `Not a ${type}`;
}
