import { type ClientOptions, createClient, type RequestOptions } from './client.ts';
import type { Document } from './document.ts';
import { RapportError } from './error.ts';
import { type ToolName, toolDefinitions } from './generated/tools.ts';
import type { Fetch, Signal } from './platform.ts';
import type { ToolDefinition } from './tools/definition.ts';
import { type CallResult, mcpDocument, mcpFetch } from './tools/mcp-fetch.ts';

export type { JsonSchema, ToolAnnotations, ToolDefinition } from './tools/definition.ts';
export { toAnthropic, toOpenAi, toOpenAiResponses } from './tools/formats.ts';
export { type ToolName, toolDefinitions };

/** Options for all calls. `url` is that of the API, such as http://127.0.0.1:4000/graphql, or of `/mcp` beside it. */
export type ToolsOptions = Omit<ClientOptions, 'documents' | 'print'>;

export type ToolOptions = Omit<RequestOptions, 'idempotencyKey'> & {
  /** Same as `signal`, under the name that the AI SDK uses. */
  abortSignal?: Signal | undefined;
};

/** Result of a tool, the same as over MCP. */
export type ToolResult = {
  /** Text for the model. */
  text: string;
  /** The same as data. If the tool failed, `error` has the code and the message. */
  data: { [name: string]: unknown };
  /** True if the tool failed. `text` then says what to do instead. */
  isError: boolean;
};

/** A tool that calls the server. */
export type Tool = ToolDefinition & {
  /** Calls the tool. Returns the text for the model, also if the tool failed. */
  execute: (args: object, options?: ToolOptions) => Promise<string>;
  /**
   * Calls the tool. Returns its text and data. Rejects with a `RapportError` if there is no result: for example, if the
   * key is unknown or the server cannot be reached. Writes without an `idempotencyKey` are not retried.
   */
  run: (args: object, options?: ToolOptions) => Promise<ToolResult>;
};

export type Tools = {
  /** All tools that this version of the package knows, in alphabetical order by name. */
  all: Tool[];
  /** Fetches the tools that the key may call, as the server describes them. */
  forKey: (options?: ToolOptions) => Promise<Tool[]>;
  /**
   * Runs the call of a model: its name, and its arguments as an object or as the JSON text that the model wrote. Fails
   * with a text for the model if the name is unknown or the text is not JSON.
   */
  run: (name: ToolName | (string & {}), args: object | string, options?: ToolOptions) => Promise<ToolResult>;
};

/** Creates the tools for one key. They call the server at `/mcp`, with the permissions of the key. */
export function createTools(options: ToolsOptions): Tools {
  const { fetch = globalThis.fetch as Fetch } = options;
  const client = createClient({ ...options, fetch: mcpFetch(fetch) });
  const send = <Result>(text: string, args: object, { abortSignal, ...rest }: ToolOptions) => {
    const document = text as Document<{ result: Result }, object>;
    return client.request(document, args, { signal: abortSignal, ...rest });
  };

  async function call({ name, annotations }: ToolDefinition, args: object, options: ToolOptions): Promise<ToolResult> {
    const isSafe = annotations.readOnlyHint || 'idempotencyKey' in args;
    const { maxRetries = isSafe ? undefined : 0 } = options;
    try {
      const given = maxRetries === undefined ? options : { ...options, maxRetries };
      return resultOf((await send<CallResult>(mcpDocument('tools/call', name), args, given)).result);
    } catch (error) {
      const { result } = Object((error as RapportError).data) as { result?: CallResult };
      if (result) return resultOf(result);
      throw error;
    }
  }

  function toolOf(definition: ToolDefinition): Tool {
    const run: Tool['run'] = (args, options = {}) => call(definition, args, options);
    return { ...definition, run, execute: async (args, options) => (await run(args, options)).text };
  }

  const all = toolDefinitions.map(({ scopes: _, ...definition }) => toolOf(definition));
  const known = new Map(all.map((tool) => [tool.name, tool]));
  return {
    all,
    async forKey(options = {}) {
      const listed = await send<{ tools: ToolDefinition[] }>(mcpDocument('tools/list', 'tools'), {}, options);
      const tools = listed.result.tools.map(toolOf);
      for (const tool of tools) known.set(tool.name, tool);
      return tools;
    },
    async run(name, args, options) {
      const tool = known.get(name);
      if (!tool) return failure('NOT_FOUND', `No tool has this name. Call one of: ${[...known.keys()].join(', ')}.`);
      const parsed = typeof args === 'string' ? objectIn(args) : args;
      if (!parsed) return failure('INVALID_INPUT', 'The arguments must be a JSON object.');
      return tool.run(parsed, options);
    },
  };
}

function resultOf({ content, structuredContent = {}, isError = false }: CallResult): ToolResult {
  if (!Array.isArray(content)) throw new RapportError('BAD_RESPONSE', 'The result of the tool has no content.');
  return { text: content.flatMap(({ text }) => text ?? []).join('\n'), data: { ...structuredContent }, isError };
}

function failure(code: string, message: string): ToolResult {
  return { text: `${code}: ${message}`, data: { error: { code, message } }, isError: true };
}

// Some models write nothing for a tool without required arguments.
function objectIn(text: string): object | null {
  try {
    const value = JSON.parse(text.trim() || '{}');
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
