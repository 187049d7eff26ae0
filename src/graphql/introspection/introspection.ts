import {
  type DefinitionNode,
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  getIntrospectionQuery,
  Kind,
  OperationTypeNode,
  parse,
  print,
  visit,
} from 'graphql';
import { DomainError } from '../../lib/errors.ts';
import type { Limits } from '../../lib/limits.ts';
import type { Viewer } from '../context.ts';
import { checkCost } from '../cost/limits.ts';
import type { RunningOperation } from '../documents/operation.ts';
import { introspectedObjects, isIntrospective } from './introspection-cost.ts';
import { asksForSchemaOnly, introspectionPlan } from './introspection-plan.ts';

/**
 * Answers introspection queries. If introspection is open, no key is required, so GraphiQL can load the schema before a
 * key is entered. Otherwise only API keys may run it: a customer token is part of a page that anyone can read.
 */
export class Introspection {
  readonly #schema: GraphQLSchema;
  readonly #isOpen: boolean;
  readonly #limits: Limits;
  readonly #standard: StandardIntrospection;

  constructor(schema: GraphQLSchema, isOpen: boolean, limits: Limits) {
    this.#schema = schema;
    this.#isOpen = isOpen;
    this.#limits = limits;
    this.#standard = new StandardIntrospection(schema);
  }

  /** Throws FORBIDDEN if the caller may not run the introspection of an operation. */
  authorize(running: RunningOperation, { kind }: Viewer): void {
    if (this.#isOpen || kind !== 'CUSTOMER' || !isIntrospective(running)) return;
    throw new DomainError('FORBIDDEN', 'Customer tokens cannot run introspection. Use an API key.');
  }

  /**
   * Returns the data for a caller without a key, as JSON. Null if the caller needs one. Throws QUERY_TOO_COMPLEX if it
   * exceeds the cost limit of a request.
   */
  answerWithoutKey(document: DocumentNode, running: RunningOperation, variables: Variables): Buffer | null {
    if (!this.#isOpen || !isIntrospective(running) || !document.definitions.every(isOfSchema)) return null;
    checkCost(introspectedObjects(this.#schema, running, variables), this.#limits);
    return this.answer(running, variables);
  }

  /** Returns the data as JSON. Null if the operation selects more than the schema, or if its variables are invalid. */
  answer(running: RunningOperation, variables: Variables): Buffer | null {
    if (!isIntrospective(running)) return null;
    const standard = this.#standard.of(running.document);
    if (standard || !asksForSchemaOnly(running.operation.selectionSet)) return standard;
    const plan = introspectionPlan(this.#schema, running, variables);
    return plan && Buffer.from(plan.json(this.#schema));
  }
}

type Variables = Record<string, unknown>;

function isOfSchema(definition: DefinitionNode): boolean {
  if (definition.kind !== Kind.OPERATION_DEFINITION) return definition.kind === Kind.FRAGMENT_DEFINITION;
  return definition.operation === OperationTypeNode.QUERY && asksForSchemaOnly(definition.selectionSet);
}

/** Cached responses to the standard introspection query of tools, one for each of its variants. */
class StandardIntrospection {
  readonly #schema: GraphQLSchema;
  readonly #answers = new Map<string, Buffer>();
  readonly #known = new WeakMap<DocumentNode, string | null>();
  #variants: Set<string> | null = null;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Returns the data. Null if the document is not a standard introspection query. */
  of(document: DocumentNode): Buffer | null {
    const variant = this.#variantOf(document);
    if (variant === null) return null;
    const answer =
      this.#answers.get(variant) ?? Buffer.from(JSON.stringify(executeSync({ schema: this.#schema, document }).data));
    this.#answers.set(variant, answer);
    return answer;
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
