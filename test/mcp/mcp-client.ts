import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createServer } from '../../src/server/create-server.ts';
import { silent, type TestApi } from '../api.ts';
import { useHttpServer } from '../http-server.ts';
import { checkedFetch } from './wire-schema.ts';

/** Both protocol revisions that the server speaks. */
export const revisions = ['2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof revisions)[number];

/** A client of one key, over HTTP. It checks every result against the wire schema and the output schema. */
export type McpClient = {
  client: Client;
  /** Calls a tool, which may fail. */
  call: (name: string, args: object) => Promise<CallToolResult>;
  /** Returns the text and data of a call, which must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is each tool's own
  read: (name: string, args: object) => Promise<{ text: string; data: any; result: CallToolResult }>;
  /** Returns the text of a call, which must fail. */
  fail: (name: string, args: object) => Promise<string>;
};

/** Serves the API over HTTP, and connects MCP clients to it. */
export async function useMcp(api: TestApi) {
  const faults: unknown[] = [];
  const server = createServer({
    database: api.database,
    logger: { ...silent, error: (fault: unknown) => faults.push(fault) },
    corsOrigins: ['https://app.example'],
    publicUrls: ['https://crm.example'],
  });
  const url = new URL('/mcp', await useHttpServer(server));

  /** Connects a client. With a `person`, it can ask them: they get the question and say whether they agree. */
  async function connect(
    secret: string,
    revision: Revision = '2026-07-28',
    person?: (question: string) => boolean,
    headers: Record<string, string> = {},
  ): Promise<McpClient> {
    const mode = revision === '2026-07-28' ? { pin: revision } : 'legacy';
    const capabilities = person ? { elicitation: { form: {} } } : {};
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode }, capabilities });
    if (person)
      client.setRequestHandler('elicitation/create', async ({ params: { message } }) => {
        const agree = person(message);
        return agree ? { action: 'accept', content: { agree } } : { action: 'decline' };
      });
    const authorization = `Bearer ${secret}`;
    await client.connect(
      new StreamableHTTPClientTransport(url, {
        requestInit: { headers: { ...headers, authorization } },
        fetch: checkedFetch,
      }),
    );
    const call: McpClient['call'] = (name, args) => client.callTool({ name, arguments: { ...args } });
    return {
      client,
      call,
      async read(name, args) {
        const result = await call(name, args);
        if (result.isError) throw new Error(`${name} failed: ${textOf(result)} ${JSON.stringify(faults)}`);
        return { text: textOf(result), data: result.structuredContent, result };
      },
      async fail(name, args) {
        const result = await call(name, args);
        if (!result.isError) throw new Error(`${name} should have failed, but succeeded.`);
        return textOf(result);
      },
    };
  }

  return { url, server, faults, connect };
}

export function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}
