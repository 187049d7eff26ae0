import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export type Variables = Record<string, unknown>;

/** Maps each response key to its field nodes in the document. */
export type Selection = Map<string, FieldNode[]>;

/** Collects selected fields as graphql-js does, with fragments, type conditions and directives applied. */
export class Selections {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #variables: Variables;

  constructor(schema: GraphQLSchema, fragments: Map<string, FragmentDefinitionNode>, variables: Variables) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** Collects the fields that these nodes select on an object type. */
  within(nodes: FieldNode[], type: GraphQLObjectType): Selection {
    return this.of(
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      type,
    );
  }

  of(sets: SelectionSetNode[], type: GraphQLObjectType): Selection {
    const selection: Selection = new Map();
    const spread = new Set<string>();
    const collect = ({ selections }: SelectionSetNode) => {
      for (const node of selections) {
        if (!this.#isIncluded(node)) continue;
        if (node.kind === Kind.FIELD) {
          const key = node.alias?.value ?? node.name.value;
          selection.set(key, [...(selection.get(key) ?? []), node]);
        } else if (node.kind === Kind.INLINE_FRAGMENT) {
          if (this.#applies(node.typeCondition, type)) collect(node.selectionSet);
        } else if (!spread.has(node.name.value)) {
          spread.add(node.name.value);
          const fragment = this.#fragments.get(node.name.value);
          if (fragment && this.#applies(fragment.typeCondition, type)) collect(fragment.selectionSet);
        }
      }
    };
    for (const set of sets) collect(set);
    return selection;
  }

  #applies(condition: NamedTypeNode | undefined, type: GraphQLObjectType): boolean {
    if (!condition || condition.name.value === type.name) return true;
    const named = this.#schema.getType(condition.name.value);
    return isAbstractType(named) && this.#schema.isSubType(named, type);
  }

  #isIncluded({ directives = [] }: SelectionNode): boolean {
    if (directives.length === 0) return true;
    if (getDirectiveValues(GraphQLSkipDirective, { directives }, this.#variables)?.if === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, { directives }, this.#variables)?.if !== false;
  }
}
