import {
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  isNonNullType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { keyHolds, keyIsOver } from '../db/journal.ts';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { DomainError } from '../lib/errors.ts';
import { AnswerBytes } from '../query/answer-bytes.ts';
import { queryFieldOf } from '../query/field.ts';
import { Json } from '../query/json.ts';
import { QueryPlans, type RootSql } from '../query/plans.ts';
import { collectFields, type Variables } from '../query/selection.ts';
import type { Context } from './context.ts';
import { bytesOf } from './documents.ts';
import { fragmentsOf, type RunningOperation } from './operation.ts';
import { queryRules } from './query-rules.ts';
import { scopeOf } from './scopes-first.ts';
import { parametersBefore, type Reading } from './sql-compile.ts';
import { cacheKeyOf, type Read, type SqlRoot, SqlStatements, type Statement, valuesOf } from './sql-statement.ts';

/** A selected field of `Query`. `isDeclared` means that the compiler may answer it. */
type Root = { key: string; nodes: FieldNode[]; root: SqlRoot | undefined; isDeclared: boolean };

/** A query with root fields that a statement may resolve. `isWhole` means that it may resolve all of them. */
export type Prepared = {
  running: RunningOperation;
  given: Record<string, unknown>;
  variables: Variables;
  roots: Root[];
  isWhole: boolean;
};

/** A statement with its fields rendered for the request. `valuesOf` throws if a value is invalid. */
type Rendered = {
  statement: Statement;
  fields: (RootSql<Context> & Pick<Root, 'key' | 'nodes'>)[];
  valuesOf: () => unknown[];
};

/**
 * Result of a query, with its data as UTF-8 JSON. `isKeyConfirmed` means that a statement ran and did not find that the
 * key was revoked or expired.
 */
export type Executed = { data: Buffer | null; errors: GraphQLError[]; isKeyConfirmed: boolean };

/**
 * Resolves these query fields with a single SQL statement and returns the JSON that PostgreSQL produces. graphql-js
 * resolves all other fields of the document.
 */
export class SqlAnswers {
  readonly #schema: GraphQLSchema;
  readonly #sqlRoots: Record<string, SqlRoot>;
  readonly #statements = new SqlStatements();
  readonly #plans: QueryPlans<Context>;

  constructor(schema: GraphQLSchema, sqlRoots: Record<string, SqlRoot>) {
    this.#schema = schema;
    this.#sqlRoots = sqlRoots;
    this.#plans = new QueryPlans(queryRules, schema, cacheBytes.plans);
  }

  /** Prepares a query. Null if graphql-js has to resolve all of it, or to report its variables or directives. */
  prepare(running: RunningOperation, given: Record<string, unknown>): Prepared | null {
    if (running.operation.operation !== 'query') return null;
    const variables = this.#variablesOf(running, given);
    const roots = variables ? this.#rootsOf(running, variables) : [];
    const compiled = roots.filter(({ root, isDeclared }) => root || isDeclared);
    if (!variables || compiled.length === 0) return null;
    const isWhole = roots.every((each) => each.root || each.isDeclared || isTypename(each.nodes));
    return { running, given, variables, roots, isWhole };
  }

  /** Runs the statement of a prepared query, then graphql-js for its other fields. */
  async execute(prepared: Prepared, context: Context): Promise<Executed> {
    const { variables, roots } = prepared;
    const { read, errors } = this.#readAll(roots, variables, context);
    const rendered = this.#render(prepared, context, read);
    const ours = new Set(roots.flatMap(({ key, root, nodes }) => (root || isTypename(nodes) ? key : [])));
    for (const { key } of rendered.fields) ours.add(key);
    const data = await this.#run(rendered, read, context, errors);
    const hasRun = read.length + rendered.fields.length > 0;
    const isKeyConfirmed = hasRun && !errors.some(({ originalError }) => isKeyOver(originalError));
    const rest = ours.size === roots.length ? null : await this.#rest(prepared, ours, context);
    errors.push(...(rest?.errors ?? []));
    // A non-nullable field resolved to null.
    if (!data || (rest && !rest.data)) return { data: null, errors, isKeyConfirmed };
    for (const { key, nodes } of roots)
      if (isTypename(nodes)) data.set(key, Buffer.from('"Query"'));
      else if (!ours.has(key)) data.set(key, Buffer.from(JSON.stringify(rest?.data?.[key] ?? null)));
    return { data: dataOf(roots, data), errors, isKeyConfirmed };
  }

  // Coerces the variables. Returns null if any of them is invalid.
  #variablesOf({ operation }: RunningOperation, given: unknown): Variables | null {
    const inputs = (given ?? {}) as Variables;
    return getVariableValues(this.#schema, operation.variableDefinitions ?? [], inputs).coerced ?? null;
  }

  // Returns no roots if a directive is invalid: graphql-js then reports the error.
  #rootsOf({ alone, operation }: RunningOperation, variables: Variables): Root[] {
    const fields = this.#schema.getQueryType()?.getFields() ?? {};
    try {
      const selected = collectFields([operation.selectionSet], { fragments: fragmentsOf(alone), variables });
      return [...selected].map(([key, nodes]) => {
        const name = nodes[0]?.name.value ?? '';
        const field = fields[name];
        return { key, nodes, root: this.#sqlRoots[name], isDeclared: field ? queryFieldOf(field) !== null : false };
      });
    } catch (error) {
      if (error instanceof GraphQLError) return [];
      throw error;
    }
  }

  #readAll(roots: Root[], variables: Variables, context: Context): { read: Read[]; errors: GraphQLError[] } {
    const errors: GraphQLError[] = [];
    const read = roots.flatMap(({ key, nodes, root }) => {
      const [node] = nodes;
      if (!root || !node) return [];
      try {
        return [{ key, nodes, root, reading: this.#read(root, node, variables, context) }];
      } catch (error) {
        errors.push(errorAt(error, key, node));
        return [];
      }
    });
    return { read, errors };
  }

  // Renders the statement: the fields of SQL, then those that the compiler can answer.
  #render({ running, variables, roots }: Prepared, context: Context, read: Read[]): Rendered {
    const { alone, id } = running;
    const { scopes } = context.viewer;
    const cacheKey = `${id} ${cacheKeyOf(variables, scopes)}`;
    const statement = this.#statements.of(alone, variables, scopes, read, cacheKey);
    const values: unknown[] = [];
    const shared = {
      cacheKey,
      documentBytes: bytesOf(alone),
      fragments: fragmentsOf(alone),
      variables,
      scopes,
      context,
    };
    const fields = roots.flatMap(({ key, nodes, isDeclared }, i) => {
      const before = values.length;
      const first = parametersBefore + statement.parameters.length;
      const parameter = (value: unknown) => `$${values.push(value) + first}`;
      const sql = isDeclared ? this.#plans.render({ ...shared, key, nodes }, parameter, `r${i}`) : null;
      if (sql) return [{ ...sql, key, nodes }];
      values.length = before;
      return [];
    });
    return { statement, fields, valuesOf: () => [...valuesOf(statement, variables, read), ...values] };
  }

  // Returns null if a non-nullable field has no data.
  async #run(rendered: Rendered, read: Read[], context: Context, errors: GraphQLError[]): Promise<Answered | null> {
    const data: Answered = new Map();
    const asked = [...read, ...rendered.fields];
    if (asked.length === 0) return data;
    try {
      await this.#send(rendered, read, context, data);
    } catch (error) {
      // None of these fields has data. `maskError` decides which part of the error the caller sees.
      for (const { key, nodes } of asked) errors.push(errorAt(error, key, nodes[0]));
      if (
        asked.some(({ nodes }) =>
          isNonNullType(this.#schema.getQueryType()?.getFields()[nodes[0]?.name.value ?? '']?.type),
        )
      )
        return null;
    }
    return data;
  }

  async #send(
    { statement, fields, valuesOf }: Rendered,
    read: Read[],
    context: Context,
    data: Answered,
  ): Promise<void> {
    const { workspaceId, keyId, kind } = context.viewer;
    const columns = [...statement.columns, ...fields.map(({ text }, i) => `${text}::text AS "query${i}"`)];
    const [row] = await context.db.read<Record<string, string | null> & { isAllowed: boolean | null }>({
      text: `SELECT (${keyHolds}) AS "isAllowed", ${columns.join(', ')}`,
      values: [workspaceId, keyId, ...valuesOf()],
    });
    // The caller may have been authenticated from the key cache, so the statement checks the key again. Tokens of
    // customers are never cached, and cannot read keys.
    if (!row || (!row.isAllowed && kind !== 'CUSTOMER')) throw keyIsOver();
    for (const [i, { key, reading }] of read.entries()) {
      const text = row[`json${i}`];
      if (text === null || text === undefined) continue;
      const json = new Json(text);
      const owner = json.column().slice(1, -1);
      const asked = { context, owner, values: reading.values, pages: [] };
      data.set(
        key,
        written((out) => statement.writes[i]?.(json, out, asked)),
      );
    }
    for (const [i, { key, write, request }] of fields.entries()) {
      const json = new Json(row[`query${i}`] ?? '');
      data.set(
        key,
        written((out) => write(json, out, request)),
      );
    }
  }

  #read(root: SqlRoot, node: FieldNode, variables: Variables, context: Context): Reading {
    const field = this.#schema.getQueryType()?.getFields()[node.name.value];
    if (!field) throw new Error(`Query has no field ${node.name.value}.`);
    const scope = scopeOf(field);
    if (scope && !context.viewer.scopes.has(scope))
      throw new DomainError('FORBIDDEN', `This key lacks the scope ${scope}, which Query.${field.name} requires.`);
    return root.read(getArgumentValues(field, node, variables), context);
  }

  // Executes the rest of the document. `__typename` replaces each field that the statement resolves, so that all other
  // fields keep their positions.
  async #rest({ running, given }: Prepared, ours: ReadonlySet<string>, context: Context): Promise<ExecutionResult> {
    const [schema, typeInfo] = [this.#schema, new TypeInfo(this.#schema)];
    const enter = (node: FieldNode) => {
      const { alias, name, directives } = node;
      if (!ours.has((alias ?? name).value) || typeInfo.getParentType() !== schema.getQueryType()) return undefined;
      return { kind: Kind.FIELD, alias: alias ?? name, name: { ...name, value: '__typename' }, directives };
    };
    const document = visit(running.alone, visitWithTypeInfo(typeInfo, { Field: { enter } }));
    return execute({ schema, document, contextValue: context, variableValues: given });
  }
}

// Serialization is synchronous, so all requests can share one buffer.
const shared = new AnswerBytes();

function written(write: (out: AnswerBytes) => void): Buffer {
  shared.drop();
  write(shared);
  return shared.take();
}

/** JSON data by response key. */
type Answered = Map<string, Buffer>;

function isKeyOver(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAUTHENTICATED';
}

function isTypename([node]: FieldNode[]): boolean {
  return node?.name.value === '__typename';
}

function dataOf(roots: Root[], data: Answered): Buffer {
  const members = roots.flatMap(({ key }, i) => [
    Buffer.from(`${i > 0 ? ',' : ''}"${key}":`),
    data.get(key) ?? nothing,
  ]);
  return Buffer.concat([begin, ...members, end]);
}

const [nothing, begin, end] = [Buffer.from('null'), Buffer.from('{'), Buffer.from('}')];

function errorAt(error: unknown, key: string, node: FieldNode | undefined): GraphQLError {
  const { message } = error instanceof Error ? error : new Error('The field could not be resolved.');
  const originalError = error instanceof Error ? error : null;
  return new GraphQLError(message, { nodes: node ?? null, path: [key], originalError });
}
