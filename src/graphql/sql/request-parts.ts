import { type GraphQLSchema, getVariableValues, type VariableDefinitionNode, visit } from 'graphql';
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

/**
 * Coerces the variables of an operation, except those that occur only in arguments of its root fields. Null if any of them
 * is invalid.
 */
export function responseVariablesOf(
  schema: GraphQLSchema,
  running: RunningOperation,
  given: Record<string, unknown>,
): Variables | null {
  return getVariableValues(schema, inResponse(running), given).coerced ?? null;
}

const knownInResponse = new WeakMap<RunningOperation, VariableDefinitionNode[]>();

function inResponse(running: RunningOperation): VariableDefinitionNode[] {
  const known = knownInResponse.get(running);
  if (known) return known;
  const names = new Set<string>();
  const { operation, document } = running;
  const roots = new Set<unknown>(operation.selectionSet.selections);
  visit(document, {
    VariableDefinition: () => false,
    Argument: (_node, _key, _siblings, _path, ancestors) => (roots.has(ancestors.at(-1)) ? false : undefined),
    Variable: ({ name }) => {
      names.add(name.value);
    },
  });
  const found = (operation.variableDefinitions ?? []).filter(({ variable }) => names.has(variable.name.value));
  knownInResponse.set(running, found);
  return found;
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
