import type { FieldNode, FragmentDefinitionNode, GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type CompiledField, NeedsResolver, type Request, rowJson, type Shape } from './compile/compiler.ts';
import { QueryCompiler } from './compile/query-compiler.ts';
import { type QueryField, queryFieldOf } from './query-field.ts';
import type { Rules } from './rules.ts';
import { argumentsOf, type Variables } from './selection.ts';
import type { Serializer } from './serialize/serializer.ts';
import { lengthOf, render, type Sql } from './sql/sql.ts';
import { type FieldSql, StatementText } from './sql/statement.ts';

/** A selected field of `Query` or of a payload, in the document of a request. */
export type RootField<Context> = {
  /** Type that has the field. */
  parent: GraphQLObjectType;
  /** Identifies the document, the values of its Boolean variables, and the scopes of the caller. */
  cacheKey: string;
  /** Approximate size of the parts of the document that a plan refers to, in bytes. */
  documentBytes: number;
  /** Distinguishes the field from others of the document. */
  key: string;
  nodes: FieldNode[];
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Variables;
  scopes: ReadonlySet<string>;
  context: Context;
};

/** SQL for the JSON of a field, rendered for a request, and its serializer. */
export type RootSql<Context> = FieldSql & { write: Serializer<Context>; request: Request<Context> };

type Plan<Context> = { sql: Sql<Request<Context>>; write: Serializer<Context>; statement: StatementText };

/** What the SQL of a field depends on besides its document, and the values and context of its request. */
type PlanInput<Context> = {
  rowType: string | null;
  shape: Shape | null;
  values: Record<string, unknown>;
  context: Context;
};

/** Compiles root fields to SQL, and keeps the plans of recent documents. */
export class QueryPlans<Context> {
  readonly #rules: Rules<Context>;
  readonly #schema: GraphQLSchema;
  readonly #plans: LRUCache<string, Plan<Context> | NeedsResolver>;

  constructor(rules: Rules<Context>, schema: GraphQLSchema, maxBytes: number) {
    this.#rules = rules;
    this.#schema = schema;
    this.#plans = new LRUCache({ maxSize: maxBytes });
  }

  /**
   * Renders the SQL of a field. `parameter` adds a value and returns its placeholder. Returns null if a resolver must
   * answer the field, because of its selection, the scopes of the caller, or an argument that is invalid. Throws the
   * error of a source, which has no resolver.
   */
  render(root: RootField<Context>, parameter: (value: unknown) => string, prefix: string): RootSql<Context> | null {
    const [node] = root.nodes;
    const field = root.parent.getFields()[node?.name.value ?? ''];
    const declared = field && queryFieldOf<Context>(field);
    if (!declared || !node) return null;
    let aliases = 0;
    const alias = () => `${prefix}_${++aliases}`;
    const { variables } = root;
    const args = argumentsOf(field, node, variables);
    try {
      const input = this.#planInputOf(root, field, declared, args);
      const { context, values } = input;
      const plan = this.#planOf(root, field, input);
      const points = this.#rules.pointsOfField(field, args);
      const request: Request<Context> = {
        context,
        variables,
        parameter,
        alias,
        owner: null,
        person: null,
        values,
        pages: [],
        isPlannedForValues: false,
        points,
      };
      return { texts: render(plan.sql, request), statement: plan.statement, write: plan.write, request };
    } catch (error) {
      if (declared.kind === 'source')
        throw error instanceof NeedsResolver ? (error.reason ?? this.#rules.needsQuery(error.message)) : error;
      if (error instanceof NeedsResolver || this.#rules.isInvalid(error)) return null;
      throw error;
    }
  }

  #planInputOf(
    { parent, scopes, context }: RootField<Context>,
    field: GraphQLField<unknown, unknown>,
    declared: QueryField<Context>,
    args: () => Record<string, unknown>,
  ): PlanInput<Context> {
    if (declared.kind !== 'source') return { rowType: rowTypeOf(declared, args), shape: null, values: {}, context };
    const scope = this.#rules.scopeOf(field);
    if (scope !== undefined && !scopes.has(scope))
      throw this.#rules.missingScope(scope, `${parent.name}.${field.name}`);
    return { rowType: null, ...declared.parse(args(), context) };
  }

  #planOf(root: RootField<Context>, field: GraphQLField<unknown, unknown>, input: PlanInput<Context>): Plan<Context> {
    const name = `${root.cacheKey} ${root.key} ${input.rowType} ${Object.values(input.shape ?? {}).join(' ')}`;
    const known = this.#plans.get(name) ?? this.#compile(root, field, input, name);
    if (known instanceof NeedsResolver) throw known;
    return known;
  }

  #compile(root: RootField<Context>, field: GraphQLField<unknown, unknown>, input: PlanInput<Context>, name: string) {
    const plan = this.#planFor(root, field, input);
    const text = plan instanceof NeedsResolver ? 0 : lengthOf(plan.sql);
    // A character takes a byte. The plan keeps its last statement along with the parts.
    this.#plans.set(name, plan, { size: 2 * (name.length + text) + root.documentBytes });
    return plan;
  }

  #planFor(
    { parent, nodes, fragments, variables, scopes }: RootField<Context>,
    field: GraphQLField<unknown, unknown>,
    { rowType, shape }: PlanInput<Context>,
  ): Plan<Context> | NeedsResolver {
    const compiler = new QueryCompiler(this.#rules, this.#schema, fragments, variables, scopes, shape);
    try {
      const { columns, write }: CompiledField<Context> = compiler.root(parent, field, nodes, rowType);
      return { sql: rowJson(columns), write, statement: new StatementText() };
    } catch (error) {
      if (error instanceof NeedsResolver) return error;
      throw error;
    }
  }
}

// The SQL depends on which types the IDs are of.
function rowTypeOf<Context>(declared: QueryField<Context>, args: () => Record<string, unknown>): string | null {
  if (declared.kind === 'row') return typeof declared.type === 'string' ? declared.type : declared.type(args());
  if (declared.kind !== 'rowsById') return null;
  const types = declared.idsOf(args()).flatMap((id) => id?.type ?? []);
  return types.length > 0 ? [...new Set(types)].sort().join(' ') : null;
}
