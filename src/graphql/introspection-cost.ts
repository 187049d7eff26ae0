import { BREAK, type GraphQLSchema, visit } from 'graphql';
import { introspectionPlan, isMetaField } from './introspection-plan.ts';
import type { RunningOperation } from './operation.ts';

/**
 * Counts the objects that the introspection of an operation answers with: those that `__schema` and `__type` lead to. 0 if
 * its variables are invalid, as it is refused.
 */
export function introspectedObjects(
  schema: GraphQLSchema,
  running: RunningOperation,
  given: Record<string, unknown>,
): number {
  return introspectionPlan(schema, running, given)?.objectsIn(schema) ?? 0;
}

const introspective = new WeakMap<RunningOperation, boolean>();

/** Whether an operation asks for the schema. Every request asks this, so it is found out once for an operation. */
export function isIntrospective(running: RunningOperation): boolean {
  const known = introspective.get(running);
  if (known !== undefined) return known;
  let isNamed = false;
  visit(running.alone, {
    Field({ name: { value } }) {
      isNamed ||= isMetaField(value);
      return isNamed ? BREAK : undefined;
    },
  });
  introspective.set(running, isNamed);
  return isNamed;
}
