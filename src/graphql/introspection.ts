import {
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  getIntrospectionQuery,
  Kind,
  OperationTypeNode,
  parse,
  print,
  validate,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { DomainError } from '../lib/errors.ts';
import type { Limits } from '../lib/limits.ts';
import type { Context } from './context.ts';
import { isRefusal, refusal } from './errors.ts';
import { isIntrospective } from './introspection-cost.ts';
import { asksForSchemaOnly, introspectionPlan } from './introspection-plan.ts';
import { checkIntrospection, documentWithin } from './limits.ts';
import { operationOf, type RunningOperation } from './operation.ts';
import { resultOf } from './sql-execute.ts';

/**
 * Who is told of the schema. Where it is open, whoever asks, without a key too, so that GraphiQL shows what there is
 * before one is entered. Where it is closed, keys alone: a customer's token stands in a page that anybody can read.
 */
export function useIntrospection(schema: GraphQLSchema, isOpen: boolean, limits: Limits): Plugin<Context> {
  const answers = new StandardAnswers(schema);
  // Null if an operation asks for more than the schema, or if its variables are invalid.
  const answerOf = (running: RunningOperation, variables: Record<string, unknown>) => {
    const plan = asksForSchemaOnly(running.operation.selectionSet) && introspectionPlan(schema, running, variables);
    return plan && resultOf(Buffer.from(plan.json(schema)), []);
  };
  return {
    onParams({ request, params: { query, operationName, variables = {} }, setResult }) {
      if (!isOpen || request.headers.has('authorization') || !query?.includes('__schema')) return;
      // Whatever else a stranger sends is refused where it always is.
      const document = introspectionIn(query, limits);
      const running = document && operationOf(document, operationName);
      if (!document || !running || validate(schema, document).length > 0) return;
      checkIntrospection(schema, running, variables, limits);
      const answer = answers.of(document) ?? answerOf(running, variables);
      if (answer) setResult(answer);
    },
    onExecute({
      args: { document, operationName, contextValue, variableValues },
      setExecuteFn,
      setResultAndStopExecution,
    }) {
      const running = operationOf(document, operationName);
      if (!running || !isIntrospective(running)) return;
      if (!isOpen && contextValue.viewer.kind === 'CUSTOMER') {
        const message = 'A customer’s token is not told of the schema.';
        setResultAndStopExecution({ errors: [refusal(new DomainError('FORBIDDEN', message))] });
        return;
      }
      const answer = answers.of(document) ?? answerOf(running, { ...variableValues });
      if (answer) setExecuteFn(() => answer);
    },
  };
}

// A document of queries that ask for the schema and nothing else.
function introspectionIn(query: string, limits: Limits): DocumentNode | null {
  const document = documentOf(query, limits);
  const isAlone = document?.definitions.every(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.QUERY &&
        asksForSchemaOnly(definition.selectionSet)),
  );
  return isAlone && document ? document : null;
}

function documentOf(query: string, limits: Limits): DocumentNode | null {
  try {
    return documentWithin(limits, query);
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** Answers to the introspection query that tools send, in each of its variants. Each is made once. */
class StandardAnswers {
  readonly #schema: GraphQLSchema;
  readonly #answers = new Map<string, Buffer>();
  readonly #known = new WeakMap<DocumentNode, string | null>();
  #variants: Set<string> | null = null;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Null where a document is any other. */
  of(document: DocumentNode) {
    const variant = this.#variantOf(document);
    if (variant === null) return null;
    const answer =
      this.#answers.get(variant) ?? Buffer.from(JSON.stringify(executeSync({ schema: this.#schema, document }).data));
    this.#answers.set(variant, answer);
    return resultOf(answer, []);
  }

  #variantOf(document: DocumentNode): string | null {
    const known = this.#known.get(document);
    if (known !== undefined) return known;
    this.#variants ??= new Set(variants());
    const text = document.definitions.length > mostDefinitions ? '' : normalized(document);
    const variant = this.#variants.has(text) ? text : null;
    this.#known.set(document, variant);
    return variant;
  }
}

// The query and its three fragments.
const mostDefinitions = 4;

function* variants(): Generator<string> {
  const options = [
    'descriptions',
    'specifiedByUrl',
    'directiveIsRepeatable',
    'schemaDescription',
    'inputValueDeprecation',
    'oneOf',
  ];
  for (let chosen = 0; chosen < 2 ** options.length; chosen++) {
    const entries = options.map((name, i) => [name, (chosen & (2 ** i)) !== 0]);
    yield normalized(parse(getIntrospectionQuery(Object.fromEntries(entries))));
  }
}

// Whatever the operation is called.
function normalized(document: DocumentNode): string {
  return print(visit(document, { OperationDefinition: (node) => ({ ...node, name: undefined }) }));
}
