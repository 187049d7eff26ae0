import { type FieldNode, type GraphQLField, isObjectType } from 'graphql';
import type { OneOfField, RowsByIdField } from '../query-field.ts';
import { argumentReader } from '../selection.ts';
import type { JsonReader } from '../serialize/json-reader.ts';
import type { Serializer } from '../serialize/serializer.ts';
import { joined, type Sql, sql } from '../sql/sql.ts';
import {
  type CompiledField,
  type Compiler,
  NeedsResolver,
  namedColumns,
  type Request,
  type Row,
  rowJson,
} from './compiler.ts';

/** Compiles a field that returns a row of one of several models. */
export function compileOneOf<Context>(
  compiler: Compiler<Context>,
  field: GraphQLField<unknown, unknown>,
  { column, models }: OneOfField,
  nodes: FieldNode[],
  row: Row,
): CompiledField<Context> {
  const { columns, read } = compileBranches(compiler, field, models, nodes, row, column);
  return { columns, write: (json, out, state) => read(json)(json, out, state) };
}

/** Compiles a list of rows of several models, in the order of their IDs. `types` are the models that occur. */
export function compileRowsById<Context>(
  compiler: Compiler<Context>,
  field: GraphQLField<unknown, unknown>,
  { idsOf }: RowsByIdField,
  nodes: FieldNode[],
  types: string,
): CompiledField<Context> {
  const [node] = nodes;
  const possible = types.split(' ').filter((type) => compiler.mayReturn(field, type));
  for (const type of possible) if (!compiler.mayRead(type)) throw new NeedsResolver(type);
  const models = Object.fromEntries(possible.map((type) => [type, type]));
  const alias = compiler.alias();
  const { columns, read } = compileBranches(compiler, field, models, nodes, { alias }, 'type');
  const argumentsFor = node && argumentReader(field, node);
  const from = ({ variables, parameter }: Request<Context>) => {
    const ids = argumentsFor ? idsOf(argumentsFor(variables)) : [];
    const [names, uuids] = [ids.map((id) => id?.type ?? null), ids.map((id) => id?.uuid ?? null)];
    return `unnest(${parameter(names)}::text[], ${parameter(uuids)}::uuid[]) WITH ORDINALITY AS ${alias}(type, id, n)`;
  };
  return {
    columns: [sql`(SELECT json_agg(x) FROM (SELECT ${namedColumns(columns)} FROM ${from} ORDER BY ${alias}.n) x)`],
    write: (json, out, state) => json.rows(out, (within) => read(within)(within, out, state)),
  };
}

type Branches<Context> = {
  /** The name of the model, and its row as JSON. */
  columns: Sql<Request<Context>>[];
  /** Reads the name of the model and returns the serializer of its row. */
  read: (json: JsonReader) => Serializer<Context>;
};

// Compiles every model that the caller may read. Rows of the others do not occur.
function compileBranches<Context>(
  compiler: Compiler<Context>,
  field: GraphQLField<unknown, unknown>,
  models: Readonly<Record<string, string>>,
  nodes: FieldNode[],
  { alias, items }: Pick<Row, 'alias' | 'items'>,
  column: string,
): Branches<Context> {
  const [name, id] = [`${alias}."${column}"`, `${alias}."id"`];
  const serializers = new Map<string, Serializer<Context>>();
  const listed = new Map<string, string>();
  const cases = Object.entries(models).flatMap(([value, model]) => {
    const type = compiler.schema.getType(model);
    if (!isObjectType(type)) throw new Error(`${field.name} has no type ${model}.`);
    if (!compiler.mayRead(model)) return [];
    const ownAlias = compiler.alias();
    const other: Row = { model, alias: items?.aliasOf(model, ownAlias) ?? ownAlias, related: {} };
    const { columns, write } = compiler.object(type, nodes, other);
    serializers.set(`"${value}"`, (json, out, state) => {
      json.row(out, (within) => write(within, out, state));
    });
    if (items && columns.every(isPlain)) {
      listed.set(model, rowJson(columns).join(''));
      return [];
    }
    const from = `"${model}" ${other.alias} WHERE ${compiler.tenantSql(other)} AND ${other.alias}."id" = ${id}`;
    return [sql` WHEN '${value}' THEN (SELECT ${rowJson(columns)} FROM ${from})`];
  });
  const nothing: Serializer<Context> = (json, out) => {
    json.row(out, () => {});
  };
  const others = listed.size > 0 ? `${alias}."${items?.add(listed)}"` : 'NULL';
  return {
    columns: [[name], cases.length > 0 ? sql`CASE ${name}${joined(cases, '')} ELSE ${others} END` : [others]],
    read: (json) => serializers.get(json.column()) ?? nothing,
  };
}

// Whether a column takes no look-up. A list may read more rows than it shows, so it selects no others.
function isPlain(column: Sql<never>): boolean {
  return column.every((part) => typeof part === 'string' && !part.includes('SELECT'));
}
