// Prints the facade: a method for each operation, named by the comment above the operation (`# api: orders.list`).
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { commentOf, type Described } from './comment.ts';
import { typesOf } from './types-of.ts';

/** A generated method. `type` is its TypeScript type, `made` the code that creates it. */
type Printed = { noun: string; name: string; comment: string; type: string; made: string };

export function printApi(schema: GraphQLSchema, operations: OperationDefinitionNode[]): string[] {
  const methods = operations.map((operation) => printMethod(schema, operation));
  const nouns = [...new Set(methods.map(({ noun }) => noun))].sort();
  const of = (noun: string, line: (method: Printed) => string) =>
    methods.filter((method) => method.noun === noun).map(line);
  return [
    "import type { RequestOptions } from '../client.ts';",
    "import type { Method, Methods } from '../methods.ts';",
    "import type { Pages } from '../paginate.ts';",
    "import * as ops from './operations.ts';",
    "import type * as types from './types.ts';",
    '',
    '/** All operations of the API, grouped by subject. */',
    'export type Api = {',
    ...nouns.flatMap((noun) => [
      `  /** ${of(noun, ({ name }) => `\`${name}\``).join(', ')}. */`,
      `  readonly ${noun}: {`,
      ...of(noun, ({ name, comment, type }) => `    ${comment}\n    readonly ${name}: ${type};`),
      '  };',
    ]),
    '};',
    '',
    'export function apiOf(methods: Methods): Api {',
    '  return {',
    ...nouns.flatMap((noun) => [
      `    ${noun}: {`,
      ...of(noun, ({ name, made }) => `      ${name}: methods.${made},`),
      '    },',
    ]),
    '  };',
    '}',
  ];
}

function printMethod(schema: GraphQLSchema, operation: OperationDefinitionNode): Printed {
  const name = operation.name?.value ?? '';
  const { noun, name: method, described, path } = methodOf(schema, operation);
  const [data, taken] = typesOf(operation).map((type) => `types.${type}`) as [string, string];
  // The idempotency key is a request option, because the client sets one on every write.
  const variables = (operation.variableDefinitions ?? []).filter(
    ({ variable }) => variable.name.value !== 'idempotencyKey',
  );
  const [only] = variables;
  const isOptional = variables.every(({ type }) => type.kind !== Kind.NON_NULL_TYPE);
  const options = 'options?: RequestOptions';
  const printed = { noun, name: method, comment: commentOf(described) };

  if (path) {
    const node = `${path.reduce((type, key) => `NonNullable<${type}['${key}']>`, data)}['nodes'][number]`;
    const given = `variables${isOptional ? '?' : ''}: Omit<${taken}, 'last' | 'before'>`;
    const keys = path.map((key) => `'${key}'`).join(', ');
    return { ...printed, type: `(${given}, ${options}) => Pages<${node}>`, made: `pages(ops.${name}, ${keys})` };
  }
  const answer = `${data}['${pathToFirst(operation)[0]}']`;
  if (!only) return { ...printed, type: `Method<[${options}], ${answer}>`, made: `plain(ops.${name})` };
  const variable = only.variable.name.value;
  const [given, made] =
    variables.length === 1
      ? [`${variable}: ${taken}['${variable}']`, `single(ops.${name}, '${variable}')`]
      : [`variables${isOptional ? '?' : ''}: ${taken}`, `full(ops.${name})`];
  return { ...printed, type: `Method<[${given}, ${options}], ${answer}>`, made };
}

/** Returns the method name of an operation, and the schema field that describes it. */
export function methodOf(schema: GraphQLSchema, operation: OperationDefinitionNode) {
  const [noun = '', name = ''] = placeOf(operation);
  const path = pathToList(operation.selectionSet);
  const described = fieldAt(schema.getRootType(operation.operation), path ?? pathToFirst(operation));
  return { noun, name, described, path, isList: path !== null };
}

function placeOf({ loc, name }: OperationDefinitionNode): string[] {
  const place = /^ api: (\w+)\.(\w+)$/.exec(loc?.startToken.prev?.value ?? '');
  if (!place) throw new Error(`The operation ${name?.value} needs a comment directly above it: # api: noun.method`);
  return place.slice(1);
}

function fieldsOf({ selections }: SelectionSetNode): FieldNode[] {
  return selections.filter((selection): selection is FieldNode => selection.kind === Kind.FIELD);
}

function pathToFirst({ selectionSet }: OperationDefinitionNode): string[] {
  return fieldsOf(selectionSet)
    .slice(0, 1)
    .map(({ name }) => name.value);
}

// Returns the path to the field that takes the operation's `$after` variable.
function pathToList(selectionSet: SelectionSetNode): string[] | null {
  for (const { name, arguments: given = [], selectionSet: within } of fieldsOf(selectionSet)) {
    if (given.some(({ value }) => value.kind === Kind.VARIABLE && value.name.value === 'after')) return [name.value];
    const path = within && pathToList(within);
    if (path) return [name.value, ...path];
  }
  return null;
}

function fieldAt(root: unknown, path: string[]): Described {
  let [type, field]: [unknown, GraphQLField<unknown, unknown> | undefined] = [root, undefined];
  for (const name of path) {
    field = isObjectType(type) ? type.getFields()[name] : undefined;
    type = field && getNamedType(field.type);
  }
  return field ?? {};
}
