import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { appliesTo, collectFields, type Selection, type Variables } from '../../query/selection.ts';
import { fragmentsOf } from '../documents/operation.ts';
import { metaFields } from '../introspection/introspection-plan.ts';
import { pointsOfField, pointsOfObject } from './points.ts';

/**
 * Returns the points of the data that graphql-js answered a document of one operation with: of every object in it, and
 * of the fields that were resolved. `variables` are coerced. 0 if the directives are invalid, because nothing ran.
 */
export function returnedPoints(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
  data: unknown,
): number {
  const operation = getOperationAST(document);
  const type = operation && schema.getRootType(operation.operation);
  if (!operation || !type) return 0;
  try {
    return new ReturnedCost(schema, fragmentsOf(document), variables).object(
      type,
      [operation.selectionSet],
      data ?? {},
    );
  } catch (error) {
    if (error instanceof GraphQLError) return 0;
    throw error;
  }
}

class ReturnedCost {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #variables: Variables;

  constructor(schema: GraphQLSchema, fragments: Map<string, FragmentDefinitionNode>, variables: Variables) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** Returns the points of what an object holds. */
  object(type: GraphQLObjectType, sets: SelectionSetNode[], value: object): number {
    let points = 0;
    for (const [key, nodes] of this.#select(sets, type)) {
      const [node] = nodes;
      const field = type.getFields()[node?.name.value ?? ''] ?? metaFields.get(node?.name.value ?? '');
      if (!field || !node) continue;
      points += pointsOfField(field, () => getArgumentValues(field, node, this.#variables));
      const within = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (within.length > 0) points += this.#value(field, within, (value as Record<string, unknown>)[key]);
    }
    return points;
  }

  #value(field: GraphQLField<unknown, unknown>, sets: SelectionSetNode[], value: unknown): number {
    if (Array.isArray(value)) return value.reduce((sum, each) => sum + this.#value(field, sets, each), 0);
    if (typeof value !== 'object' || value === null) return 0;
    const type = this.#typeOf(field, sets, value);
    return type ? pointsOfObject(type) + this.object(type, sets, value) : 0;
  }

  // An object of an interface or union is of the type that it names as its `__typename` or, if that is not selected, of
  // the first type whose selection has the keys of the object.
  #typeOf(field: GraphQLField<unknown, unknown>, sets: SelectionSetNode[], value: object): GraphQLObjectType | null {
    const type = getNamedType(field.type);
    if (isObjectType(type)) return type;
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
    return types.find((each) => isShaped(value, this.#select(sets, each), each)) ?? null;
  }

  #select(sets: SelectionSetNode[], type: GraphQLObjectType): Selection {
    const applies = appliesTo.bind(null, this.#schema, type);
    return collectFields(sets, { fragments: this.#fragments, variables: this.#variables, applies });
  }
}

function isShaped(value: object, selection: Selection, { name }: GraphQLObjectType): boolean {
  if (Object.keys(value).length !== selection.size) return false;
  return [...selection].every(
    ([key, [node]]) =>
      Object.hasOwn(value, key) &&
      (node?.name.value !== '__typename' || (value as Record<string, unknown>)[key] === name),
  );
}
