import { isSpecType } from '@modelcontextprotocol/client';

type SpecType = keyof typeof isSpecType;
type Message = {
  id?: unknown;
  method?: string;
  result?: { resultType?: string; inputRequests?: object };
  error?: object;
};

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
  if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
    for (const message of messagesIn(await response.clone().text())) checkMessage(message, sent.method, isModern);
    return response;
  }
  // A question must reach the client before the response ends.
  let text = '';
  const check = new TransformStream<string, string>({
    transform(part, controller) {
      const events = (text + part).split('\n\n');
      text = events.pop() ?? '';
      for (const message of messagesIn(events.join('\n'))) checkMessage(message, sent.method, isModern);
      controller.enqueue(part);
    },
  });
  const body = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(check)
    .pipeThrough(new TextEncoderStream());
  return new Response(body, response);
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
  const { id, result, error, method: own } = message as Message;
  if (own !== undefined && id !== undefined)
    return !isModern && isSpecType.ServerRequest(message) ? null : 'Not a request of a server';
  if (own !== undefined) return isSpecType.ServerNotification(message) ? null : 'Not a notification of a server';
  if (error) return isSpecType.JSONRPCErrorResponse(message) ? null : 'Not an error of JSON-RPC';
  if (isModern && result?.resultType === undefined)
    return 'A result of revision 2026-07-28 must state its `resultType`';
  if (result?.resultType === 'input_required') return result.inputRequests ? null : 'Not a request for input';
  const type = results[method ?? ''];
  if (!type) return `No schema for the result of ${method}`;
  return isSpecType[type](result) ? null : `Not a ${type}`;
}
