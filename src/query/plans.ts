import type { FieldNode, FragmentDefinitionNode, GraphQLField, GraphQLSchema } from 'graphql';
import { getArgumentValues } from 'graphql';
import { LRUCache } from 'lru-cache';
import { QueryCompiler } from './compile.ts';
import { type Compiled, NeedsResolver, named, type Request } from './compiling.ts';
import { type QueryField, queryFieldOf } from './field.ts';
import type { Write } from './json.ts';
import type { Rules } from './rules.ts';
import type { Variables } from './selection.ts';
import { render, type Sql, sql } from './sql.ts';

/** A selected field of `Query`, in the document of a request. */
export type RootField<Context> = {
  /** Identifies the document, the values of its Boolean variables, and the scopes of the caller. */
  cacheKey: string;
  /** Approximate size of the parts of the document that a plan refers to, in bytes. */
  documentBytes: number;
  key: string;
  nodes: FieldNode[];
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Variables;
  scopes: ReadonlySet<string>;
  context: Context;
};

/** SQL for the JSON of a field of `Query`, rendered for a request, and its serializer. */
export type RootSql<Context> = { text: string; write: Write<Context>; request: Request<Context> };

type Plan<Context> = { sql: Sql<Request<Context>>; write: Write<Context> };

/** Compiles fields of `Query` to SQL, and keeps the plans of recent documents. */
export class QueryPlans<Context> {
  readonly #rules: Rules<Context>;
  readonly #schema: GraphQLSchema;
  readonly #plans: LRUCache<string, Plan<Context> | 'NEEDS_RESOLVER'>;

  constructor(rules: Rules<Context>, schema: GraphQLSchema, mostBytes: number) {
    this.#rules = rules;
    this.#schema = schema;
    this.#plans = new LRUCache({ maxSize: mostBytes });
  }

  /**
   * Renders the SQL of a field. `parameter` adds a value and returns its placeholder. Returns null if a resolver must
   * answer the field, because of its selection, the scopes of the caller, or an argument that is invalid.
   */
  render(root: RootField<Context>, parameter: (value: unknown) => string, prefix: string): RootSql<Context> | null {
    const [node] = root.nodes;
    const field = this.#schema.getQueryType()?.getFields()[node?.name.value ?? ''];
    const declared = field && queryFieldOf<Context>(field);
    if (!declared || !node) return null;
    let aliases = 0;
    const alias = () => `${prefix}_${++aliases}`;
    const { context, variables } = root;
    const request: Request<Context> = { context, variables, parameter, alias, owner: null, values: {}, pages: [] };
    try {
      const rowType = rowTypeOf(declared, () => getArgumentValues(field, node, variables));
      const plan = this.#planOf(root, field, rowType);
      return plan && { text: render(plan.sql, request), write: plan.write, request };
    } catch (error) {
      if (error instanceof NeedsResolver || this.#rules.isInvalid(error)) return null;
      throw error;
    }
  }

  #planOf(root: RootField<Context>, field: GraphQLField<unknown, unknown>, rowType: string | null) {
    const name = `${root.cacheKey} ${root.key} ${rowType}`;
    const known = this.#plans.get(name);
    if (known) return known === 'NEEDS_RESOLVER' ? null : known;
    const plan = this.#compile(root, field, rowType);
    const text = plan
      ? plan.sql.reduce((length, part) => length + (typeof part === 'string' ? part.length : 200), 0)
      : 0;
    this.#plans.set(name, plan ?? 'NEEDS_RESOLVER', { size: 2 * (name.length + text) + root.documentBytes });
    return plan;
  }

  #compile(
    { nodes, fragments, variables, scopes }: RootField<Context>,
    field: GraphQLField<unknown, unknown>,
    rowType: string | null,
  ): Plan<Context> | null {
    const query = this.#schema.getQueryType();
    if (!query) return null;
    const compiler = new QueryCompiler(this.#rules, this.#schema, fragments, variables, scopes);
    try {
      const { columns, write }: Compiled<Context> = compiler.root(query, field, nodes, rowType);
      return { sql: sql`(SELECT row_to_json(x) FROM (SELECT ${named(columns)}) x)`, write };
    } catch (error) {
      if (error instanceof NeedsResolver) return null;
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
