import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { inexactNumber, isExact } from '../lib/json.ts';
import type { Limits } from '../lib/limits.ts';
import { attempt, refused } from '../lib/written.ts';
import type { Context } from './context.ts';
import { withoutTokens } from './documents.ts';
import { refusal } from './errors.ts';
import { introspectedObjects, isIntrospective } from './introspection-cost.ts';
import { declaredOf, fragmentsOf, operationOf, type RunningOperation } from './operation.ts';
import { repeatedPairs } from './repeats.ts';

/** Takes the points of a request off what its key may spend, and says what is left; or refuses. */
export type Spend = (context: Context, points: number) => Promise<{ remaining: number; resetAt: Date }>;

type Variables = Record<string, unknown>;

/** What a request costs, and what its key has left. */
export type Cost = { requested: number; limit: number; remaining: number; resetAt: Date };

/** Takes what a request costs off its key; QUERY_TOO_COMPLEX or RATE_LIMITED where it is too much. */
export type Charge = (context: Context, running: RunningOperation, variables: Variables) => Promise<Cost>;

export function chargeWithin(schema: GraphQLSchema, limits: Limits, spend: Spend): Charge {
  return async (context, running, variables) => {
    const requested = costOf(schema, running, variables, context);
    if (requested > limits.cost) throw tooComplex('points', limits.cost, requested);
    return { requested, limit: limits.cost, ...(await spend(context, Math.max(requested, 1))) };
  };
}

/**
 * Refuses with QUERY_TOO_COMPLEX what asks for too much, and with RATE_LIMITED what a key asks for too often, before
 * anything of it runs; says the cost of what ran.
 */
export function useLimits(limits: Limits, charge: Charge): Plugin<Context> {
  return {
    onParse: ({ setParseFn }) =>
      setParseFn((source: string, options: object) => documentWithin(limits, source, options)),
    async onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, schema, variableValues, contextValue } = args;
      const running = operationOf(document, operationName);
      if (!running) return undefined;
      const variables = attempt(() => declaredOf(running, { ...variableValues }));
      if (refused(variables)) return setResultAndStopExecution({ errors: [refusal(variables)] });
      const cost = await charge(contextValue, running, variables).catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
        const requested = costOf(schema, running, variables, contextValue);
        setResultAndStopExecution({
          errors: [refusal(error)],
          extensions: { cost: { requested, limit: limits.cost } },
        });
      });
      if (!cost) return undefined;
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result)) setResult({ ...result, extensions: { ...result.extensions, cost } });
        },
      };
    },
  };
}

/** The document of a text; QUERY_TOO_COMPLEX where it is longer, deeper or wider than the limits. */
export function documentWithin(limits: Limits, source: string, options: object = {}): DocumentNode {
  const document = withoutTokens(parseWithin(limits.tokens, source, options));
  checkSize(document, limits);
  const pairs = repeatedPairs(document, limits.repeats, limits.depth);
  if (pairs > limits.repeats) throw refusal(tooComplex('pairs of fields with one response name', limits.repeats));
  checkNumbers(document);
  return document;
}

const costs = new LRUCache<string, number>({
  maxSize: cacheBytes.costs,
  maxEntrySize: 10_000,
  sizeCalculation: (_cost, key) => 2 * key.length + 100,
});

// It depends on numbers and on what is given, never on what a text says; but for the name of a type of the schema.
function costOf(schema: GraphQLSchema, running: RunningOperation, variables: Variables, ctx: Context): number {
  const asksForSchema = isIntrospective(running);
  const shape = JSON.stringify(variables, (_name, value) => (typeof value === 'string' && !asksForSchema ? '' : value));
  const key = `${running.id} ${shape}`;
  const known = costs.get(key);
  if (known !== undefined) return known;
  const { complexity } = complexityFromQuery(running.alone, { schema, ctx, variables });
  const cost = complexity + (asksForSchema ? introspectedObjects(schema, running, variables) : 0);
  costs.set(key, cost);
  return cost;
}

/** Makes leaves free that name no cost of their own: whoever asks for an object has paid for it. */
export function withFreeLeaves(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const declared = field.extensions.pothosOptions as { complexity?: unknown } | undefined;
      if (isLeafType(getNamedType(field.type)) && declared?.complexity === undefined)
        field.extensions = { ...field.extensions, complexity: 0 };
    }
  }
  return schema;
}

function parseWithin(maxTokens: number, source: string, options: object): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens });
  } catch (error) {
    // It may run out of stack before it has read so many.
    const isTooLong =
      error instanceof RangeError || (error instanceof Error && /more that \d+ tokens/.test(error.message));
    throw isTooLong ? refusal(tooComplex('tokens', maxTokens)) : error;
  }
}

function checkSize(document: DocumentNode, limits: Limits): void {
  const measure = measurer(fragmentsOf(document));
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { fields, depth, aliases, directives: within } = measure(definition.selectionSet);
    const mutations = definition.operation === 'mutation' ? fields : 0;
    const size = { depth, aliases, directives: within + (definition.directives?.length ?? 0), mutations };
    for (const [what, number] of Object.entries(size)) {
      const limit = limits[what as keyof typeof size];
      if (number > limit) throw refusal(tooComplex(what, limit, number));
    }
  }
}

// graphql-js reads them into doubles, and what would be stored is another number.
function checkNumbers(document: DocumentNode): void {
  const check = ({ value }: { value: string }) => {
    if (!isExact(value)) throw refusal(invalid(inexactNumber));
  };
  visit(document, { IntValue: check, FloatValue: check });
}

/** QUERY_TOO_COMPLEX where what an operation asks of the schema is more than one request may ask for. */
export function checkIntrospection(
  schema: GraphQLSchema,
  running: RunningOperation,
  variables: Variables,
  limits: Limits,
) {
  const objects = introspectedObjects(schema, running, variables);
  if (objects > limits.cost) throw tooComplex('points', limits.cost, objects);
}

function tooComplex(what: string, limit: number, requested?: number): DomainError {
  const asked = requested === undefined ? '' : `, and this asks for ${requested}`;
  return new DomainError('QUERY_TOO_COMPLEX', `One request may have ${limit} ${what}${asked}.`);
}

/** `fields` are those of the outermost level. */
type Size = { fields: number; depth: number; aliases: number; directives: number };

// Each fragment is measured once, and counts as often as it is spread. One that spreads itself counts nothing here:
// another rule refuses it.
function measurer(fragments: Map<string, FragmentDefinitionNode>): (selectionSet: SelectionSetNode) => Size {
  const nothing: Size = { fields: 0, depth: 0, aliases: 0, directives: 0 };
  const known = new Map<string, Size>();

  function measure({ selections }: SelectionSetNode): Size {
    const sizes = selections.map((selection): Size => {
      const within = selection.kind === Kind.FRAGMENT_SPREAD ? spread(selection.name.value) : withinOf(selection);
      const isField = selection.kind === Kind.FIELD;
      return {
        fields: isField ? 1 : within.fields,
        depth: within.depth + (isField ? 1 : 0),
        aliases: within.aliases + (isField && selection.alias ? 1 : 0),
        directives: within.directives + (selection.directives?.length ?? 0),
      };
    });
    return sizes.reduce(
      (sum, each) => ({
        fields: sum.fields + each.fields,
        depth: Math.max(sum.depth, each.depth),
        aliases: sum.aliases + each.aliases,
        directives: sum.directives + each.directives,
      }),
      nothing,
    );
  }

  function withinOf({ selectionSet }: { selectionSet?: SelectionSetNode | undefined }): Size {
    return selectionSet ? measure(selectionSet) : nothing;
  }

  function spread(name: string): Size {
    const size = known.get(name);
    if (size) return size;
    known.set(name, nothing);
    const fragment = fragments.get(name);
    if (fragment) known.set(name, measure(fragment.selectionSet));
    return known.get(name) ?? nothing;
  }

  return measure;
}
