import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { argumentReader } from '../selection.ts';
import type { JsonReader } from '../serialize/json-reader.ts';
import type { RequestState } from '../serialize/serializer.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { parseColumn, revive } from './column.ts';
import { type CompiledField, type Compiler, NeedsResolver, type Request, type Row } from './compiler.ts';

/** A `select` of Prisma. */
type Select = { [name: string]: boolean | { select: Select } };

type Resolve = (parent: unknown, args: object, context: unknown) => unknown;

type Complete<Context> = (value: unknown, state: RequestState<Context>) => unknown;

/**
 * Compiles a field with a resolver over the columns that its type and the field select. The resolver is synchronous.
 * Arguments reach it if the field selects columns of its own, and if no value of them can be invalid.
 */
export function compileComputed<Context>(
  compiler: Compiler<Context>,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  nodes: FieldNode[],
  row: Row,
): CompiledField<Context> {
  const own = selectOf(field);
  const select = { ...selectOf(type), ...own };
  const [node] = nodes;
  const takesArguments = field.args.length > 0;
  if (takesArguments && (Object.keys(own).length === 0 || !node || field.args.some((arg) => isNonNullType(arg.type))))
    throw new NeedsResolver(`${type.name}.${field.name}`);
  const { column: tenant } = compiler.rules.tenant;
  // Types select the tenant for Prisma. Resolvers have it in the context.
  const parts = Object.entries(select).flatMap(([name, wanted]) =>
    wanted === false || name === tenant ? [] : [part(compiler, name, wanted, row)],
  );
  const resolve = resolveOf(field);
  if (!resolve || parts.length === 0) throw new NeedsResolver(`${type.name}.${field.name}`);
  const { complete, isOwned } = completion(compiler, field.type, nodes);
  const mask = compiler.rules.maskOf(type.name, field, compiler.scopes);
  const argumentsFor = takesArguments && node ? argumentReader(field, node) : () => ({});
  return {
    columns: parts.map(({ column }) => column),
    isOwned: isOwned || mask !== null,
    write: (json, out, state) => {
      const parent: Record<string, unknown> = {};
      for (const { name, read } of parts) parent[name] = read(json);
      const args = argumentsFor(state.variables);
      const value = resolved(resolve(parent, args, state.context), field);
      out.put(JSON.stringify(complete(mask ? mask.show(value, parent, state) : value, state)));
    },
  };
}

function selectOf({ extensions }: { extensions: object }): Select {
  const { pothosPrismaSelect: select } = extensions as { pothosPrismaSelect?: unknown };
  return typeof select === 'object' && select !== null ? (select as Select) : {};
}

function resolveOf({ extensions }: GraphQLField<unknown, unknown>): Resolve | undefined {
  return extensions.pothosOriginalResolve as Resolve | undefined;
}

function resolved(value: unknown, { name }: { name: string }): unknown {
  if (typeof value === 'object' && value !== null && 'then' in value)
    throw new Error(`The resolver of ${name} is asynchronous. Declare the field with the extension \`query\`.`);
  return value ?? null;
}

type Part<Context> = { name: string; column: Sql<Request<Context>>; read: (json: JsonReader) => unknown };

// Reads one entry of a `select`: a column, or a relation as JSON with the names of its columns.
function part<Context>(
  compiler: Compiler<Context>,
  name: string,
  wanted: true | { select: Select },
  row: Row,
): Part<Context> {
  const { datamodel } = compiler.rules;
  const column = datamodel.column(row.model, name);
  if (column) return { name, column: compiler.column(row, name), read: (json) => parseColumn(column, json.column()) };
  const relation = compiler.relation(row.model, name);
  const select = wanted === true ? {} : wanted.select;
  const { row: other, from } = compiler.join(relation, row);
  const columns = Object.keys(select)
    .map((each) => `${other.alias}."${each}"`)
    .join(', ');
  const reviveRow = (value: unknown): unknown =>
    Object.fromEntries(
      Object.entries(value as object).map(([each, of]) => [
        each,
        revive(datamodel.column(relation.model, each)?.type ?? '', of),
      ]),
    );
  const aggregate = relation.isList ? 'json_agg(x)' : 'row_to_json(x)';
  return {
    name,
    column: sql`(SELECT ${aggregate} FROM (SELECT ${columns}${from}) x)`,
    read: (json) => {
      const value: unknown = JSON.parse(json.column());
      if (Array.isArray(value)) return value.map(reviveRow);
      if (value === null) return relation.isList ? [] : null;
      return reviveRow(value);
    },
  };
}

/** Completes a value as graphql-js does: serializes leaves, and selects the fields of objects without a model. */
export function completion<Context>(
  compiler: Compiler<Context>,
  type: GraphQLOutputType,
  nodes: FieldNode[],
): { complete: Complete<Context>; isOwned: boolean } {
  if (isNonNullType(type)) {
    const { complete, isOwned } = completion(compiler, type.ofType, nodes);
    const required: Complete<Context> = (value, state) => {
      if (value === null || value === undefined) throw new Error(`The field ${nodes[0]?.name.value} must not be null.`);
      return complete(value, state);
    };
    return { complete: required, isOwned };
  }
  if (isListType(type)) {
    const { complete, isOwned } = completion(compiler, type.ofType, nodes);
    return {
      complete: (value, state) => (value === null ? null : (value as unknown[]).map((each) => complete(each, state))),
      isOwned,
    };
  }
  if (isLeafType(type)) return { complete: (value) => (value === null ? null : type.serialize(value)), isOwned: false };
  if (!isObjectType(type) || compiler.rules.datamodel.has(type.name)) throw new NeedsResolver(type.name);
  return objectCompletion(compiler, type, nodes);
}

function objectCompletion<Context>(
  compiler: Compiler<Context>,
  type: GraphQLObjectType,
  nodes: FieldNode[],
): { complete: Complete<Context>; isOwned: boolean } {
  const members = [...compiler.select(nodes, type)].map(([key, each]) => {
    const name = each[0]?.name.value ?? '';
    if (name === '__typename') return { key, read: () => type.name, isOwned: false };
    const field = type.getFields()[name];
    if (!field || field.args.length > 0) throw new NeedsResolver(`${type.name}.${name}`);
    compiler.authorize(type, field);
    const { pothosExposedField: exposed } = field.extensions;
    // The resolver of an exposed field needs what only graphql-js passes.
    const resolve = exposed === undefined ? resolveOf(field) : undefined;
    const property = typeof exposed === 'string' ? exposed : name;
    const mask = compiler.rules.maskOf(type.name, field, compiler.scopes);
    const { complete, isOwned } = completion(compiler, field.type, each);
    const read: Complete<Context> = (parent, state) => {
      const given = resolve ? resolve(parent, {}, state.context) : (parent as Record<string, unknown>)[property];
      const value = resolved(given, field);
      return complete(mask ? mask.show(value, parent, state) : value, state);
    };
    return { key, read, isOwned: isOwned || mask !== null };
  });
  const points = compiler.rules.pointsOfObject(type);
  return {
    complete: (value, state) => {
      if (value === null) return null;
      state.points += points;
      return Object.fromEntries(members.map(({ key, read }) => [key, read(value, state)]));
    },
    isOwned: members.some(({ isOwned }) => isOwned),
  };
}
