// Prints the reference of the facade, for people (API.md) and for models (llms.txt).
import { type GraphQLSchema, type OperationDefinitionNode, print } from 'graphql';
import { methodOf } from './api.ts';
import { argumentsOf } from './arguments.ts';

const oneLine = (text: string | null | undefined) => (text ?? '').replaceAll('\n', ' ');

export function printReference(schema: GraphQLSchema, operations: OperationDefinitionNode[]): string {
  const entries = operations.map((operation) => {
    const { noun, name, described, isList } = methodOf(schema, operation);
    const variables = operation.variableDefinitions ?? [];
    const passedTo = argumentsOf(schema, operation);
    const takes = variables.map(({ variable, type }) => {
      const { value } = variable.name;
      return `- \`${value}: ${print(type)}\` ${oneLine(passedTo.get(value)?.description)}`;
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
    '`.safe`; where there is a single variable besides `idempotencyKey`, it is given by itself.',
    ...nouns.map((noun) =>
      [`\n## ${noun}`, ...entries.filter((entry) => entry.noun === noun).map(({ text }) => text)].join('\n\n'),
    ),
    '',
  ].join('\n');
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
    '',
    '## Documents',
    '',
    '- [README](README.md): ten lines that work, errors, retries, deadlines, ids',
    '- [Recipes](RECIPES.md): React, Next, a page, an integrator, an agent’s tool, tests, a selection of your own',
    '- [Reference](API.md): every operation with its variables and what it answers',
    '- `@rapport/sdk/schema.graphql`: the whole schema',
    '',
    '## Methods',
    '',
    ...methods.sort(),
    '',
  ].join('\n');
}
