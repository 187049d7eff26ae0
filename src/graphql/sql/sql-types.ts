import type { OutputType } from '@pothos/core';
import { isObjectType } from 'graphql';
import { invalid } from '../../lib/errors.ts';
import type { IdType } from '../../lib/ids.ts';
import { maxPageSize } from '../../lib/limits.ts';
import { classOfText, masked, type PiiClass, piiScopes } from '../../lib/pii.ts';
import type * as compiler from '../../query/compile/compiler.ts';
import * as query from '../../query/compile/sql-field.ts';
import type { SqlField as QueryField } from '../../query/query-field.ts';
import { passthrough } from '../../query/serialize/serializer.ts';
import type { Sql } from '../../query/sql/sql.ts';
import { type ArgBuilder, builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { cost } from '../cost/points.ts';
import { recordRead } from '../personal-data/pii.ts';
import { asId, asInstant, type Serializer, type Transform } from './serializers.ts';

type Output = OutputType<typeof builder.$inferSchemaTypes>;
export type FieldContext = compiler.FieldContext<Context>;

/** A field that SQL resolves: its definition in the schema, its columns in SQL, and how they are serialized. */
export type SqlField = {
  type: Output;
  description: string;
  isNullable: boolean;
  isList: boolean;
  /** Returns the definitions of the arguments. */
  args?: (t: ArgBuilder) => object;
  /** Default length of a list that has the argument `first`. */
  first?: number;
  /** Compiled after its siblings, because it reports on their lists. */
  isLast?: boolean;
  /** Model whose rows the field returns. */
  model?: string;
  compile: (context: FieldContext) => compiler.CompiledField<Context>;
};

export type SqlFields = Record<string, SqlField>;
/** A type in the schema. `row` is the row of a model that an object of the type is. */
export type SqlType = { ref: Output; row?: compiler.Row };

// Maximum length of a list where the argument `detail` is BRIEF.
const briefLength = 3;

/** Defines a schema type whose fields are SQL expressions over the tables that its parent joins. */
export function sqlType(name: string, description: string, fields: SqlFields, extensions = {}): SqlType {
  const ref = builder.objectRef<object>(name);
  ref.implement({
    description,
    extensions,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(
          ([field, { type, description, isNullable, isList, args, first, isLast, compile }]) => [
            field,
            t.field({
              type: isList ? [type] : type,
              nullable: isNullable,
              description,
              ...(args && { args: args(t) }),
              ...(first !== undefined && {
                args: { first: t.arg.int({ description: firstDescription(first) }) },
              }),
              extensions: {
                query: { kind: 'sql', isLast, compile } satisfies QueryField<Context>,
                // A list without the argument `first` has at most one page of rows.
                ...(isList && cost<{ first?: number | null }>({ size: (args) => args.first ?? first ?? maxPageSize })),
              },
              resolve: resolvedBySql,
              // Pothos infers types from literal names, and these names are known only at run time.
            } as never),
          ],
        ),
      ) as never,
  });
  return { ref };
}

/** Returns the type of a model, whose rows have this alias in SQL. Within a context, the customer is `c`. */
export function rowsOf(model: string, alias: string): SqlType {
  return { ref: model as never, row: { model, alias, related: { customer: 'c' } } };
}

function firstDescription(first: number): string {
  const brief = first > briefLength ? `, or ${briefLength} if \`detail\` is \`BRIEF\`` : '';
  return `Maximum number of items, 0 to 100. Defaults to ${first}${brief}.`;
}

// The statement resolves the whole type, so graphql-js never resolves its fields.
function resolvedBySql(): never {
  throw new Error('A single SQL statement resolves this type.');
}

function field(type: Output, description: string, compile: SqlField['compile']): SqlField {
  return { type, description, isNullable: false, isList: false, compile };
}

function column(type: Output, sql: string, description: string, write: Serializer): SqlField {
  return field(type, description, () => ({ columns: [[sql]], write }));
}

/** Defines a field that returns the JSON of PostgreSQL unchanged. */
export function value(type: Output, sql: string, description: string): SqlField {
  return column(type, sql, description, passthrough);
}

export const float = (sql: string, description: string) => value('Float', `(${sql})::float8`, description);
export const boolean = (sql: string, description: string) => value('Boolean', sql, description);
export const instant = (sql: string, description: string) => column('DateTime', sql, description, asInstant);

export const id = (type: IdType, sql: string, description: string) => column('ID', sql, description, asId(type));

/** Defines an object from the same row. */
export function object({ ref }: SqlType, description: string): SqlField {
  return field(ref, description, query.objectOfRow);
}

/** Defines an object from a row of another table. Null if there is no row. */
export function rowOf({ ref }: SqlType, from: string, description: string): SqlField {
  return nullable(field(ref, description, (context) => query.objectFrom(context, from)));
}

/** Defines a list from another table. Its length defaults to `first`, and to at most 3 if `detail` is BRIEF. */
export function list(type: SqlType, from: string, first: number, description: string): SqlField {
  const rows = field(type.ref, description, (context) => {
    const otherwise = context.compiler.shape?.detail === 'BRIEF' ? Math.min(first, briefLength) : first;
    return query.listFrom(context, type.row ?? context.row, from, query.firstOf(context, otherwise, checkFirst));
  });
  return { ...listOf(rows), first, ...modelOf(type) };
}

function checkFirst(first: number): void {
  if (first >= 0 && first <= maxPageSize) return;
  throw invalid(`\`first\` must be between 0 and ${maxPageSize} (got ${first}).`, 'first');
}

/** Defines a list from a table that has only a few rows per parent. */
export function rows(type: SqlType, from: string, description: string): SqlField {
  const most = [String(maxPageSize)];
  const rows = field(type.ref, description, ({ part: _, ...context }) =>
    query.listFrom(context, type.row ?? context.row, from, most),
  );
  return { ...listOf(rows), ...modelOf(type) };
}

function modelOf({ row }: SqlType): { model?: string } {
  return row ? { model: row.model } : {};
}

/** Defines a field that JavaScript computes from a JSON column. Null if `input` is null. */
export function computed(
  type: Output,
  input: string | ((context: FieldContext) => Sql<compiler.Request<Context>>),
  compute: Transform,
  description: string,
): SqlField {
  return field(type, description, (context) =>
    query.computedFrom(context, typeof input === 'string' ? [input] : input(context), compute),
  );
}

export function nullable(field: SqlField): SqlField {
  return { ...field, isNullable: true };
}

export function listOf(field: SqlField): SqlField {
  return { ...field, isList: true };
}

/** Defines a field that is the same as that of a row of a model with this alias, including its mask. */
export function sameAs(model: IdType, alias: string, type: Output, description: string): SqlField {
  return field(type, description, ({ compiler, nodes }) => {
    const row = compiler.schema.getType(model);
    if (!isObjectType(row)) throw new Error(`The schema has no type ${model}.`);
    return compiler.member(row, nodes, { model, alias, related: {} });
  });
}

/** Masks a text if it is an email address or phone number. */
export const maskedIfContact: Transform = (given, state) => {
  const piiClass: PiiClass | null = classOfText(given);
  if (piiClass === null) return given;
  if (!state.context.viewer.scopes.has(piiScopes[piiClass])) return masked(piiClass, given);
  recordRead(state.context, state.owner, piiClass);
  return given;
};
