import type { OutputType } from '@pothos/core';
import { kindOf } from '../db/personal-columns.ts';
import { encodeId, type IdType } from '../lib/ids.ts';
import { classOfText, isPiiClass, masked, type PiiClass, piiScopes } from '../lib/pii.ts';
import { copied, finished } from '../query/json.ts';
import { builder } from './builder.ts';
import { noteRead } from './pii.ts';
import { asId, asInstant, asMoney, type Finish, type Write } from './sql-answer.ts';
import type { Compiled, Compiling } from './sql-compile.ts';

type Output = OutputType<typeof builder.$inferSchemaTypes>;

/** A field that SQL resolves: its definition in the schema, its columns in SQL, and how they are serialized. */
export type SqlField = {
  type: Output;
  description: string;
  isNullable: boolean;
  isList: boolean;
  /** Default length of a list that has the argument `first`. */
  first?: number;
  /** Compiled after its siblings, because it reports on their lists. */
  tellsOfOthers?: boolean;
  compile: (at: Compiling) => Compiled;
};

export type SqlFields = Record<string, SqlField>;
export type SqlType = { name: string; ref: Output; fields: SqlFields };

// Maximum length of a list where the argument `detail` is BRIEF.
const briefLength = 3;

/** Defines a schema type whose fields are SQL expressions over the tables that its parent joins. */
export function sqlType(name: string, description: string, fields: SqlFields): SqlType {
  const ref = builder.objectRef<object>(name);
  ref.implement({
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, { type, description, isNullable, isList, first }]) => [
          field,
          t.field({
            type: isList ? [type] : type,
            nullable: isNullable,
            description,
            ...(first !== undefined && {
              args: { first: t.arg.int({ description: firstDescription(first) }) },
              complexity: (args: { first?: number | null }) => costOfRows(args.first ?? first),
            }),
            resolve: answeredWhole,
            // Pothos infers types from literal names, and these names are known only at run time.
          } as never),
        ]),
      ) as never,
  });
  return { name, ref, fields };
}

function firstDescription(first: number): string {
  const brief = first > briefLength ? `, or ${briefLength} if \`detail\` is \`BRIEF\`` : '';
  return `Maximum number of items, 0 to 100. Defaults to ${first}${brief}.`;
}

// The cost covers each row and its selection.
function costOfRows(first: number) {
  return { field: Math.max(first, 1), multiplier: Math.max(first, 1) };
}

// The statement resolves the whole type, so graphql-js never resolves its fields.
function answeredWhole(): never {
  throw new Error('A single SQL statement resolves this type.');
}

function field(type: Output, description: string, compile: SqlField['compile']): SqlField {
  return { type, description, isNullable: false, isList: false, compile };
}

function column(type: Output, sql: string, description: string, write: Write): SqlField {
  return field(type, description, () => ({ columns: [sql], write }));
}

/** Defines a field that returns the JSON of PostgreSQL unchanged. */
export function value(type: Output, sql: string, description: string): SqlField {
  return column(type, sql, description, copied);
}

export const int = (sql: string, description: string) => value('Int', sql, description);
export const float = (sql: string, description: string) => value('Float', `(${sql})::float8`, description);
export const boolean = (sql: string, description: string) => value('Boolean', sql, description);
export const instant = (sql: string, description: string) => column('DateTime', sql, description, asInstant);

export const id = (type: IdType, sql: string, description: string) => column('ID', sql, description, asId(type));

export function ids(type: IdType, sql: string, description: string): SqlField {
  const encode: Finish = (uuids) => (uuids as string[]).map((uuid) => encodeId(type, uuid));
  return { ...column('ID', sql, description, finished(encode)), isList: true };
}

export function money(amount: string, currency: string, description: string): SqlField {
  return field('Money', description, (at) => {
    const parts = at.members().map(({ key, name }, i) => ({ key: `${i > 0 ? ',' : ''}"${key}":`, name }));
    return { columns: [amount, currency], write: asMoney(parts) };
  });
}

/** Defines an object from the same row. `fields` replaces the fields of the type if their SQL differs. */
export function object(type: SqlType, description: string, fields = type.fields): SqlField {
  return field(type.ref, description, (at) => at.object(type.name, fields));
}

/** Defines an object from a row of another table. Null if there is no row. */
export function rowOf(type: SqlType, from: string, description: string): SqlField {
  return nullable(field(type.ref, description, (at) => at.row(type, from)));
}

/** Defines a list from another table. Its length defaults to `first`, and to at most 3 if `detail` is BRIEF. */
export function list(type: SqlType, from: string, first: number, description: string): SqlField {
  const most = (at: Compiling) => (at.shape.detail === 'BRIEF' ? Math.min(first, briefLength) : first);
  const rows = field(type.ref, description, (at) => at.list(type, from, most(at), at.place));
  return { ...listOf(rows), first };
}

/** Defines a list from a table that has only a few rows per parent. */
export function rows(type: SqlType, from: string, description: string): SqlField {
  return listOf(field(type.ref, description, (at) => at.list(type, from, null)));
}

/** Defines a field that JavaScript computes from a JSON column. Null if `input` is null. */
export function computed(
  type: { name: string; ref: Output },
  input: string | ((at: Compiling) => string),
  compute: Finish,
  description: string,
): SqlField {
  return field(type.ref, description, (at) => {
    const pick = at.picker(type.name);
    const columns = [typeof input === 'string' ? input : input(at)];
    return { columns, write: finished((given, asked) => pick(compute(given, asked))) };
  });
}

export function nullable(field: SqlField): SqlField {
  return { ...field, isNullable: true };
}

export function listOf(field: SqlField): SqlField {
  return { ...field, isList: true };
}

/** Defines a text column, masked according to its kind. `row` is the SQL alias of the row. */
export function text(table: string, row: string, name: string, description: string): SqlField {
  const kind = kindOf(table, name);
  const sql = `${row}."${name}"`;
  if (kind === 'FREE_TEXT') return freeText(sql, description);
  if (kind === 'IF_CONTACT') return column('String', sql, description, finished(maskedIfContact));
  if (kind === 'CONTACT' || isPiiClass(kind)) throw new Error(`SQL has no mask for ${kind}.`);
  return value('String', sql, description);
}

// Free text always has the same mask.
function freeText(sql: string, description: string): SqlField {
  const hidden = `CASE WHEN ${sql} IS NOT NULL THEN '${String(masked('FREE_TEXT', 'text'))}' END`;
  const shown: Write = (row, out, asked) => {
    if (row.next()) noteRead(asked.context, asked.owner, 'FREE_TEXT');
    out.put(row.text, row.start, row.end);
  };
  return field('String', description, ({ scopes }) =>
    scopes.has(piiScopes.FREE_TEXT) ? { columns: [sql], write: shown } : { columns: [hidden], write: copied },
  );
}

/** Masks a text if it is an email address or phone number. */
export const maskedIfContact: Finish = (given, asked) => {
  const piiClass: PiiClass | null = classOfText(given);
  if (piiClass === null) return given;
  if (!asked.context.viewer.scopes.has(piiScopes[piiClass])) return masked(piiClass, given);
  noteRead(asked.context, asked.owner, piiClass);
  return given;
};
