import { type GraphQLSchema, getVariableValues } from 'graphql';
import type { RootField } from '../../query/query-plans.ts';
import type { Variables } from '../../query/selection.ts';
import type { Context } from '../context.ts';
import { bytesOf } from '../documents/document-size.ts';
import { fragmentsOf, type RunningOperation } from '../documents/operation.ts';

type RequestParts = Omit<RootField<Context>, 'parent' | 'key' | 'nodes'>;

/** Returns what the plans of all root fields of a request have in common. */
export function requestParts({ id, document }: RunningOperation, variables: Variables, context: Context): RequestParts {
  const { scopes } = context.viewer;
  return {
    cacheKey: `${id} ${cacheKeyOf(variables, scopes)}`,
    documentBytes: bytesOf(document),
    fragments: fragmentsOf(document),
    variables,
    scopes,
    context,
  };
}

/** Coerces the variables of an operation. Null if any of them is invalid. */
export function variablesOf(
  schema: GraphQLSchema,
  { operation }: RunningOperation,
  given: Record<string, unknown>,
): Variables | null {
  return getVariableValues(schema, operation.variableDefinitions ?? [], given ?? {}).coerced ?? null;
}

const scopeKeys = new WeakMap<ReadonlySet<string>, string>();

// Returns what a plan depends on: the Boolean variables, which control directives, and the caller's scopes.
function cacheKeyOf(variables: Variables, scopes: ReadonlySet<string>): string {
  const scopeKey = scopeKeys.get(scopes) ?? [...scopes].join();
  scopeKeys.set(scopes, scopeKey);
  let included = '';
  for (const name in variables) if (typeof variables[name] === 'boolean') included += `${name} ${variables[name]} `;
  return included + scopeKey;
}
