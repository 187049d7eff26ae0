import type { JsonSchema, ToolDefinition } from './definition.ts';

/** Returns a tool for the Chat Completions API of OpenAI, and for the many APIs that follow it. */
export function toOpenAi({ name, description, inputSchema }: ToolDefinition): {
  type: 'function';
  function: { name: string; description: string; parameters: JsonSchema };
} {
  return { type: 'function', function: { name, description, parameters: inputSchema } };
}

/** Returns a tool for the Responses API of OpenAI. Not strict, because arguments with a default may be left out. */
export function toOpenAiResponses({ name, description, inputSchema }: ToolDefinition): {
  type: 'function';
  name: string;
  description: string;
  parameters: JsonSchema;
  strict: false;
} {
  return { type: 'function', name, description, parameters: inputSchema, strict: false };
}

/** Returns a tool for the Messages API of Anthropic. */
export function toAnthropic({ name, description, inputSchema }: ToolDefinition): {
  name: string;
  description: string;
  input_schema: JsonSchema & { type: 'object' };
} {
  return { name, description, input_schema: inputSchema };
}
