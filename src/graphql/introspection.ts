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
 * Answers introspection queries. If introspection is open, no key is required, so GraphiQL can load the schema before a
 * key is entered. Otherwise only API keys may run it: a customer token is part of a page that anyone can read.
 */
export function useIntrospection(schema: GraphQLSchema, isOpen: boolean, limits: Limits): Plugin<Context> {
  const answers = new StandardAnswers(schema);
  // Null if an operation selects more than the schema, or if its variables are invalid.
  const answerOf = (running: RunningOperation, variables: Record<string, unknown>) => {
    const plan = asksForSchemaOnly(running.operation.selectionSet) && introspectionPlan(schema, running, variables);
    return plan && resultOf(Buffer.from(plan.json(schema)), []);
  };
  return {
    onParams({ request, params: { query, operationName, variables = {} }, setResult }) {
      if (!isOpen || request.headers.has('authorization') || !query?.includes('__schema')) return;
      // All other requests without a key are rejected later, during authentication.
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
        const message = 'Customer tokens cannot run introspection. Use an API key.';
        setResultAndStopExecution({ errors: [refusal(new DomainError('FORBIDDEN', message))] });
        return;
      }
      const answer = answers.of(document) ?? answerOf(running, { ...variableValues });
      if (answer) setExecuteFn(() => answer);
    },
  };
}

// Parses a document. Null unless all its operations are queries that select only the schema.
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

/** Cached responses to the standard introspection query of tools, one for each of its variants. */
class StandardAnswers {
  readonly #schema: GraphQLSchema;
  readonly #answers = new Map<string, Buffer>();
  readonly #known = new WeakMap<DocumentNode, string | null>();
  #variants: Set<string> | null = null;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Returns the response. Null if the document is not a standard introspection query. */
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

// The standard query and its three fragments.
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

// Prints a document without operation names, which differ between tools.
function normalized(document: DocumentNode): string {
  return print(visit(document, { OperationDefinition: (node) => ({ ...node, name: undefined }) }));
}
