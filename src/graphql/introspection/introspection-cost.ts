import { BREAK, type GraphQLSchema, visit } from 'graphql';
import type { RunningOperation } from '../documents/operation.ts';
import { introspectionPlan, isMetaField } from './introspection-plan.ts';

/**
 * Counts the objects under `__schema` and `__type` in the response to an operation. 0 if its variables are invalid,
 * because the operation is then rejected.
 */
export function introspectedObjects(
  schema: GraphQLSchema,
  running: RunningOperation,
  given: Record<string, unknown>,
): number {
  return introspectionPlan(schema, running, given)?.objectsIn(schema) ?? 0;
}

const introspective = new WeakMap<RunningOperation, boolean>();

/** Whether an operation selects the schema. Cached per operation, because every request is checked. */
export function isIntrospective(running: RunningOperation): boolean {
  const known = introspective.get(running);
  if (known !== undefined) return known;
  let isNamed = false;
  visit(running.document, {
    Field({ name: { value } }) {
      isNamed ||= isMetaField(value);
      return isNamed ? BREAK : undefined;
    },
  });
  introspective.set(running, isNamed);
  return isNamed;
}
