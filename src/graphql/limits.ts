import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { DomainError } from '../lib/errors.ts';
import type { Limits } from '../lib/limits.ts';
import type { Context } from './context.ts';
import { refusal } from './errors.ts';
import { operationOf } from './operation.ts';

/** Takes the points of a request off what its key may spend, and says what is left; or refuses. */
export type Spend = (context: Context, points: number) => Promise<{ remaining: number; resetAt: Date }>;

/**
 * Refuses with QUERY_TOO_COMPLEX what asks for too much, and with RATE_LIMITED what a key asks for too often, before
 * anything of it runs; says the cost of what ran.
 */
export function useLimits(limits: Limits, spend: Spend): Plugin<Context> {
  return {
    onParse: ({ setParseFn }) =>
      setParseFn((source: string, options: object) => {
        const document = parseWithin(limits.tokens, source, options);
        checkSize(document, limits);
        return document;
      }),
    async onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, schema, variableValues, contextValue } = args;
      const running = operationOf(document, operationName);
      if (!running) return undefined;
      const variables = { ...variableValues };
      const { complexity: requested } = complexityFromQuery(running.alone, { schema, ctx: contextValue, variables });
      const asked = { requested, limit: limits.cost };
      const refuse = (error: GraphQLError) =>
        setResultAndStopExecution({ errors: [error], extensions: { cost: asked } });
      if (requested > limits.cost) {
        refuse(tooComplex('points', limits.cost, requested));
        return undefined;
      }
      const allowance = await spend(contextValue, Math.max(requested, 1)).catch((error: unknown) => {
        if (error instanceof DomainError) return refuse(refusal(error));
        throw error;
      });
      if (!allowance) return undefined;
      const cost = { ...asked, ...allowance };
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result)) setResult({ ...result, extensions: { ...result.extensions, cost } });
        },
      };
    },
  };
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
    throw isTooLong ? tooComplex('tokens', maxTokens) : error;
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
      if (number > limit) throw tooComplex(what, limit, number);
    }
  }
}

function tooComplex(what: string, limit: number, requested?: number): GraphQLError {
  const asked = requested === undefined ? '' : `, and this asks for ${requested}`;
  return refusal(new DomainError('QUERY_TOO_COMPLEX', `One request may have ${limit} ${what}${asked}.`));
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

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
}
