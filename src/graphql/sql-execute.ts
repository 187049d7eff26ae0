import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
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
import { DomainError } from '../lib/errors.ts';
import type { PiiClass } from '../lib/pii.ts';
import type { Context } from './context.ts';
import { refusal } from './errors.ts';
import { operationOf } from './operation.ts';
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
  /** The table and conditions of its one row, called `c`, with a column `id` that says whose it is. */
  from(reading: Reading, parameter: (name: string) => string): string;
};

type Root = { key: string; nodes: FieldNode[]; root: SqlRoot | undefined };
type Plan = { roots: Root[]; statements: Map<string, Statement> };
type Statement = {
  text: string;
  parameters: ((variables: Variables, readings: Reading[]) => unknown)[];
  writes: Write[];
  shown: PiiClass[];
};

/**
 * Answers these fields of a query with one statement for all of them, and passes on the JSON that PostgreSQL writes.
 * What else a document asks for is resolved as ever.
 */
export function useSqlRoots(schema: GraphQLSchema, sqlRoots: Record<string, SqlRoot>): Plugin<Context> {
  const plans = new WeakMap<DocumentNode, Map<string, Plan>>();

  function planOf(
    { document, contextValue }: Arguments,
    operation: OperationDefinitionNode,
    variables: Variables,
  ): Plan {
    const included = Object.entries(variables).filter(([, value]) => typeof value === 'boolean');
    const known = plans.get(document) ?? new Map<string, Plan>();
    plans.set(document, known);
    const key = `${operation.name?.value} ${included} ${[...contextValue.viewer.scopes]}`;
    const plan = known.get(key) ?? { roots: rootsOf(document, operation, variables), statements: new Map() };
    if (known.size > maxPlans) known.clear();
    known.set(key, plan);
    return plan;
  }

  function rootsOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): Root[] {
    const compiler = new SqlCompiler(fragmentsOf(document), variables, new Set());
    return [...compiler.select([operation.selectionSet])].map(([key, nodes]) => ({
      key,
      nodes,
      root: sqlRoots[nodes[0]?.name.value ?? ''],
    }));
  }

  async function answer(args: Arguments, variables: Variables, { roots, statements }: Plan): Promise<ExecutionResult> {
    const { document, contextValue: context } = args;
    const errors: GraphQLError[] = [];
    const read = roots.flatMap(({ key, nodes, root }) => {
      const [node] = nodes;
      const field = root && node && schema.getQueryType()?.getFields()[node.name.value];
      if (!field) return [];
      try {
        const scope = scopeOf(field);
        if (scope && !context.viewer.scopes.has(scope))
          throw new DomainError('FORBIDDEN', `This key may not see Query.${field.name}.`);
        return [{ key, nodes, root, reading: root.read(getArgumentValues(field, node, variables), context) }];
      } catch (error) {
        errors.push(refusalAt(error, key, node));
        return [];
      }
    });
    const readings = read.map(({ reading }) => reading);
    const shape = JSON.stringify(read.map(({ key, reading }) => [key, reading.shape]));
    const statement = statements.get(shape) ?? compile(document, variables, context, read);
    statements.set(shape, statement);

    const parts = new Map<string, string>();
    if (read.length > 0) {
      const values = statement.parameters.map((parameter) => parameter(variables, readings));
      const [row = {}] = await context.db.read<Record<string, string | null>>({ text: statement.text, values });
      for (const [i, { key, reading }] of read.entries()) {
        const [whose = null, text = null] = [row[`id${i}`], row[`json${i}`]];
        if (text === null) continue;
        const note = (piiClass: PiiClass) => noteRead(context, whose, piiClass);
        statement.shown.forEach(note);
        const asked = { context, note, values: reading.values };
        parts.set(key, statement.writes[i]?.(new Json(text), asked) ?? 'null');
      }
    }
    if (roots.some(({ root }) => !root)) {
      const rest = await execute({ ...args, document: without(schema, document, sqlRoots) });
      errors.push(...(rest.errors ?? []));
      for (const { key, root } of roots) if (!root) parts.set(key, JSON.stringify(rest.data?.[key] ?? null));
    }
    const members = roots.map(({ key }) => `"${key}":${parts.get(key) ?? 'null'}`);
    return written(`{${members.join()}}`, errors);
  }

  return {
    onExecute({ args, setExecuteFn }) {
      const running = operationOf(args.document, args.operationName);
      if (running?.operation.operation !== 'query') return;
      const { operation } = running;
      const given = getVariableValues(schema, operation.variableDefinitions ?? [], args.variableValues ?? {});
      // Whoever executes it says what is wrong with them.
      if (!given.coerced) return;
      const plan = planOf(args, operation, given.coerced);
      if (plan.roots.some(({ root }) => root)) setExecuteFn(() => answer(args, given.coerced, plan));
    },
  };
}

const maxPlans = 100;

type Arguments = Omit<ExecutionArgs, 'contextValue' | 'variableValues'> & {
  contextValue: Context;
  variableValues?: Variables;
};
type Read = Omit<Root, 'root'> & { root: SqlRoot; reading: Reading };

function compile(document: DocumentNode, variables: Variables, { viewer }: Context, read: Read[]): Statement {
  const compiler = new SqlCompiler(fragmentsOf(document), variables, viewer.scopes);
  const writes: Write[] = [];
  const joined = read.map(({ nodes, root: { type, from }, reading }, i) => {
    const parameter = (name: string) => compiler.parameter((_variables, readings) => readings[i]?.values[name]);
    const { columns, write } = compiler.object(type.name, type.fields, nodes, reading.shape);
    writes.push(write);
    const json = `${compiler.rowOf(columns, '')}::text`;
    return `LEFT JOIN LATERAL (SELECT c."id"::text AS "id", ${json} AS "json" ${from(reading, parameter)}) r${i} ON true`;
  });
  const columns = read.map((_, i) => `r${i}."id" AS "id${i}", r${i}."json" AS "json${i}"`);
  return {
    text: `SELECT ${columns} FROM (SELECT) one ${joined.join(' ')}`,
    parameters: compiler.parameters,
    writes,
    shown: [...compiler.shown],
  };
}

// The document with `__typename` in the place of each field that a statement answers, so that all others stay where
// they are.
function without(schema: GraphQLSchema, document: DocumentNode, sqlRoots: Record<string, SqlRoot>): DocumentNode {
  const typeInfo = new TypeInfo(schema);
  const enter = (node: FieldNode) => {
    if (!(node.name.value in sqlRoots) || typeInfo.getParentType() !== schema.getQueryType()) return undefined;
    const { alias, name, directives } = node;
    return { kind: Kind.FIELD, alias: alias ?? name, name: { ...name, value: '__typename' }, directives };
  };
  return visit(document, visitWithTypeInfo(typeInfo, { Field: { enter } }));
}

// Yoga writes a result by its own `stringify`, where it has one.
function written(data: string, errors: GraphQLError[]): ExecutionResult {
  const stringify = ({ errors, extensions }: ExecutionResult) => {
    const rest = JSON.stringify({ errors, extensions }).slice(1);
    return `{"data":${data}${rest === '}' ? '' : ','}${rest}`;
  };
  return Object.assign({ data: {}, ...(errors.length > 0 && { errors }) }, { stringify });
}

function refusalAt(error: unknown, key: string, node: FieldNode): GraphQLError {
  if (!(error instanceof DomainError)) throw error;
  const { message, extensions, originalError } = refusal(error);
  return new GraphQLError(message, { nodes: [node], path: [key], extensions, originalError });
}

function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
}
