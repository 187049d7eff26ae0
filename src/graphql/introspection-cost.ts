import {
  BREAK,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  visit,
} from 'graphql';
import { fragmentsOf, type RunningOperation } from './operation.ts';

const metaFields: Record<string, GraphQLField<unknown, unknown>> = {
  __schema: SchemaMetaFieldDef,
  __type: TypeMetaFieldDef,
};

/**
 * How many objects the introspection of an operation answers with: those that `__schema` and `__type` lead to. 0 where
 * its variables are wrong, as it is refused.
 */
export function introspectedObjects(
  schema: GraphQLSchema,
  { operation, alone }: RunningOperation,
  given: Record<string, unknown>,
): number {
  const { coerced: variables } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (!variables) return 0;
  const fragments = fragmentsOf(alone);
  // What the same part of a document is asked of twice has the same objects within.
  const counted = new Map<SelectionSetNode, Map<unknown, number>>();

  function within(type: GraphQLObjectType | null, source: unknown, set: SelectionSetNode): number {
    const known = counted.get(set) ?? new Map<unknown, number>();
    counted.set(set, known);
    const before = known.get(source);
    if (before !== undefined) return before;
    // A fragment within itself: another rule refuses it.
    known.set(source, 0);
    const objects = set.selections.reduce((sum, node) => {
      if (node.kind === Kind.FIELD) return sum + ofField(type, source, node);
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      return inner ? sum + within(type, source, inner.selectionSet) : sum;
    }, 0);
    known.set(source, objects);
    return objects;
  }

  function ofField(type: GraphQLObjectType | null, source: unknown, node: FieldNode): number {
    const field = type ? type.getFields()[node.name.value] : metaFields[node.name.value];
    const named = field && getNamedType(field.type);
    const set = node.selectionSet;
    if (!field?.resolve || !set || !isObjectType(named)) return 0;
    const args = getArgumentValues(field, node, variables);
    const value = field.resolve(source, args, null, { schema } as never);
    const all = Array.isArray(value) ? value : value ? [value] : [];
    return all.reduce((sum: number, each) => sum + 1 + within(named, each, set), 0);
  }

  return within(null, schema, operation.selectionSet);
}

const introspective = new WeakMap<RunningOperation, boolean>();

/** Whether an operation asks for the schema. Every request asks this, so it is found out once for an operation. */
export function isIntrospective(running: RunningOperation): boolean {
  const known = introspective.get(running);
  if (known !== undefined) return known;
  let isNamed = false;
  visit(running.alone, {
    Field({ name: { value } }) {
      isNamed ||= Object.hasOwn(metaFields, value);
      return isNamed ? BREAK : undefined;
    },
  });
  introspective.set(running, isNamed);
  return isNamed;
}
