import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import type { SelectedField, SqlField } from '../query-field.ts';
import { argumentReader } from '../selection.ts';
import { passthrough, type Transform } from '../serialize/serializer.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { type CompiledField, type FieldContext, namedColumns, type Request, type Row } from './compiler.ts';
import { completion } from './computed.ts';

/** Returns the object type that the field returns. */
export function objectOf<Context>({ field }: FieldContext<Context>): GraphQLObjectType {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) throw new Error(`${field.name} returns no object.`);
  return type;
}

/** Returns the response keys and field names that are selected of the object that the field returns. */
export function membersOf<Context>(context: FieldContext<Context>): SelectedField[] {
  const selection = context.compiler.select(context.nodes, objectOf(context));
  return [...selection].map(([key, [node]]) => ({ key, name: node?.name.value ?? '' }));
}

/** Compiles an object from the same row. */
export function objectOfRow<Context>(context: FieldContext<Context>): CompiledField<Context> {
  return context.compiler.object(objectOf(context), context.nodes, context.row);
}

/** Compiles an object from the first row of other SQL. Null if there is none. */
export function objectFrom<Context>(context: FieldContext<Context>, from: string): CompiledField<Context> {
  const { columns, write } = objectOfRow(context);
  return {
    columns: [sql`(SELECT row_to_json(x) FROM (SELECT ${namedColumns(columns)} ${from} LIMIT 1) x)`],
    write: (json, out, state) => {
      json.row(out, (within) => write(within, out, state));
    },
  };
}

/** Compiles a list of rows of other SQL. Records it among the lists of the source if it is a part of it. */
export function listFrom<Context>(
  { compiler, nodes, part, ...context }: FieldContext<Context>,
  row: Row,
  from: string,
  first: Sql<Request<Context>>,
): CompiledField<Context> {
  const { columns, write } = compiler.object(objectOf({ compiler, nodes, ...context }), nodes, row);
  if (part) compiler.lists.push({ ...part, from, first });
  return {
    columns: [sql`(SELECT json_agg(x) FROM (SELECT ${namedColumns(columns)} ${from} LIMIT ${first}) x)`],
    write: (json, out, state) => json.rows(out, (within) => write(within, out, state)),
  };
}

/** Returns the argument `first` of the field as a parameter. `check` throws if a value is invalid. */
export function firstOf<Context>(
  { field, nodes }: FieldContext<Context>,
  otherwise: number,
  check: (first: number) => void,
): Sql<Request<Context>> {
  const [node] = nodes;
  const argumentsFor = node && argumentReader(field, node);
  return [
    ({ variables, parameter }) => {
      const given = argumentsFor?.(variables).first;
      const first = typeof given === 'number' ? given : otherwise;
      check(first);
      return `${parameter(first)}::int`;
    },
  ];
}

/** Compiles a field that JavaScript computes from a column with JSON. Null if the column is null. */
export function computedFrom<Context>(
  { compiler, field, nodes }: FieldContext<Context>,
  column: Sql<Request<Context>>,
  compute: Transform<Context>,
): CompiledField<Context> {
  const { complete } = completion(compiler, field.type, nodes);
  return {
    columns: [column],
    write: (json, out, state) => {
      const given = json.column();
      const value = given === 'null' ? null : (compute(JSON.parse(given), state) ?? null);
      out.put(JSON.stringify(complete(value, state)));
    },
  };
}

/** Declares a field whose value SQL computes from the row with an alias. The JSON of PostgreSQL is its value. */
export function sqlValue(sqlOf: (alias: string) => string): SqlField<unknown> {
  return { kind: 'sql', compile: ({ row }) => ({ columns: [[sqlOf(row.alias)]], write: passthrough }) };
}
