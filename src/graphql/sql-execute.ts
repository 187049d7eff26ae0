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
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { keyHolds, keyIsOver } from '../db/journal.ts';
import { DomainError } from '../lib/errors.ts';
import type { PiiClass } from '../lib/pii.ts';
import { AnswerBytes } from './answer-bytes.ts';
import type { Context } from './context.ts';
import { fragmentsOf, operationOf, type RunningOperation, requestText } from './operation.ts';
import { noteRead } from './pii.ts';
import { scopeOf } from './scopes-first.ts';
import { Json, type Write } from './sql-answer.ts';
import { type Reading, SqlCompiler, type Variables } from './sql-compile.ts';
import type { SqlType } from './sql-types.ts';

/** A field of the query type that one statement answers, whatever is selected of it. */
export type SqlRoot = {
  type: SqlType;
  /** Reads its arguments, or refuses. */
  read(given: Record<string, unknown>, context: Context): Reading;
  /**
   * The table and conditions of its one row, called `c`, with a column `id` that says whose it is; and a WITH clause that
   * stands in for other tables, if any.
   */
  from(reading: Reading, parameter: (name: string) => string): { from: string; tables?: string };
};

type Root = { key: string; nodes: FieldNode[]; root: SqlRoot | undefined };
type Plan = { roots: Root[]; statements: Map<string, Statement> };
type Statement = {
  text: string;
  parameters: ((variables: Variables, readings: Reading[]) => unknown)[];
  writes: Write[];
};

/**
 * Answers these fields of a query with one statement for all of them, and passes on the JSON that PostgreSQL writes.
 * What else a document asks for is resolved as ever.
 */
export class SqlAnswers {
  readonly #schema: GraphQLSchema;
  readonly #sqlRoots: Record<string, SqlRoot>;
  readonly #plans = new WeakMap<DocumentNode, Map<string, Plan>>();
  readonly #known = new Map<string, RunningOperation>();

  constructor(schema: GraphQLSchema, sqlRoots: Record<string, SqlRoot>) {
    this.#schema = schema;
    this.#sqlRoots = sqlRoots;
  }

  plugin(): Plugin<Context> {
    return {
      onExecute: ({ args, setExecuteFn }) => {
        const { document, operationName, contextValue: context, variableValues } = args;
        const running = operationOf(document, operationName);
        if (running?.operation.operation !== 'query') return;
        const variables = this.variablesOf(running, variableValues);
        // Whoever executes it says what is wrong with them.
        if (!variables) return;
        const plan = this.#planOf(running, variables, context);
        if (!plan.roots.some(({ root }) => root)) return;
        this.#remember(context.params?.query, operationName, running, plan);
        setExecuteFn(async () => {
          const { data, errors } = await this.#answer(running, variables, context, plan);
          const rest = isOurs(plan) ? null : await this.#rest(args);
          // A field of theirs that may not be null was.
          if (rest && !rest.data) return { data: null, errors: [...errors, ...(rest.errors ?? [])] };
          for (const { key, root } of plan.roots)
            if (!root) data.set(key, Buffer.from(JSON.stringify(rest?.data?.[key] ?? null)));
          return resultOf(plan, data, [...errors, ...(rest?.errors ?? [])]);
        });
      },
    };
  }

  /** A query that was answered before, by its text: valid, within the limits of a document, and all of it is ours. */
  known(query: string, operationName: string | null | undefined): RunningOperation | null {
    return this.#known.get(requestText(query, operationName)) ?? null;
  }

  /** Coerced; null where something is wrong with them. */
  variablesOf({ operation }: RunningOperation, given: unknown): Variables | null {
    const inputs = (given ?? {}) as Variables;
    return getVariableValues(this.#schema, operation.variableDefinitions ?? [], inputs).coerced ?? null;
  }

  /** The answer to a known query as JSON in UTF-8; null where there is something to say about it, or more to answer. */
  async answer(running: RunningOperation, variables: Variables, context: Context): Promise<Buffer | null> {
    const plan = this.#planOf(running, variables, context);
    // Variables decide by directives what else is asked for.
    if (!isOurs(plan)) return null;
    const { data, errors } = await this.#answer(running, variables, context, plan);
    return errors.length > 0 ? null : dataOf(plan, data);
  }

  #remember(
    query: string | undefined,
    operationName: string | null | undefined,
    running: RunningOperation,
    plan: Plan,
  ) {
    if (query === undefined || !isOurs(plan)) return;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(requestText(query, operationName), running);
  }

  #planOf(running: RunningOperation, variables: Variables, { viewer }: Context): Plan {
    const { alone, operation } = running;
    const plans = this.#plans.get(alone) ?? new Map<string, Plan>();
    this.#plans.set(alone, plans);
    const key = keyOf(variables, viewer.scopes);
    const known = plans.get(key);
    if (known) return known;
    const compiler = new SqlCompiler(fragmentsOf(alone), variables, viewer.scopes);
    const plan: Plan = { roots: this.#rootsOf(compiler, operation), statements: new Map() };
    if (plans.size >= maxPlans) plans.clear();
    plans.set(key, plan);
    return plan;
  }

  // None where a directive cannot be read: whoever executes it says so.
  #rootsOf(compiler: SqlCompiler, { selectionSet }: OperationDefinitionNode): Root[] {
    try {
      return [...compiler.select([selectionSet])].map(([key, nodes]) => ({
        key,
        nodes,
        root: this.#sqlRoots[nodes[0]?.name.value ?? ''],
      }));
    } catch (error) {
      if (error instanceof GraphQLError) return [];
      throw error;
    }
  }

  async #answer({ alone }: RunningOperation, variables: Variables, context: Context, { roots, statements }: Plan) {
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
    const data: Answered = new Map();
    if (read.length === 0) return { data, errors };
    try {
      await this.#run(alone, variables, context, statements, read, data);
    } catch (error) {
      // Nothing of it is answered; whoever masks errors says what of it may be seen.
      for (const { key, nodes } of read) errors.push(errorAt(error, key, nodes[0]));
    }
    return { data, errors };
  }

  async #run(
    alone: DocumentNode,
    variables: Variables,
    context: Context,
    statements: Plan['statements'],
    read: Read[],
    data: Answered,
  ): Promise<void> {
    const readings = read.map(({ reading }) => reading);
    const shape = JSON.stringify(read.map(({ key, reading }) => [key, reading.shape]));
    const statement = statements.get(shape) ?? compile(alone, variables, context, read);
    if (statements.size >= maxStatements) statements.clear();
    statements.set(shape, statement);

    const values = statement.parameters.map((parameter) => parameter(variables, readings));
    const [row] = await context.db.read<Record<string, string | null> & { isAllowed: boolean | null }>({
      text: statement.text,
      values: [context.viewer.workspaceId, context.viewer.keyId, ...values],
    });
    // Whoever was let in by what a process remembers of a key is asked for again here.
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
    if (!field) throw new Error(`There is no field ${node.name.value}.`);
    const scope = scopeOf(field);
    if (scope && !context.viewer.scopes.has(scope))
      throw new DomainError('FORBIDDEN', `This key may not see Query.${field.name}.`);
    return root.read(getArgumentValues(field, node, variables), context);
  }

  // Whatever else the document asks for, with `__typename` in the place of each field that a statement answers, so that
  // all others stay where they are.
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

const maxPlans = 100;
const maxStatements = 100;
const maxKnown = 200;

// Nothing is awaited while an answer is written, so one is enough.
const out = new AnswerBytes();

/** By response key, in JSON. */
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

// What a plan depends on: what is included by variables, and what may be seen.
function keyOf(variables: Variables, scopes: ReadonlySet<string>): string {
  const scopeKey = scopeKeys.get(scopes) ?? [...scopes].join();
  scopeKeys.set(scopes, scopeKey);
  let included = '';
  for (const name in variables) if (typeof variables[name] === 'boolean') included += `${name} ${variables[name]} `;
  return included + scopeKey;
}

function isOurs({ roots }: Plan): boolean {
  return roots.every(({ root }) => root);
}

function dataOf({ roots }: Plan, data: Answered): Buffer {
  const members = roots.flatMap(({ key }, i) => [
    Buffer.from(`${i > 0 ? ',' : '{'}"${key}":`),
    data.get(key) ?? nothing,
  ]);
  return Buffer.concat([...members, end]);
}

const [nothing, end] = [Buffer.from('null'), Buffer.from('}')];

// Yoga writes a result by its own `stringify`, where it has one.
function resultOf(plan: Plan, data: Answered, errors: GraphQLError[]): ExecutionResult {
  const stringify = ({ errors, extensions }: ExecutionResult) => {
    const rest = JSON.stringify({ errors, extensions }).slice(1);
    return `{"data":${dataOf(plan, data)}${rest === '}' ? '' : ','}${rest}`;
  };
  return Object.assign({ data: {}, ...(errors.length > 0 && { errors }) }, { stringify });
}

function errorAt(error: unknown, key: string, node: FieldNode | undefined): GraphQLError {
  const { message } = error instanceof Error ? error : new Error('It could not be answered.');
  const originalError = error instanceof Error ? error : null;
  return new GraphQLError(message, { nodes: node ?? null, path: [key], originalError });
}
