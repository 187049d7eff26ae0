import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  GraphQLString,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getVariableValues,
  isObjectType,
  Kind,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { fragmentsOf, type RunningOperation } from '../documents/operation.ts';

/** `__schema` and `__type`, by name. */
export const metaFields = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));
const ofSchema = new Set([...metaFields.keys(), '__typename']);

/** Whether a field of the query type is `__schema` or `__type`. */
export function isMetaField(name: string): boolean {
  return metaFields.has(name);
}

/** Whether every selection of a query is `__schema`, `__type` or `__typename`, none of them in a fragment. */
export function asksForSchemaOnly({ selections }: SelectionSetNode): boolean {
  return selections.every((each) => each.kind === Kind.FIELD && ofSchema.has(each.name.value));
}

/**
 * A selected field of an introspection object: its response key, its resolver with the arguments applied, and its
 * selection.
 */
type PlannedField = {
  key: string;
  resolve: (source: unknown) => unknown;
  of: { leaf: GraphQLLeafType } | { object: Plan };
};

class Plan {
  readonly fields: () => PlannedField[];
  readonly #objects = new Map<unknown, number>();

  constructor(plan: () => PlannedField[]) {
    let planned: PlannedField[] | null = null;
    this.fields = () => {
      planned ??= plan();
      return planned;
    };
  }

  /**
   * Counts the objects selected under an object. The count is cached, because many paths may lead to the same object.
   */
  objectsIn(source: unknown): number {
    const known = this.#objects.get(source);
    if (known !== undefined) return known;
    const objects = this.fields().reduce((sum, { resolve, of }) => {
      if ('leaf' in of) return sum;
      const values = [resolve(source) ?? []].flat();
      return values.reduce((all: number, each) => all + 1 + of.object.objectsIn(each), sum);
    }, 0);
    this.#objects.set(source, objects);
    return objects;
  }

  json(source: unknown): string {
    return `{${this.fields()
      .map(({ key, resolve, of }) => `${key}:${jsonOf(resolve(source), of)}`)
      .join()}}`;
  }
}

function jsonOf(value: unknown, of: PlannedField['of']): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map((each) => jsonOf(each, of)).join()}]`;
  return 'leaf' in of ? JSON.stringify(of.leaf.serialize(value)) : of.object.json(value);
}

/**
 * Plans the introspection of an operation. graphql-js resolves every object again for each path and takes six times as
 * long. Null if the variables of the operation are invalid.
 */
export function introspectionPlan(
  schema: GraphQLSchema,
  { operation, document }: RunningOperation,
  given: Record<string, unknown>,
): Plan | null {
  const { coerced: variables } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (!variables) return null;
  const fragments = fragmentsOf(document);
  const isIncluded = (node: SelectionNode) =>
    !node.directives?.length ||
    (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false);

  // Introspection has only object types, so the type condition of a fragment always holds.
  function collect(sets: SelectionSetNode[], fields = new Map<string, FieldNode[]>(), spread = new Set<string>()) {
    for (const node of sets.flatMap(({ selections }) => selections).filter(isIncluded)) {
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value;
        fields.set(name, [...(fields.get(name) ?? []), node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) collect([node.selectionSet], fields, spread);
      else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment) collect([fragment.selectionSet], fields, spread);
      }
    }
    return fields;
  }

  const known = new Map<SelectionSetNode, Plan>();

  function planOf(type: GraphQLObjectType, sets: SelectionSetNode[]): Plan {
    const [only, ...more] = sets;
    const before = only && more.length === 0 && known.get(only);
    if (before) return before;
    const plan = new Plan(() => [...collect(sets)].flatMap(([name, nodes]) => planned(type, name, nodes) ?? []));
    if (only && more.length === 0) known.set(only, plan);
    return plan;
  }

  function planned(type: GraphQLObjectType, name: string, nodes: FieldNode[]): PlannedField | null {
    const [node] = nodes as [FieldNode];
    const key = JSON.stringify(name);
    if (node.name.value === '__typename') return { key, resolve: () => type.name, of: { leaf: GraphQLString } };
    const isRoot = type === schema.getQueryType();
    const field = isRoot ? metaFields.get(node.name.value) : type.getFields()[node.name.value];
    const named = field && getNamedType(field.type);
    if (!field?.resolve || !named) return null;
    const [read, args] = [field.resolve, getArgumentValues(field, node, variables)];
    const resolve = (source: unknown) => read(source, args, null, { schema } as never);
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return { key, resolve, of: isObjectType(named) ? { object: planOf(named, sets) } : { leaf: named as never } };
  }

  const query = schema.getQueryType();
  return query && operation.operation === OperationTypeNode.QUERY ? planOf(query, [operation.selectionSet]) : null;
}
