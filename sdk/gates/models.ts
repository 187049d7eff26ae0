import type { Consumer } from './consumer.ts';

const packages = ['@anthropic-ai/sdk', 'ai', 'openai'];
const libraries = ['dom', 'dom.iterable', 'esnext.disposable'];

// The tools as each model API takes them.
const use = `import { createTools, toAnthropic, toOpenAi, toOpenAiResponses } from '@rapport/sdk/tools';
import type Anthropic from '@anthropic-ai/sdk';
import { jsonSchema, tool, type ToolSet } from 'ai';
import type OpenAI from 'openai';
const { all, run } = createTools({ url: '', token: '' });
export const ofAiSdk: ToolSet = Object.fromEntries(
  all.map(({ name, description, inputSchema, execute }) => [
    name,
    tool({ description, inputSchema: jsonSchema<object>(inputSchema), execute }),
  ]),
);
export const ofChat: OpenAI.Chat.Completions.ChatCompletionTool[] = all.map(toOpenAi);
export const ofResponses: OpenAI.Responses.Tool[] = all.map(toOpenAiResponses);
export const ofMessages: Anthropic.Tool[] = all.map(toAnthropic);
export async function answer(call: OpenAI.Responses.ResponseFunctionToolCall): Promise<OpenAI.Responses.ResponseInputItem> {
  const { text } = await run(call.name, call.arguments);
  return { type: 'function_call_output', call_id: call.call_id, output: text };
}
export async function reply({ id, name, input }: Anthropic.ToolUseBlock): Promise<Anthropic.ToolResultBlockParam> {
  const { text, isError } = await run(name, Object(input));
  return { type: 'tool_result', tool_use_id: id, content: text, is_error: isError };
}
`;

// Without their types, everything would compile.
const wrong = [
  use.replace('jsonSchema<object>(inputSchema)', '3'),
  use.replace('all.map(toOpenAi)', 'all.map(toAnthropic)'),
  use.replace('all.map(toOpenAiResponses)', 'all'),
  use.replace('all.map(toAnthropic)', 'all.map(toOpenAi)'),
];

/** Errors of a module that passes the tools to the AI SDK, OpenAI and Anthropic, and wrong modules that compile. */
export function modelProblems(consumer: Consumer): number {
  for (const name of packages) consumer.link(name);
  const errorsOf = (code: string) => consumer.compile('7', code, true, libraries).errors;
  const errors = errorsOf(use);
  for (const error of errors) console.error(error);
  return errors.length + wrong.filter((code) => errorsOf(code).length === 0).length;
}
