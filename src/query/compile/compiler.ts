import type { FieldNode, GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Relation } from '../datamodel.ts';
import type { CountedPlan } from '../pages/page-plan.ts';
import type { Rules } from '../rules.ts';
import type { Selection } from '../selection.ts';
import type { RequestState, Serializer } from '../serialize/serializer.ts';
import type { Scope } from '../sql/condition.ts';
import { joined, type Sql, sql } from '../sql/sql.ts';
import type { ItemColumns } from './item-columns.ts';

/** A request whose statement is rendered and whose response is serialized. */
export type Request<Context> = RequestState<Context> & {
  /** Plans of the pages, by the index of their list. */
  pages: CountedPlan[];
  /** Whether PostgreSQL should plan the statement for its values. Known once it is rendered. */
  isPlannedForValues: boolean;
  /** Adds a parameter of the statement and returns its placeholder. */
  parameter(value: unknown): string;
  /** Returns an alias that the statement does not use yet. */
  alias(): string;
};

/** SQL columns of a field and their serializer. */
export type CompiledField<Context> = {
  columns: Sql<Request<Context>>[];
  write: Serializer<Context>;
  /** Whether the serializer reports whose data it reads. */
  isOwned?: boolean;
};

/** A row in the FROM clause: its model, its alias, and the aliases of related rows that are in scope too. */
export type Row = {
  model: string;
  alias: string;
  related: Record<string, string>;
  /** Columns that the list of the row can select for its items. */
  items?: ItemColumns;
};

/** Values of a source's arguments that its SQL depends on. */
export type Shape = Readonly<Record<string, string | null>>;

/** Where a field with SQL of its own is selected. */
export type FieldContext<Context> = {
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

/** Thrown for a selection that needs a resolver. `reason` is the error of a field that has none. */
export class NeedsResolver extends Error {
  readonly reason: Error | null;

  constructor(field: string, reason: Error | null = null) {
    super(field);
    this.reason = reason;
  }
}

/** Thrown for a field that the caller may not read. In a source, the field is null if it is nullable. */
export class ForbiddenField extends NeedsResolver {}

/** Throws `NeedsResolver` if a field must not be read where it is selected. */
export type FieldCheck = (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, pagesAround: number) => void;

/** What a part of the compiler needs of the whole. */
export type Compiler<Context> = {
  rules: Rules<Context>;
  schema: GraphQLSchema;
  scopes: ReadonlySet<string>;
  /** Shape of the arguments of the source that is compiled. Null for other fields. */
  shape: Shape | null;
  /** SQL for the ID of the person whose data the source holds. Null for other fields. */
  owner: string | null;
  /** Lists of the source that are compiled so far. */
  lists: SqlList<Context>[];
  select(nodes: FieldNode[], type: GraphQLObjectType): Selection;
  /** Returns an alias that no other row has. */
  alias(): string;
  /** Returns the index under which a request stores the plan of one more page. */
  page(): number;
  /** Throws `NeedsResolver` if the caller lacks a scope. The resolver reports it at the right place. */
  authorize(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): void;
  /** Returns whether the caller has the scope of a type. */
  mayRead(type: string): boolean;
  /** Returns whether a field can return an object type with this name. */
  mayReturn(field: GraphQLField<unknown, unknown>, type: string): boolean;
  /** Compiles the selection of an object from a row. */
  object(type: GraphQLObjectType, nodes: FieldNode[], row: Row): CompiledField<Context>;
  /** Compiles one field of an object from a row. */
  member(type: GraphQLObjectType, nodes: FieldNode[], row: Row): CompiledField<Context>;
  /** Compiles with a check of every field in the selection. */
  checked(check: FieldCheck, compile: () => CompiledField<Context>): CompiledField<Context>;
  /** Returns the SQL of a column of the row or, such as `order.currencyCode`, of a related row. */
  column(row: Row, path: string): Sql<Request<Context>>;
  relation(model: string, name: string): Relation;
  /** Returns the condition that a row belongs to the tenant of the request. */
  tenantSql(row: Row): string;
  /** Returns the condition that a row belongs to a row of its relation and, in a source, to the same person. */
  joinSql(relation: Relation, row: Row, parent: Row): string;
  /** Returns a row of a relation, from which the parent row is in scope. */
  related(relation: Relation, parent: Row, alias?: string): Row;
  /** Returns the row of a relation and its FROM clause, which is empty if the row is in scope already. */
  join(relation: Relation, row: Row): { row: Row; from: string };
  conditionScope(request: Request<Context>): Scope;
};

/**
 * Returns the JSON of a row with these columns, as `JsonReader` reads it. A subquery in its place would hide the order
 * of the rows around it from the planner.
 */
export function rowJson<R>(columns: Sql<R>[]): Sql<R> {
  return sql`row_to_json(ROW(${joined(columns, ', ')}))`;
}

/** Names columns as in the rows that `JsonReader` reads. A row needs at least one column. */
export function namedColumns<R>(columns: Sql<R>[]): Sql<R> {
  if (columns.length === 0) return ['1 AS c0'];
  return joined(
    columns.map((column, i) => sql`${column} AS c${String(i)}`),
    ', ',
  );
}
