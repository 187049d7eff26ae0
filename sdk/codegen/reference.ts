// Prints the reference of the facade, for people (API.md) and for language models (llms.txt).
import {
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  type OperationDefinitionNode,
  print,
  printType,
  typeFromAST,
} from 'graphql';
import { methodOf } from './api.ts';
import { argumentsOf } from './arguments.ts';

const oneLine = (text: string | null | undefined) => (text ?? '').replaceAll('\n', ' ');

export function printReference(
  schema: GraphQLSchema,
  operations: OperationDefinitionNode[],
  fragments: FragmentDefinitionNode[],
): string {
  const entries = operations.map((operation) => {
    const { noun, name, described, isList } = methodOf(schema, operation);
    const passedTo = argumentsOf(schema, operation);
    const takes = variablesOf(operation, isList).map(({ variable, type, defaultValue }) => {
      const { value } = variable.name;
      const otherwise = defaultValue ? ` = ${print(defaultValue)}` : '';
      // The operation's default may differ from the schema's, so the description must not repeat the latter.
      const description = oneLine(passedTo.get(value)?.description).replace(otherwise && / ?Defaults to [^.]+\./, '');
      return `- \`${value}: ${print(type)}${otherwise}\` ${description}`;
    });
    const text = [
      `### \`${noun}.${name}\``,
      '',
      oneLine(described.description),
      ...(described.deprecationReason ? ['', `**Deprecated.** ${described.deprecationReason}`] : []),
      '',
      `Operation \`${operation.name?.value}\`${isList ? ', a paginated list' : ''}.${takes.length > 0 ? ' Variables:' : ''}`,
      ...(takes.length > 0 ? ['', ...takes] : []),
      '',
      '```graphql',
      print(operation),
      '```',
    ];
    return { noun, text: text.join('\n') };
  });
  const nouns = [...new Set(entries.map(({ noun }) => noun))].sort();
  return [
    '# Reference',
    '',
    'Generated from `schema.graphql` and `operations/`. Every operation is a method of `createApi` and a document of `@rapport/sdk/ops` and',
    '`@rapport/sdk/ops-hash`. Variables and results are typed, and your editor shows their descriptions. Every method has a `.safe` variant.',
    'A single variable is passed directly instead of in an object. Fragments and inputs are listed at the end.',
    ...nouns.map((noun) =>
      [`\n## ${noun}`, ...entries.filter((entry) => entry.noun === noun).map(({ text }) => text)].join('\n\n'),
    ),
    '',
    '## Fragments',
    '',
    '```graphql',
    fragments.map((fragment) => print(fragment)).join('\n\n'),
    '```',
    '',
    '## Inputs',
    '',
    '```graphql',
    inputsOf(schema, operations).map(printType).join('\n\n'),
    '```',
    '',
  ].join('\n');
}

// Leaves out variables that the client sets itself, and those that make no sense when a list is read forward.
function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, isList: boolean) {
  const others = ['idempotencyKey', ...(isList ? ['last', 'before'] : [])];
  return variableDefinitions.filter(({ variable }) => !others.includes(variable.name.value));
}

// Returns the input types of all variables, including nested ones, by name.
function inputsOf(schema: GraphQLSchema, operations: OperationDefinitionNode[]): GraphQLNamedType[] {
  const found = new Map<string, GraphQLNamedType>();
  const add = (type: GraphQLNamedType | undefined) => {
    if (!type || found.has(type.name) || !(isInputObjectType(type) || isEnumType(type))) return;
    found.set(type.name, type);
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) add(getNamedType(field.type));
  };
  for (const { variableDefinitions = [] } of operations)
    for (const { type } of variableDefinitions) add(getNamedType(typeFromAST(schema, type as never)));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function printForModels(schema: GraphQLSchema, operations: OperationDefinitionNode[]): string {
  const methods = operations.map((operation) => {
    const { noun, name, described } = methodOf(schema, operation);
    return `- \`${noun}.${name}\` (\`${operation.name?.value}\`): ${oneLine(described.description)}`;
  });
  return [
    '# @rapport/sdk',
    '',
    '> Typed client for the Rapport customer-relationship API: customers, their orders, preferences, consents and conversations. No',
    '> dependencies; runs on Node 20, in browsers and on edge runtimes. `createApi({ url, token })` from `@rapport/sdk/api` has a method for each operation;',
    '> `createClient({ url, token }).request(Document, variables)` from `@rapport/sdk` sends one document from `@rapport/sdk/ops`.',
    '> A request rejects with a `RapportError` if any part fails: `errors` has every error with `path`, `code` and `field`, `data` the',
    '> parts that succeeded. A method’s `.safe` returns `{ ok, data }` or `{ ok, error }` and never throws.',
    '',
    '## Documents',
    '',
    '- [README](README.md): a working example in ten lines, errors, partial failures, retries, deadlines, IDs',
    '- [Recipes](RECIPES.md): React, the TanStack Query cache, Next, a web page, an integration, an agent tool, tests, custom selections',
    '- [Reference](API.md): every operation with its variables and result',
    '- `@rapport/sdk/schema.graphql`: the full schema',
    '- `@rapport/sdk/tools`: `createTools({ url, token })` has the tools of the MCP server as function tools for models; `toOpenAi`,',
    '  `toOpenAiResponses` and `toAnthropic` describe them, and `run(name, arguments)` runs a call',
    '',
    '## Methods',
    '',
    ...methods.sort(),
    '',
  ].join('\n');
}
