import {
  type GetPromptResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import { elicitationTools } from './elicitation-tools.ts';
import { type Context, type FixtureTool, requestState, textResult } from './fixture-tool.ts';
import { inputTools } from './input-tools.ts';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=';
const image = { type: 'image' as const, data: png, mimeType: 'image/png' };
const pause = () => new Promise((done) => setTimeout(done, 50));

const log = ({ mcpReq }: Context, data: string) =>
  mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });

const tools: Record<string, FixtureTool> = {
  ...inputTools,
  ...elicitationTools,
  test_simple_text: async () => textResult('This is a simple text response for testing.'),
  test_image_content: async () => ({ content: [image] }),
  test_audio_content: async () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  test_embedded_resource: async () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  test_multiple_content_types: async () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  test_error_handling: async () => ({
    ...textResult('This tool intentionally returns an error for testing'),
    isError: true,
  }),
  async test_tool_with_logging(context) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await log(context, data);
      await pause();
    }
    return textResult('The tool has logged three messages.');
  },
  async test_tool_with_progress({ mcpReq }) {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      await pause();
    }
    return textResult('The tool has reported its progress.');
  },
  // The client has not set a level, so the server must not send the message.
  async test_logging_tool(context) {
    await context.mcpReq.log('info', 'Nobody asked for this message.');
    return textResult('The tool is done.');
  },
  test_missing_capability: async () =>
    inputRequired({ inputRequests: { answer: inputRequired.createMessage({ messages: [], maxTokens: 1 }) } }),
  test_streaming_elicitation: async () =>
    inputRequired({
      inputRequests: {
        answer: inputRequired.elicit({ message: 'Continue?', requestedSchema: { type: 'object', properties: {} } }),
      },
    }),
};

const resources: Record<string, object> = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: png },
  'test://watched-resource': { mimeType: 'text/plain', text: 'This resource can be watched.' },
};

const text = (content: string) => ({ role: 'user' as const, content: { type: 'text' as const, text: content } });
const prompts: Record<
  string,
  { names: string[]; messages: (args: Record<string, string>) => GetPromptResult['messages'] }
> = {
  test_simple_prompt: { names: [], messages: () => [text('This is a simple prompt for testing.')] },
  test_prompt_with_arguments: {
    names: ['arg1', 'arg2'],
    messages: ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  test_prompt_with_embedded_resource: {
    names: ['resourceUri'],
    messages: ({ resourceUri: uri = '' }) => [
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
      },
      text('Please process the embedded resource above.'),
    ],
  },
  test_prompt_with_image: {
    names: [],
    messages: () => [{ role: 'user', content: image }, text('Please analyze the image above.')],
  },
  test_input_required_result_prompt: { names: [], messages: () => [text('This prompt has its context.')] },
};

/** Creates an MCP server with the tools, resources and prompts that the conformance suite asks for. */
export function createFixtureServer(): Server {
  const hints = { ttlMs: 1_000, cacheScope: 'public' as const };
  const server = new Server(
    { name: 'fixtures', version: '1' },
    {
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} },
      requestState: { verify: requestState.verify },
      cacheHints: {
        'tools/list': hints,
        'prompts/list': hints,
        'resources/list': hints,
        'resources/templates/list': hints,
        'resources/read': hints,
      },
    },
  );
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(tools).map((name) => ({
      name,
      description: `Fixture ${name}.`,
      inputSchema: { type: 'object' },
    })),
  }));
  server.setRequestHandler('tools/call', ({ params }, context) => {
    const tool = tools[params.name];
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'No tool has this name.');
    return tool(context);
  });
  server.setRequestHandler('resources/list', () => ({
    resources: Object.keys(resources).map((uri) => ({ uri, name: uri, description: `Fixture ${uri}.` })),
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [
      { uriTemplate: 'test://template/{id}/data', name: 'template', description: 'Fixture template.' },
    ],
  }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => ({ contents: [resourceAt(uri)] }));
  server.setRequestHandler('resources/subscribe', () => ({}));
  server.setRequestHandler('resources/unsubscribe', () => ({}));
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.entries(prompts).map(([name, { names }]) => ({
      name,
      description: `Fixture ${name}.`,
      arguments: names.map((each) => ({ name: each, description: `Argument ${each}.`, required: true })),
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params }, { mcpReq }) => {
    if (params.name === 'test_input_required_result_prompt' && !mcpReq.inputResponses?.user_context)
      return inputRequired({
        inputRequests: {
          user_context: inputRequired.elicit({
            message: 'What context should the prompt use?',
            requestedSchema: { type: 'object', properties: { context: { type: 'string' } }, required: ['context'] },
          }),
        },
      });
    const prompt = prompts[params.name];
    if (!prompt) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'No prompt has this name.');
    return { messages: prompt.messages(params.arguments ?? {}) };
  });
  server.setRequestHandler('completion/complete', () => ({
    completion: { values: ['paris', 'park'], hasMore: false },
  }));
  return server;
}

function resourceAt(uri: string) {
  const [, id] = /^test:\/\/template\/(\w+)\/data$/.exec(uri) ?? [];
  const found =
    id === undefined
      ? resources[uri]
      : {
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        };
  if (!found) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'No resource has this URI.', { uri });
  return { uri, ...found } as { uri: string; text: string };
}
