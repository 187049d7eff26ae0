import * as z from 'zod';
import type { Effect, Tool } from './tool.ts';

/** Definition of a tool as JSON, as `tools/list` sends it. */
export type ToolDefinition = {
  name: string;
  title: string;
  description: string;
  inputSchema: { type: 'object'; [keyword: string]: unknown };
  outputSchema: { type: 'object'; [keyword: string]: unknown };
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: false };
  _meta?: { ui: { resourceUri: string } };
};

// A repeated write has no further effect, because it has an idempotency key.
const hints: Record<Effect, Omit<ToolDefinition['annotations'], 'openWorldHint'>> = {
  READ: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  ADD: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  CHANGE: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
};

const known = new WeakMap<Tool, ToolDefinition>();

export function definitionOf(tool: Tool): ToolDefinition {
  const { name, title, description, input, output, effect, app } = tool;
  const definition = known.get(tool) ?? {
    name,
    title,
    description,
    inputSchema: schemaOf(input, 'input'),
    outputSchema: schemaOf(output, 'output'),
    annotations: { ...hints[effect], openWorldHint: false },
    ...(app !== undefined && { _meta: { ui: { resourceUri: app } } }),
  };
  known.set(tool, definition);
  return definition;
}

// Every keyword is paid for in each conversation, so those that say nothing are left out.
function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): ToolDefinition['inputSchema'] {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema, path }) => shorten(jsonSchema, io, path),
  });
  return { ...rest, type: 'object' };
}

function shorten(schema: Record<string, unknown>, io: 'input' | 'output', path: (string | number)[]): void {
  const depth = path.filter((each) => each === 'properties').length;
  if (io === 'output') keepNames(schema, depth);
  else shortenInput(schema);
}

// The server refuses what these keywords rule out, and says what to send instead.
const refused = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'additionalProperties'];

function shortenInput(schema: Record<string, unknown>): void {
  for (const keyword of refused) delete schema[keyword];
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.enum !== undefined) delete schema.type;
}

// TypeScript checks the data against the whole schema. For models, the names of its first two levels speak for
// themselves. Without a type, `properties` and `items` also allow null.
function keepNames(schema: Record<string, unknown>, depth: number): void {
  const [member] = (schema.anyOf ?? []) as Record<string, unknown>[];
  const { properties, items, description } = member ?? schema;
  for (const keyword of Object.keys(schema)) delete schema[keyword];
  if (depth > 1) return;
  if (properties) Object.assign(schema, { properties });
  if (items) Object.assign(schema, { items });
  if (description) Object.assign(schema, { description });
}
