// Prints the reference of the facade, for people (API.md) and for models (llms.txt).
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
      // The operation says what holds unless told.
      const description = oneLine(passedTo.get(value)?.description).replace(otherwise && /; \w+ unless told/, '');
      return `- \`${value}: ${print(type)}${otherwise}\` ${description}`;
    });
    const text = [
      `### \`${noun}.${name}\``,
      '',
      oneLine(described.description),
      ...(described.deprecationReason ? ['', `**Deprecated.** ${described.deprecationReason}`] : []),
      '',
      `Operation \`${operation.name?.value}\`${isList ? '; a list, read page by page' : ''}.${takes.length > 0 ? ' Variables:' : ''}`,
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
    '`@rapport/sdk/ops-hash`. What a variable takes and an answer holds is typed, and described where your editor shows it. A method has',
    '`.safe`; where there is a single variable, it is given by itself. What the fragments and inputs are stands at the end.',
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

// What a method takes: the rest is the client's, or has no place in a list that is read onwards.
function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, isList: boolean) {
  const others = ['idempotencyKey', ...(isList ? ['last', 'before'] : [])];
  return variableDefinitions.filter(({ variable }) => !others.includes(variable.name.value));
}

// The types of variables, and of the fields of those, by their names.
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
    '> Typed client of the Rapport customer-relationship API: customers, what they bought, prefer and allow, and what was said. No',
    '> dependencies; Node 20, browsers, edge runtimes. `createApi({ url, token })` from `@rapport/sdk/api` has a method for each operation;',
    '> `createClient({ url, token }).request(Document, variables)` from `@rapport/sdk` sends one document of `@rapport/sdk/ops`.',
    '> A request rejects with a `RapportError` if any part fails: `errors` has every error with `path`, `code` and `field`, `data` the',
    '> parts that succeeded. `.safe` of a method returns `{ ok, data }` or `{ ok, error }` and never throws.',
    '',
    '## Documents',
    '',
    '- [README](README.md): ten lines that work, errors, partial failures, retries, deadlines, ids',
    '- [Recipes](RECIPES.md): React, TanStack Query’s cache, Next, a page, an integrator, an agent’s tool, tests, a selection of your own',
    '- [Reference](API.md): every operation with its variables and what it answers',
    '- `@rapport/sdk/schema.graphql`: the whole schema',
    '',
    '## Methods',
    '',
    ...methods.sort(),
    '',
  ].join('\n');
}
