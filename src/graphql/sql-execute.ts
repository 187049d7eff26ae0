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
import type { PiiClass } from '../lib/pii.ts';
import { AnswerBytes } from './answer-bytes.ts';
import type { Context } from './context.ts';
import { bytesOf, type ParsedDocuments } from './documents.ts';
import { fragmentsOf, operationOf, type RunningOperation } from './operation.ts';
import { noteRead } from './pii.ts';
import { scopeOf } from './scopes-first.ts';
import { Json, type Write } from './sql-answer.ts';
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
type Statement = {
  text: string;
  parameters: ((variables: Variables, readings: Reading[]) => unknown)[];
  writes: Write[];
};

/** A query that a single statement resolves, with its arguments parsed and ready to run. */
export type Prepared = { running: RunningOperation; variables: Variables; roots: Root[]; read: Read[] };

/**
 * Resolves these query fields with a single SQL statement and returns the JSON that PostgreSQL produces. graphql-js
 * resolves all other fields of the document.
 */
export class SqlAnswers {
  readonly #schema: GraphQLSchema;
  readonly #sqlRoots: Record<string, SqlRoot>;
  readonly #documents: ParsedDocuments;
  readonly #statements = new LRUCache<string, Statement>({ maxSize: cacheBytes.statements });
  readonly #known = new WeakSet<RunningOperation>();

  constructor(schema: GraphQLSchema, sqlRoots: Record<string, SqlRoot>, documents: ParsedDocuments) {
    this.#schema = schema;
    this.#sqlRoots = sqlRoots;
    this.#documents = documents;
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
        const roots = this.#rootsOf(running, variables, context);
        if (!roots.some(({ root }) => root)) return;
        if (areOurs(roots)) this.#known.add(running);
        setExecuteFn(async () => {
          const { read, errors } = this.#readAll(roots, variables, context);
          const data = await this.#run({ running, variables, roots, read }, context, errors);
          const rest = areOurs(roots) ? null : await this.#rest(args);
          // A non-nullable field outside the statement resolved to null.
          if (rest && !rest.data) return { data: null, errors: [...errors, ...(rest.errors ?? [])] };
          for (const { key, root } of roots)
            if (!root) data.set(key, Buffer.from(JSON.stringify(rest?.data?.[key] ?? null)));
          return resultOf(dataOf(roots, data), [...errors, ...(rest?.errors ?? [])]);
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
    // Directives with variables change which fields are selected.
    const roots = this.#rootsOf(running, variables, context);
    if (roots.length === 0 || !areOurs(roots)) return null;
    const { read, errors } = this.#readAll(roots, variables, context);
    return errors.length > 0 ? null : { running, variables, roots, read };
  }

  /** Runs a prepared query. Returns its data as UTF-8 JSON, and any errors. */
  async answer(prepared: Prepared, context: Context): Promise<{ data: Buffer; errors: GraphQLError[] }> {
    const errors: GraphQLError[] = [];
    const data = await this.#run(prepared, context, errors);
    return { data: dataOf(prepared.roots, data), errors };
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

  async #run({ running, variables, read }: Prepared, context: Context, errors: GraphQLError[]): Promise<Answered> {
    const data: Answered = new Map();
    if (read.length === 0) return data;
    try {
      await this.#send(running, variables, context, read, data);
    } catch (error) {
      // None of these fields has data. `maskError` decides which part of the error the caller sees.
      for (const { key, nodes } of read) errors.push(errorAt(error, key, nodes[0]));
    }
    return data;
  }

  async #send(
    { id, alone }: RunningOperation,
    variables: Variables,
    context: Context,
    read: Read[],
    data: Answered,
  ): Promise<void> {
    const readings = read.map(({ reading }) => reading);
    const shape = JSON.stringify(read.map(({ key, reading }) => [key, reading.shape]));
    const name = `${id} ${keyOf(variables, context.viewer.scopes)} ${shape}`;
    let statement = this.#statements.get(name);
    if (!statement) {
      statement = compile(alone, variables, context, read);
      // The statement keeps references to document nodes, so their size counts too.
      this.#statements.set(name, statement, { size: 2 * (name.length + statement.text.length) + bytesOf(alone) });
    }

    const values = statement.parameters.map((parameter) => parameter(variables, readings));
    const [row] = await context.db.read<Record<string, string | null> & { isAllowed: boolean | null }>({
      text: statement.text,
      values: [context.viewer.workspaceId, context.viewer.keyId, ...values],
    });
    // The caller may have been authenticated from the key cache, so the statement checks the key again.
    if (!row?.isAllowed) throw keyIsOver();
    for (const [i, { key, reading }] of read.entries()) {
      const text = row[`json${i}`];
      if (text === null || text === undefined) continue;
      const json = new Json(text);
      const whose = json.column().slice(1, -1);
      const note = (piiClass: PiiClass) => noteRead(context, whose, piiClass);
      const asked = { context, note, values: reading.values };
      out.drop();
      statement.writes[i]?.(json, out, asked);
      data.set(key, out.take());
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
  async #rest(args: ExecutionArgs): Promise<ExecutionResult> {
    const [schema, typeInfo] = [this.#schema, new TypeInfo(this.#schema)];
    const enter = (node: FieldNode) => {
      if (!(node.name.value in this.#sqlRoots) || typeInfo.getParentType() !== schema.getQueryType()) return undefined;
      const { alias, name, directives } = node;
      return { kind: Kind.FIELD, alias: alias ?? name, name: { ...name, value: '__typename' }, directives };
    };
    const document = visit(args.document, visitWithTypeInfo(typeInfo, { Field: { enter } }));
    return execute({ ...args, document });
  }
}

// Serialization is synchronous, so all requests can share one buffer.
const out = new AnswerBytes();

/** JSON data by response key. */
type Answered = Map<string, Buffer>;

type Read = Omit<Root, 'root'> & { root: SqlRoot; reading: Reading };

function compile(document: DocumentNode, variables: Variables, { viewer }: Context, read: Read[]): Statement {
  const compiler = new SqlCompiler(fragmentsOf(document), variables, viewer.scopes);
  const writes: Write[] = [];
  const rows = read.map(({ nodes, root: { type, from }, reading }, i) => {
    const parameter = (name: string) => compiler.parameter((_variables, readings) => readings[i]?.values[name]);
    const { columns, write } = compiler.root(type, nodes, reading.shape);
    writes.push(write);
    const source = from(reading, parameter);
    return `${compiler.rowOf(['c."id"', ...columns], source.from, source.tables)}::text AS "json${i}"`;
  });
  return {
    text: `SELECT (${keyHolds}) AS "isAllowed", ${rows.join(', ')}`,
    parameters: compiler.parameters,
    writes,
  };
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

function areOurs(roots: Root[]): boolean {
  return roots.every(({ root }) => root);
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
