import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Member, SqlField } from '../query-field.ts';
import { copied, type Finish } from '../serialize/json-reader.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { type Compiled, type Compiler, named, type Request, type Row } from './compiler.ts';
import { completion } from './computed.ts';

/** Where a field with SQL of its own is selected. */
export type SqlPlace<Context> = {
  compiler: Compiler<Context>;
  field: GraphQLField<unknown, unknown>;
  nodes: FieldNode[];
  /** Row that the object of the field belongs to. */
  row: Row;
  /** Name of the part of the source to which the field belongs, and the condition under which it is shown. */
  part?: Part;
};

export type Part = { name: string; condition: string };

/** SQL for the rows of a list that is part of a source, and for how many of them are shown. */
export type SqlList<Context> = Part & { from: string; first: Sql<Request<Context>> };

/** Returns the object type that the field returns. */
export function objectOf<Context>({ field }: SqlPlace<Context>): GraphQLObjectType {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) throw new Error(`${field.name} returns no object.`);
  return type;
}

/** Returns the response keys and field names that are selected of the object that the field returns. */
export function membersOf<Context>(place: SqlPlace<Context>): Member[] {
  const selection = place.compiler.select(place.nodes, objectOf(place));
  return [...selection].map(([key, [node]]) => ({ key, name: node?.name.value ?? '' }));
}

/** Compiles an object from the same row. */
export function objectOfRow<Context>(place: SqlPlace<Context>): Compiled<Context> {
  return place.compiler.object(objectOf(place), place.nodes, place.row);
}

/** Compiles an object from the first row of other SQL. Null if there is none. */
export function objectFrom<Context>(place: SqlPlace<Context>, from: string): Compiled<Context> {
  const { columns, write } = objectOfRow(place);
  return {
    columns: [sql`(SELECT row_to_json(x) FROM (SELECT ${named(columns)} ${from} LIMIT 1) x)`],
    write: (json, out, asked) => {
      json.row(out, (within) => write(within, out, asked));
    },
  };
}

/** Compiles a list of rows of other SQL. Records it among the lists of the source if it is a part of it. */
export function listFrom<Context>(
  { compiler, nodes, part, ...place }: SqlPlace<Context>,
  row: Row,
  from: string,
  first: Sql<Request<Context>>,
): Compiled<Context> {
  const { columns, write } = compiler.object(objectOf({ compiler, nodes, ...place }), nodes, row);
  if (part) compiler.lists.push({ ...part, from, first });
  return {
    columns: [sql`(SELECT json_agg(x) FROM (SELECT ${named(columns)} ${from} LIMIT ${first}) x)`],
    write: (json, out, asked) => json.rows(out, (within) => write(within, out, asked)),
  };
}

/** Returns the argument `first` of the field as a parameter. `check` throws if a value is invalid. */
export function firstOf<Context>(
  { field, nodes }: SqlPlace<Context>,
  otherwise: number,
  check: (first: number) => void,
): Sql<Request<Context>> {
  const [node] = nodes;
  return [
    ({ variables, parameter }) => {
      const given = node && getArgumentValues(field, node, variables).first;
      const first = typeof given === 'number' ? given : otherwise;
      check(first);
      return `${parameter(first)}::int`;
    },
  ];
}

/** Compiles a field that JavaScript computes from a column with JSON. Null if the column is null. */
export function computedFrom<Context>(
  { compiler, field, nodes }: SqlPlace<Context>,
  column: Sql<Request<Context>>,
  compute: Finish<Context>,
): Compiled<Context> {
  const { complete } = completion(compiler, field.type, nodes);
  return {
    columns: [column],
    write: (json, out, asked) => {
      const given = json.column();
      const value = given === 'null' ? null : (compute(JSON.parse(given), asked) ?? null);
      out.put(JSON.stringify(complete(value, asked)));
    },
  };
}

/** Declares a field whose value SQL computes from the row with an alias. The JSON of PostgreSQL is its value. */
export function sqlValue(sqlOf: (alias: string) => string): SqlField<unknown> {
  return { kind: 'sql', compile: ({ row }) => ({ columns: [[sqlOf(row.alias)]], write: copied }) };
}
