import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

export type Variables = Record<string, unknown>;

/** Maps each response key to its field nodes in the document. */
export type Selection = Map<string, FieldNode[]>;

type Walk = {
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Variables;
  /** Returns whether a fragment on this type applies. All do by default. */
  applies?: (condition: NamedTypeNode | undefined) => boolean;
};

/** Returns whether a fragment with this type condition applies to an object type. */
export function appliesTo(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  condition: NamedTypeNode | undefined,
): boolean {
  if (!condition || condition.name.value === type.name) return true;
  const named = schema.getType(condition.name.value);
  return isAbstractType(named) && schema.isSubType(named, type);
}

/** Collects the fields of selection sets as graphql-js does, with fragments and directives applied. */
export function collectFields(
  sets: SelectionSetNode[],
  { fragments, variables, applies = () => true }: Walk,
): Selection {
  const selection: Selection = new Map();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode) => {
    for (const node of selections) {
      if (!isIncluded(node, variables)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        selection.set(key, [...(selection.get(key) ?? []), node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (applies(node.typeCondition)) collect(node.selectionSet);
      } else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment && applies(fragment.typeCondition)) collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  return selection;
}

function isIncluded({ directives = [] }: SelectionNode, variables: Variables): boolean {
  if (directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, { directives }, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, { directives }, variables)?.if !== false;
}

/** Returns a function that coerces the arguments of a field when they are first needed. */
export function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Variables) {
  let known: Record<string, unknown> | undefined;
  return () => {
    known ??= getArgumentValues(field, node, variables);
    return known;
  };
}

/**
 * Returns a function that coerces the arguments of a field for the variables of a request. Arguments without variables
 * are coerced once.
 */
export function argumentReader(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (variables: Variables) => Record<string, unknown> {
  if (node.arguments?.some(({ value }) => hasVariable(value)))
    return (variables) => getArgumentValues(field, node, variables);
  return argumentsOf(field, node, {});
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  if (value.kind === Kind.OBJECT) return value.fields.some((each) => hasVariable(each.value));
  return value.kind === Kind.VARIABLE;
}
