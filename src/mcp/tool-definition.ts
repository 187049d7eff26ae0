import { z } from 'zod';
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
  for (const keyword of ['minLength', 'maxLength', 'maxItems', 'propertyNames']) delete schema[keyword];
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.enum !== undefined) delete schema.type;
  const nullable = nullableOf(schema.anyOf);
  if (nullable) {
    delete schema.anyOf;
    Object.assign(schema, nullable);
  }
  if (io === 'input') return;
  // TypeScript checks that data has all these fields. Below the first level, their names speak for themselves.
  for (const keyword of ['additionalProperties', 'required']) delete schema[keyword];
  const depth = path.filter((each) => each === 'properties').length;
  if (depth > 0 && schema.properties) delete schema.type;
  if (depth > 1) for (const keyword of Object.keys(schema)) delete schema[keyword];
}

// `{ anyOf: [{ type: 'string' }, { type: 'null' }] }` is `{ type: ['string', 'null'] }`.
function nullableOf(anyOf: unknown): object | null {
  if (!Array.isArray(anyOf) || anyOf.length !== 2 || anyOf[1]?.type !== 'null') return null;
  const { type, enum: values, ...rest } = anyOf[0];
  return typeof type === 'string' && values === undefined ? { type: [type, 'null'], ...rest } : null;
}
