import {
  BREAK,
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { DomainError } from '../lib/errors.ts';
import type { Context } from './context.ts';
import { refusal } from './errors.ts';

/**
 * Who is told of the schema. Where it is open, whoever asks, without a key too, so that GraphiQL shows what there is
 * before one is entered. Where it is closed, keys alone: a customer's token stands in a page that anybody can read.
 */
export function useIntrospection(schema: GraphQLSchema, isOpen: boolean): Plugin<Context> {
  return {
    onParams({ request, params: { query, operationName, variables: variableValues }, setResult }) {
      if (!isOpen || request.headers.has('authorization')) return;
      const document = introspectionIn(query);
      // Whatever else a stranger sends is refused where it always is.
      if (!document || validate(schema, document).length > 0) return;
      setResult(executeSync({ schema, document, operationName, variableValues }));
    },
    onExecute({ args: { document, contextValue }, setResultAndStopExecution }) {
      if (isOpen || contextValue.viewer.kind !== 'CUSTOMER' || !namesSchema(document)) return;
      const message = 'A customer’s token is not told of the schema.';
      setResultAndStopExecution({ errors: [refusal(new DomainError('FORBIDDEN', message))] });
    },
  };
}

const ofSchema = new Set(['__schema', '__type', '__typename']);

// A document of queries that ask for the schema and nothing else.
function introspectionIn(query: string | undefined): DocumentNode | null {
  if (!query?.includes('__schema')) return null;
  const document = parsed(query);
  const isAlone = document?.definitions.every(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.QUERY &&
        definition.selectionSet.selections.every((each) => each.kind === Kind.FIELD && ofSchema.has(each.name.value))),
  );
  return isAlone && document ? document : null;
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}

function namesSchema(document: DocumentNode): boolean {
  let isNamed = false;
  visit(document, {
    Field({ name: { value } }) {
      isNamed ||= value === '__schema' || value === '__type';
      return isNamed ? BREAK : undefined;
    },
  });
  return isNamed;
}
