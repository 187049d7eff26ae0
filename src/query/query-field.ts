import type { GraphQLField } from 'graphql';
import type { CompiledField, FieldContext, Shape } from './compile/compiler.ts';
import type { PagePlan } from './pages/page-plan.ts';
import type { Serializer } from './serialize/serializer.ts';
import type { Condition, RowSql } from './sql/condition.ts';

/** Declares how SQL reads a field that Pothos and Prisma do not describe. Set as the extension `query` of the field. */
export type QueryField<Context> =
  | PageField<Context>
  | RowField<Context>
  | RowsByIdField
  | ColumnsField
  | OneOfField
  | SourceField<Context>
  | SqlField<Context>;

/** A Relay connection over the rows of a model, over those of a relation of the parent row, or over other SQL. */
export type PageField<Context> = {
  kind: 'page';
  /** Model of the rows. Null if the plan has SQL for them. */
  model: string | null;
  /** Relation of the parent whose rows are listed. Null if the list does not depend on a relation. */
  relation: string | null;
  /** Plans a page from the arguments. Throws if they are invalid. Null if one statement cannot read the page. */
  plan(args: Record<string, unknown>, context: Context): PagePlan | null;
};

/** One row of a model. Null if no row meets the condition. */
export type RowField<Context> = {
  kind: 'row';
  /** Name of the row's type, or how the arguments tell it. Null if no type has rows for them. */
  type: string | ((args: Record<string, unknown>) => string | null);
  /** Returns the condition that the row meets. Throws if the arguments are invalid. */
  where(args: Record<string, unknown>, context: Context): Condition | RowSql;
};

/** Rows of several models by their IDs, at the top level. Null for each ID that finds no row. */
export type RowsByIdField = {
  kind: 'rowsById';
  /** Returns the ID that each row must have, or null if no row can have it. */
  idsOf(args: Record<string, unknown>): ({ type: string; uuid: string } | null)[];
};

/** A value that is serialized from columns, without a resolver. `order.currencyCode` is a column of a related row. */
export type ColumnsField = {
  kind: 'columns';
  columns: string[];
  /** Returns the serializer for the selected members of the value. */
  write(members: SelectedField[]): Serializer<unknown>;
};

/** A field that returns the row of another model. A column of its own row tells which model, and `id` which row. */
export type OneOfField = { kind: 'oneOf'; column: string; models: Readonly<Record<string, string>> };

/**
 * An object that SQL selects, at the top level, with the data of one person. Rows of other persons are left out. It has
 * no resolver: an error in its arguments or selection is an error of the field. Its fields, and those of the objects in
 * it, are of the kind `sql` or belong to rows of models.
 */
export type SourceField<Context> = {
  kind: 'source';
  /** Alias of the row, and SQL for the ID of the person whose data it is. */
  alias: string;
  owner: string;
  /** Parses the arguments. Throws if they are invalid. */
  parse(args: Record<string, unknown>, context: Context): SourceArguments<Context>;
  /** Returns SQL for a single row. `parameter` adds one of the parsed values and returns its placeholder. */
  from(shape: Shape, parameter: (name: string) => string): SourceSql;
};

/** Parsed arguments of a source. */
export type SourceArguments<Context> = {
  /** Values that the SQL depends on. Keep their combinations few, because each one is a separate statement. */
  shape: Shape;
  /** Values of the SQL parameters. */
  values: Record<string, unknown>;
  /** Context for the resolvers of fields in the source. */
  context: Context;
};

/** The FROM and WHERE clauses of the row. `tables` is an optional WITH clause whose queries replace tables. */
export type SourceSql = { from: string; tables?: string };

/** A field with SQL and a serializer of its own. `isLast` fields are compiled after the others of their object. */
export type SqlField<Context> = {
  kind: 'sql';
  isLast?: boolean;
  compile(context: FieldContext<Context>): CompiledField<Context>;
};

/** Declares a field with the value of a column. */
export function columnField(column: string, write: Serializer<unknown>): ColumnsField {
  return { kind: 'columns', columns: [column], write: () => write };
}

/** Response key and field name of a selected field. */
export type SelectedField = { key: string; name: string };

export function queryFieldOf<Context>(field: GraphQLField<unknown, unknown>): QueryField<Context> | null {
  return (field.extensions.query as QueryField<Context> | undefined) ?? null;
}
