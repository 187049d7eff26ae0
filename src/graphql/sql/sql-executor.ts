import {
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  isNonNullType,
} from 'graphql';
import { invalidKeyError, keyIsValid } from '../../db/write/idempotency.ts';
import { DomainError } from '../../lib/errors.ts';
import { queryFieldOf } from '../../query/query-field.ts';
import type { QueryPlans, RootSql } from '../../query/query-plans.ts';
import { collectFields, type Variables } from '../../query/selection.ts';
import { JsonReader } from '../../query/serialize/json-reader.ts';
import { serialized } from '../../query/serialize/response-buffer.ts';
import { selectFields } from '../../query/sql/statement.ts';
import type { Context } from '../context.ts';
import { pointsOfField } from '../cost/points.ts';
import { returnedPoints } from '../cost/returned-points.ts';
import { fragmentsOf, type RunningOperation } from '../documents/operation.ts';
import { requestParts, variablesOf } from './request-parts.ts';
import { documentWithout, errorAt, objectOf } from './response-parts.ts';

/** A selected field of `Query`. `isDeclared` means that the compiler may answer it. */
type Root = { key: string; nodes: FieldNode[]; isDeclared: boolean };

/** A query with root fields that a statement may resolve. `isWhole` means that it may resolve all of them. */
export type PreparedQuery = {
  running: RunningOperation;
  given: Record<string, unknown>;
  variables: Variables;
  roots: Root[];
  isWhole: boolean;
};

/** A field with its SQL, rendered for the request. */
type Rendered = RootSql<Context> & Root;

/**
 * Result of a query, with its data as UTF-8 JSON. `isKeyConfirmed` means that a statement ran and did not find that the
 * key was revoked or expired. `points` counts what the data holds.
 */
export type SqlResult = { data: Buffer | null; errors: GraphQLError[]; isKeyConfirmed: boolean; points: number };

/**
 * Resolves these query fields with a single SQL statement and returns the JSON that PostgreSQL produces. graphql-js
 * resolves all other fields of the document.
 */
export class SqlExecutor {
  readonly #schema: GraphQLSchema;
  readonly #plans: QueryPlans<Context>;

  constructor(schema: GraphQLSchema, plans: QueryPlans<Context>) {
    this.#schema = schema;
    this.#plans = plans;
  }

  /** Prepares a query. Null if graphql-js has to resolve all of it, or to report its variables or directives. */
  prepare(running: RunningOperation, given: Record<string, unknown>): PreparedQuery | null {
    if (running.operation.operation !== 'query') return null;
    const variables = variablesOf(this.#schema, running, given);
    const roots = variables ? this.#rootsOf(running, variables) : [];
    if (!variables || !roots.some(({ isDeclared }) => isDeclared)) return null;
    const isWhole = roots.every(({ isDeclared, nodes }) => isDeclared || isTypename(nodes));
    return { running, given, variables, roots, isWhole };
  }

  /** Runs the statement of a prepared query, then graphql-js for its other fields. */
  async execute(prepared: PreparedQuery, context: Context): Promise<SqlResult> {
    const { roots } = prepared;
    const values: unknown[] = [];
    const { rendered, errors, points } = this.#render(prepared, context, values);
    const ours = new Set(roots.flatMap(({ key, nodes }) => (isTypename(nodes) ? key : [])));
    for (const { path } of errors) ours.add(String(path?.[0]));
    for (const { key } of rendered) ours.add(key);
    const data = await this.#run(rendered, values, context, errors);
    const isKeyConfirmed = rendered.length > 0 && !errors.some(({ originalError }) => isInvalidKey(originalError));
    const rest = ours.size === roots.length ? null : await this.#resolveRest(prepared, ours, context);
    errors.push(...(rest?.errors ?? []));
    // A non-nullable field resolved to null.
    if (!data || (rest && !rest.data)) {
      const { running, variables } = prepared;
      return {
        data: null,
        errors,
        isKeyConfirmed,
        points: returnedPoints(this.#schema, running.document, variables, null),
      };
    }
    for (const { key, nodes } of roots)
      if (isTypename(nodes)) data.json.set(key, Buffer.from('"Query"'));
      else if (!ours.has(key)) data.json.set(key, Buffer.from(JSON.stringify(rest?.data?.[key] ?? null)));
    return {
      data: objectOf(roots.map(({ key }) => [key, data.json.get(key) ?? nothing])),
      errors,
      isKeyConfirmed,
      points: points + data.points + (rest?.points ?? 0),
    };
  }

  // Returns no roots if a directive is invalid: graphql-js then reports the error.
  #rootsOf({ document, operation }: RunningOperation, variables: Variables): Root[] {
    try {
      const selected = collectFields([operation.selectionSet], { fragments: fragmentsOf(document), variables });
      return [...selected].map(([key, nodes]) => {
        const field = this.#fieldOf(nodes);
        return { key, nodes, isDeclared: field ? queryFieldOf(field) !== null : false };
      });
    } catch (error) {
      if (error instanceof GraphQLError) return [];
      throw error;
    }
  }

  #fieldOf([node]: FieldNode[]) {
    return this.#schema.getQueryType()?.getFields()[node?.name.value ?? ''];
  }

  // Returns the points of a field apart from its objects. None if an argument is invalid.
  #ownPointsOf({ nodes }: Root, variables: Variables): number {
    const [field, [node]] = [this.#fieldOf(nodes), nodes];
    try {
      return field && node ? pointsOfField(field, () => getArgumentValues(field, node, variables)) : 0;
    } catch (error) {
      if (error instanceof GraphQLError) return 0;
      throw error;
    }
  }

  // Renders the fields that the compiler can answer. A field without a resolver may have an error instead; `points` are
  // those of such fields.
  #render({ running, variables, roots }: PreparedQuery, context: Context, values: unknown[]) {
    const parent = this.#schema.getQueryType();
    const request = requestParts(running, variables, context);
    const errors: GraphQLError[] = [];
    let points = 0;
    const parameter = (value: unknown) => `$${values.push(value) + parametersBefore}`;
    const rendered = roots.flatMap((root, i): Rendered[] => {
      if (!root.isDeclared || !parent) return [];
      const before = values.length;
      try {
        const sql = this.#plans.render({ ...request, ...root, parent }, parameter, `r${i}`);
        if (sql) return [{ ...root, ...sql }];
      } catch (error) {
        errors.push(errorAt(error, [root.key], root.nodes));
        points += this.#ownPointsOf(root, variables);
      }
      values.length = before;
      return [];
    });
    return { rendered, errors, points };
  }

  // Returns null if a non-nullable field has no data.
  async #run(rendered: Rendered[], values: unknown[], context: Context, errors: GraphQLError[]) {
    const data: SerializedFields = { json: new Map(), points: 0 };
    if (rendered.length === 0) return data;
    try {
      await this.#send(rendered, values, context, data);
    } catch (error) {
      // None of these fields has data.
      for (const { key, nodes } of rendered) errors.push(errorAt(error, [key], nodes));
      if (rendered.some(({ nodes }) => isNonNullType(this.#fieldOf(nodes)?.type))) return null;
    }
    return data;
  }

  async #send(rendered: Rendered[], values: unknown[], context: Context, data: SerializedFields): Promise<void> {
    const { workspaceId, keyId, kind } = context.viewer;
    const [row] = await context.db.read<Record<string, string | null> & { isAllowed: boolean | null }>({
      text: selectFields(`SELECT (${keyIsValid}) AS "isAllowed", `, rendered, 'query'),
      values: [workspaceId, keyId, ...values],
      isPlannedForValues: rendered.some(({ request }) => request.isPlannedForValues),
    });
    // The caller may have been authenticated from the key cache, so the statement checks the key again. Tokens of
    // customers are never cached, and cannot read keys.
    if (!row || (!row.isAllowed && kind !== 'CUSTOMER')) throw invalidKeyError();
    for (const [i, { key, write, request }] of rendered.entries()) {
      const json = new JsonReader(row[`query${i}`] ?? '');
      data.json.set(
        key,
        serialized((out) => write(json, out, request)),
      );
      data.points += request.points;
    }
  }

  // Executes the rest of the document.
  async #resolveRest(
    { running, given, variables }: PreparedQuery,
    ours: ReadonlySet<string>,
    context: Context,
  ): Promise<ResolverResult> {
    const schema = this.#schema;
    const document = documentWithout(
      schema,
      running.document,
      ({ alias, name }, typeInfo) =>
        ours.has((alias ?? name).value) && typeInfo.getParentType() === schema.getQueryType(),
    );
    const result = await execute({ schema, document, contextValue: context, variableValues: given });
    return { ...result, points: returnedPoints(schema, document, variables, result.data) };
  }
}

/** JSON data by response key, and the points of what it holds. */
type SerializedFields = { json: Map<string, Buffer>; points: number };

type ResolverResult = ExecutionResult & { points: number };

function isInvalidKey(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAUTHENTICATED';
}

function isTypename([node]: FieldNode[]): boolean {
  return node?.name.value === '__typename';
}

const nothing = Buffer.from('null');

// The first parameters of every statement are the workspace ID and the key ID.
const parametersBefore = 2;
