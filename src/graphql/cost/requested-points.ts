import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { appliesTo, argumentsOf, type Variables } from '../../query/selection.ts';
import { fragmentsOf, type RunningOperation } from '../documents/operation.ts';
import { pointsOfField, pointsOfObject, sizeOfField } from './points.ts';

// Most items of a list that declares no size. These lists have a few items per parent.
const undeclaredSize = 10;

/**
 * Returns the points of everything that an operation may return, without `__schema` and `__type`. Ignores directives,
 * and counts a field every time it is selected. Throws the first error of the variables if they are invalid.
 */
export function requestedPoints(schema: GraphQLSchema, running: RunningOperation, given: Variables): number {
  const { operation, document } = running;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (errors) throw errors[0];
  const type = schema.getRootType(operation.operation);
  return type
    ? new RequestedCost(schema, fragmentsOf(document), coerced).selection(operation.selectionSet, type, null)
    : 0;
}

class RequestedCost {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #variables: Variables;
  // A fragment may be spread many times.
  readonly #known = new Map<SelectionSetNode, Map<string, number>>();

  constructor(schema: GraphQLSchema, fragments: Map<string, FragmentDefinitionNode>, variables: Variables) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** Returns the points of a selection on an object. `size` is that of its lists. Null if its field declares none. */
  selection(set: SelectionSetNode, type: GraphQLObjectType, size: number | null): number {
    const known = this.#known.get(set) ?? new Map<string, number>();
    this.#known.set(set, known);
    const name = `${type.name} ${size}`;
    const points = known.get(name) ?? this.#sum(set, type, size);
    known.set(name, points);
    return points;
  }

  #sum({ selections }: SelectionSetNode, type: GraphQLObjectType, size: number | null): number {
    let points = 0;
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const field = type.getFields()[node.name.value];
        if (field) points += this.#field(field, node, size);
        continue;
      }
      const within = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
      if (within && appliesTo(this.#schema, type, within.typeCondition))
        points += this.selection(within.selectionSet, type, size);
    }
    return points;
  }

  #field(field: GraphQLField<unknown, unknown>, node: FieldNode, sizeOfParent: number | null): number {
    const argsOf = argumentsOf(field, node, this.#variables);
    const points = pointsOfField(field, argsOf);
    const { selectionSet } = node;
    if (!selectionSet) return points;
    const declared = sizeOfField(field, argsOf);
    const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    // The database reads the rows of a page also if only its `pageInfo` is selected, and a page of size 0 too.
    const size = Math.max(declared ?? sizeOfParent ?? undeclaredSize, 1);
    const object = Math.max(...this.#typesOf(field).map((type) => this.#object(type, selectionSet, declared ?? null)));
    if (isList) return points + size * object;
    return points + (declared === undefined ? object : Math.max(object, size));
  }

  #object(type: GraphQLObjectType, set: SelectionSetNode, size: number | null): number {
    return pointsOfObject(type) + this.selection(set, type, size);
  }

  #typesOf(field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isAbstractType(type)) return this.#schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  }
}
