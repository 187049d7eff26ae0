import {
  type DocumentNode,
  type ExecutionArgs,
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
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { keyHolds, keyIsOver } from '../db/journal.ts';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { DomainError } from '../lib/errors.ts';
import { AnswerBytes } from '../query/answer-bytes.ts';
import { Json } from '../query/json.ts';
import { QueryPlans, type RootSql } from '../query/plans.ts';
import type { Context } from './context.ts';
import { bytesOf, type ParsedDocuments } from './documents.ts';
import { fragmentsOf, operationOf, type RunningOperation } from './operation.ts';
import { queryRules } from './query-rules.ts';
import { scopeOf } from './scopes-first.ts';
import type { Write } from './sql-answer.ts';
import { type Reading, SqlCompiler, type Variables } from './sql-compile.ts';
import type { SqlType } from './sql-types.ts';

/** A field of `Query` that a single SQL statement resolves, including its whole selection. */
export type SqlRoot = {
  type: SqlType;
  /** Parses the field arguments. Throws if they are invalid. */
  read(given: Record<string, unknown>, context: Context): Reading;
  /**
   * Returns the FROM and WHERE clauses that select a single row, aliased `c`, whose `id` column is the customer's UUID.
   * `tables` is an optional WITH clause that replaces other tables.
   */
  from(reading: Reading, parameter: (name: string) => string): { from: string; tables?: string };
};

type Root = { key: string; nodes: FieldNode[]; root: SqlRoot | undefined };

/** A field of `Query` that the compiler rendered for the request. */
type Rendered = RootSql<Context> & Pick<Root, 'key' | 'nodes'>;
type Statement = {
  columns: string[];
  parameters: ((variables: Variables, readings: Reading[]) => unknown)[];
  writes: Write[];
};

/** A query that a single statement resolves, with its arguments parsed and ready to run. */
export type Prepared = {
  roots: Root[];
  /** Response keys of the fields that the statement resolves. */
  ours: ReadonlySet<string>;
  /** Whether the statement resolves all fields. */
  isWhole: boolean;
  read: Read[];
  rendered: Rendered[];
  statement: Statement;
  values: unknown[];
  variables: Variables;
};

/**
 * Resolves these query fields with a single SQL statement and returns the JSON that PostgreSQL produces. graphql-js
 * resolves all other fields of the document.
 */
export class SqlAnswers {
  readonly #schema: GraphQLSchema;
  readonly #sqlRoots: Record<string, SqlRoot>;
  readonly #documents: ParsedDocuments;
  readonly #statements = new LRUCache<string, Statement>({ maxSize: cacheBytes.statements });
  readonly #plans: QueryPlans<Context>;
  readonly #known = new WeakSet<RunningOperation>();

  constructor(schema: GraphQLSchema, sqlRoots: Record<string, SqlRoot>, documents: ParsedDocuments) {
    this.#schema = schema;
    this.#sqlRoots = sqlRoots;
    this.#documents = documents;
    this.#plans = new QueryPlans(queryRules, schema, cacheBytes.statements);
  }

  plugin(): Plugin<Context> {
    return {
      onExecute: ({ args, setExecuteFn }) => {
        const { document, operationName, contextValue: context, variableValues } = args;
        const running = operationOf(document, operationName);
        if (running?.operation.operation !== 'query') return;
        const variables = this.#variablesOf(running, variableValues);
        // graphql-js reports invalid variables when it executes the operation.
        if (!variables) return;
        const errors: GraphQLError[] = [];
        const prepared = this.#prepare(running, variables, context, errors);
        // Fields of SQL have no resolver, so their errors are reported here too.
        if (!prepared.roots.some(({ root }) => root) && prepared.rendered.length === 0) return;
        if (prepared.isWhole) this.#known.add(running);
        setExecuteFn(async () => {
          const data = await this.#run(prepared, context, errors);
          const rest = prepared.isWhole ? null : await this.#rest(args, prepared.ours);
          const all = [...errors, ...(rest?.errors ?? [])];
          // A non-nullable field resolved to null.
          if (!data || (rest && !rest.data)) return { data: null, errors: all };
          for (const { key } of prepared.roots)
            if (!prepared.ours.has(key)) data.set(key, Buffer.from(JSON.stringify(rest?.data?.[key] ?? null)));
          return resultOf(dataOf(prepared.roots, data), all);
        });
      },
    };
  }

  /** Finds a query that ran before: it is valid, within the document limits, and fully resolved by SQL. */
  known(query: string, operationName: string | null | undefined): RunningOperation | null {
    const document = this.#documents.get(query);
    const running = document ? operationOf(document, operationName) : null;
    return running && this.#known.has(running) ? running : null;
  }

  /** Prepares an operation. Returns null if it has errors, selects nothing, or needs more than the SQL statement. */
  prepare(running: RunningOperation, given: unknown, context: Context): Prepared | null {
    const variables = this.#variablesOf(running, given);
    if (!variables) return null;
    const errors: GraphQLError[] = [];
    const prepared = this.#prepare(running, variables, context, errors);
    return prepared.isWhole && hasStatement(prepared) && errors.length === 0 ? prepared : null;
  }

  /** Runs a prepared query. Returns its data as UTF-8 JSON, and any errors. */
  async answer(prepared: Prepared, context: Context): Promise<{ data: Buffer; errors: GraphQLError[] }> {
    const errors: GraphQLError[] = [];
    const data = await this.#run(prepared, context, errors);
    return { data: data ? dataOf(prepared.roots, data) : nothing, errors };
  }

  // Coerces the variables. Returns null if any of them is invalid.
  #variablesOf({ operation }: RunningOperation, given: unknown): Variables | null {
    const inputs = (given ?? {}) as Variables;
    return getVariableValues(this.#schema, operation.variableDefinitions ?? [], inputs).coerced ?? null;
  }

  // Returns no roots if a directive is invalid: graphql-js then reports the error.
  #rootsOf({ alone, operation }: RunningOperation, variables: Variables, { viewer }: Context): Root[] {
    const compiler = new SqlCompiler(fragmentsOf(alone), variables, viewer.scopes);
    try {
      return [...compiler.select([operation.selectionSet])].map(([key, nodes]) => ({
        key,
        nodes,
        root: this.#sqlRoots[nodes[0]?.name.value ?? ''],
      }));
    } catch (error) {
      if (error instanceof GraphQLError) return [];
      throw error;
    }
  }

  #readAll(roots: Root[], variables: Variables, context: Context, errors: GraphQLError[]): Read[] {
    return roots.flatMap(({ key, nodes, root }) => {
      const [node] = nodes;
      if (!root || !node) return [];
      try {
        return [{ key, nodes, root, reading: this.#read(root, node, variables, context) }];
      } catch (error) {
        errors.push(errorAt(error, key, node));
        return [];
      }
    });
  }

  // Directives with variables change which fields are selected, and arguments which can be compiled.
  #prepare(running: RunningOperation, variables: Variables, context: Context, errors: GraphQLError[]): Prepared {
    const roots = this.#rootsOf(running, variables, context);
    const read = this.#readAll(roots, variables, context, errors);
    const cacheKey = `${running.id} ${keyOf(variables, context.viewer.scopes)}`;
    const statement = this.#statementOf(running, variables, context, read, cacheKey);
    // The parameters of the fields that are compiled come after those of the statement.
    const values: unknown[] = statement.parameters.map(() => null);
    const rendered = this.#renderAll(running, variables, context, roots, values, cacheKey);
    const ours = new Set(roots.flatMap(({ key, nodes, root }) => (root || isTypename(nodes) ? key : [])));
    for (const { key } of rendered) ours.add(key);
    return { roots, read, rendered, statement, values, variables, ours, isWhole: ours.size === roots.length };
  }

  #renderAll(
    { alone }: RunningOperation,
    variables: Variables,
    context: Context,
    roots: Root[],
    values: unknown[],
    cacheKey: string,
  ): Rendered[] {
    const shared = { cacheKey, documentBytes: bytesOf(alone), fragments: fragmentsOf(alone), variables, context };
    return roots.flatMap(({ key, nodes, root }, i) => {
      if (root) return [];
      const before = values.length;
      // The first two parameters are the workspace and the key.
      const parameter = (value: unknown) => `$${values.push(value) + 2}`;
      const field = { ...shared, key, nodes, scopes: context.viewer.scopes };
      const sql = this.#plans.render(field, parameter, `r${i}`);
      if (sql) return [{ ...sql, key, nodes }];
      values.length = before;
      return [];
    });
  }

  // Returns null if a non-nullable field has no data.
  async #run(prepared: Prepared, context: Context, errors: GraphQLError[]): Promise<Answered | null> {
    const data: Answered = new Map();
    for (const { key, nodes } of prepared.roots) if (isTypename(nodes)) data.set(key, Buffer.from('"Query"'));
    const asked = [...prepared.read, ...prepared.rendered];
    if (asked.length === 0) return data;
    try {
      await this.#send(prepared, context, data);
    } catch (error) {
      // None of these fields has data. `maskError` decides which part of the error the caller sees.
      for (const { key, nodes } of asked) errors.push(errorAt(error, key, nodes[0]));
      const fields = this.#schema.getQueryType()?.getFields() ?? {};
      if (asked.some(({ nodes }) => isNonNullType(fields[nodes[0]?.name.value ?? '']?.type))) return null;
    }
    return data;
  }

  #statementOf(
    { alone }: RunningOperation,
    variables: Variables,
    context: Context,
    read: Read[],
    cacheKey: string,
  ): Statement {
    const shape = JSON.stringify(read.map(({ key, reading }) => [key, reading.shape]));
    const name = `${cacheKey} ${shape}`;
    const known = this.#statements.get(name);
    if (known) return known;
    const statement = compile(alone, variables, context, read);
    const text = statement.columns.join('');
    // The statement keeps references to document nodes, so their size counts too.
    this.#statements.set(name, statement, { size: 2 * (name.length + text.length) + bytesOf(alone) });
    return statement;
  }

  async #send(prepared: Prepared, context: Context, data: Answered): Promise<void> {
    const { read, rendered, statement, variables } = prepared;
    const readings = read.map(({ reading }) => reading);
    const values = [...prepared.values];
    for (const [i, parameter] of statement.parameters.entries()) values[i] = parameter(variables, readings);
    const { workspaceId, keyId, kind } = context.viewer;
    const columns = [...statement.columns, ...rendered.map(({ text }, i) => `${text}::text AS "query${i}"`)];
    const [row] = await context.db.read<Record<string, string | null> & { isAllowed: boolean | null }>({
      text: `SELECT (${keyHolds}) AS "isAllowed", ${columns.join(', ')}`,
      values: [workspaceId, keyId, ...values],
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
    for (const [i, { key, write, request }] of rendered.entries()) {
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
  async #rest(args: ExecutionArgs, ours: ReadonlySet<string>): Promise<ExecutionResult> {
    const [schema, typeInfo] = [this.#schema, new TypeInfo(this.#schema)];
    const enter = (node: FieldNode) => {
      const { alias, name, directives } = node;
      if (!ours.has((alias ?? name).value) || typeInfo.getParentType() !== schema.getQueryType()) return undefined;
      return { kind: Kind.FIELD, alias: alias ?? name, name: { ...name, value: '__typename' }, directives };
    };
    const document = visit(args.document, visitWithTypeInfo(typeInfo, { Field: { enter } }));
    return execute({ ...args, document });
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

type Read = Omit<Root, 'root'> & { root: SqlRoot; reading: Reading };

function compile(document: DocumentNode, variables: Variables, { viewer }: Context, read: Read[]): Statement {
  const compiler = new SqlCompiler(fragmentsOf(document), variables, viewer.scopes);
  const writes: Write[] = [];
  const columns = read.map(({ nodes, root: { type, from }, reading }, i) => {
    const parameter = (name: string) => compiler.parameter((_variables, readings) => readings[i]?.values[name]);
    const { columns, write } = compiler.root(type, nodes, reading.shape);
    writes.push(write);
    const source = from(reading, parameter);
    return `${compiler.rowOf(['c."id"', ...columns], source.from, source.tables)}::text AS "json${i}"`;
  });
  return { columns, parameters: compiler.parameters, writes };
}

const scopeKeys = new WeakMap<ReadonlySet<string>, string>();

// A statement depends on the Boolean variables, which control directives, and on the caller's scopes.
function keyOf(variables: Variables, scopes: ReadonlySet<string>): string {
  const scopeKey = scopeKeys.get(scopes) ?? [...scopes].join();
  scopeKeys.set(scopes, scopeKey);
  let included = '';
  for (const name in variables) if (typeof variables[name] === 'boolean') included += `${name} ${variables[name]} `;
  return included + scopeKey;
}

function hasStatement({ read, rendered }: Prepared): boolean {
  return read.length + rendered.length > 0;
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

/** Wraps JSON data in a result. Yoga serializes a result with its `stringify` method if it has one. */
export function resultOf(data: Buffer, errors: GraphQLError[]): ExecutionResult {
  const stringify = ({ errors, extensions }: ExecutionResult) => {
    const rest = JSON.stringify({ errors, extensions }).slice(1);
    return `{"data":${data}${rest === '}' ? '' : ','}${rest}`;
  };
  return Object.assign({ data: {}, ...(errors.length > 0 && { errors }) }, { stringify });
}

function errorAt(error: unknown, key: string, node: FieldNode | undefined): GraphQLError {
  const { message } = error instanceof Error ? error : new Error('The field could not be resolved.');
  const originalError = error instanceof Error ? error : null;
  return new GraphQLError(message, { nodes: node ?? null, path: [key], originalError });
}
