import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type DocumentNode,
  type GraphQLInputType,
  GraphQLInt,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  parse,
  typeFromAST,
} from 'graphql';
import { expect, it } from 'vitest';
import { costOf as requestedCost } from '../src/graphql/cost/limits.ts';
import { operationOf } from '../src/graphql/documents/operation.ts';
import { encodeId } from '../src/lib/ids.ts';
import { defaultLimits, maxPageSize } from '../src/lib/limits.ts';
import { schema } from '../src/server/schema.ts';

const shipped = JSON.parse(readFileSync('sdk/persisted.json', 'utf8')) as Record<string, string>;
const documents = new Map(
  Object.values(shipped)
    .map((text) => parse(text))
    .map((document) => [getOperationAST(document)?.name?.value ?? '', document]),
);
const names = [...documents.keys()];

it.each(names)('runs %s of the SDK within half the cost limit of a request', (name) => {
  const cost = costOf(name);

  expect(cost).toBeGreaterThan(0);
  expect(cost).toBeLessThanOrEqual(defaultLimits.cost / 2);
});

it.each(names)('runs %s of the SDK with the largest allowed pages', (name) => {
  expect(costOf(name, maxPageSize)).toBeLessThanOrEqual(defaultLimits.cost);
});

it.each(names.filter((name) => definitionOf(name).operation === 'mutation'))(
  'lets a key send %s of the SDK ten thousand times per minute',
  (name) => {
    expect(costOf(name)).toBeLessThanOrEqual(defaultLimits.costPerMinute / 10_000);
  },
);

function documentOf(name: string): DocumentNode {
  const document = documents.get(name);
  if (!document) throw new Error(`The SDK has no operation ${name}.`);
  return document;
}

function definitionOf(name: string): OperationDefinitionNode {
  return getOperationAST(documentOf(name)) as OperationDefinitionNode;
}

// Returns variables with everything required, and with pages of this size if the operation is paginated.
function costOf(name: string, first?: number): number {
  const operation = definitionOf(name);
  const variables = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, type }) => {
      const input = typeFromAST(schema, type as never) as GraphQLInputType;
      if (input === GraphQLInt && first !== undefined) return [[variable.name.value, first]];
      return isNonNullType(input) ? [[variable.name.value, exampleOf(input)]] : [];
    }),
  );
  const running = operationOf(documentOf(name), name);
  return running ? requestedCost(schema, running, variables) : 0;
}

const scalars: Record<string, unknown> = {
  String: 'text',
  ID: encodeId('Customer', randomUUID()),
  Int: 1,
  Float: 1,
  Boolean: true,
  Decimal: '1',
  DateTime: '2026-01-01T00:00:00Z',
  CurrencyCode: 'GBP',
  CountryCode: 'GB',
  Locale: 'en',
  TimeZone: 'Europe/London',
  LocalTime: '10:00',
};

function exampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return exampleOf(type.ofType);
  if (isListType(type)) return [exampleOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return scalars[type.name];
  const fields = Object.values(type.getFields());
  const given = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
  return Object.fromEntries(given.map((field) => [field.name, exampleOf(field.type)]));
}
