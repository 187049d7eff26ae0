/** A JSON Schema of draft 2020-12, with the keywords that the tools use. Draft 7 has the same keywords. */
export type JsonSchema = {
  type?: JsonType | JsonType[];
  description?: string;
  properties?: { [name: string]: JsonSchema };
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: (string | number | boolean | null)[];
  const?: string | number | boolean | null;
  default?: string | number | boolean | null;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  format?: string;
  pattern?: string;
};

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** A tool as the server describes it to models. */
export type ToolDefinition = {
  /** Name that models call, such as `get_customer_context`. */
  name: string;
  /** Name that people read. */
  title: string;
  description: string;
  /** Schema of the arguments. */
  inputSchema: JsonSchema & { type: 'object' };
  /** Schema of `data` in the result. */
  outputSchema: JsonSchema & { type: 'object' };
  annotations: ToolAnnotations;
  /** App that shows the result in clients of MCP that render apps. */
  _meta?: { ui: { resourceUri: string } };
};

export type ToolAnnotations = {
  /** The tool changes nothing. */
  readOnlyHint: boolean;
  /** The tool changes or ends something that exists, such as an order. */
  destructiveHint: boolean;
  /** Repeating a call changes nothing further. */
  idempotentHint: boolean;
  /** The tool reaches beyond the workspace. Always false. */
  openWorldHint: boolean;
};
