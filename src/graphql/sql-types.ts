import type { OutputType } from '@pothos/core';
import { kindOf } from '../db/personal-columns.ts';
import { encodeId, type IdType } from '../lib/ids.ts';
import { classOfText, isPiiClass, masked, type PiiClass, piiScopes } from '../lib/pii.ts';
import { builder } from './builder.ts';
import { asId, asInstant, asItStands, asMoney, type Finish, finished, type Write } from './sql-answer.ts';
import type { Compiled, Compiling } from './sql-compile.ts';

type Output = OutputType<typeof builder.$inferSchemaTypes>;

/** A field of a type that one statement answers: its place in the schema, the SQL of its columns and what is written of them. */
export type SqlField = {
  type: Output;
  description: string;
  isNullable: boolean;
  isList: boolean;
  /** Rows at most, where it is a list whose length can be asked for. */
  first?: number;
  /** Made last of its siblings, whose lists it looks at. */
  tellsOfOthers?: boolean;
  compile: (at: Compiling) => Compiled;
};

export type SqlFields = Record<string, SqlField>;
export type SqlType = { name: string; ref: Output; fields: SqlFields };

/** A type of the schema whose fields are SQL over the tables that its parent joins. */
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
              args: { first: t.arg.int({ description: `How many at most, 0 to 100; ${first} unless told.` }) },
              complexity: (args: { first?: number | null }) => costOfRows(args.first ?? first),
            }),
            resolve: answeredWhole,
            // Pothos follows a type by its name alone; here there are as many as there are fields.
          } as never),
        ]),
      ) as never,
  });
  return { name, ref, fields };
}

// Each row, and what is selected within it.
function costOfRows(first: number) {
  return { field: Math.max(first, 1), multiplier: Math.max(first, 1) };
}

// What a statement answers is never resolved field by field.
function answeredWhole(): never {
  throw new Error('This type is answered by one statement.');
}

function field(type: Output, description: string, compile: SqlField['compile']): SqlField {
  return { type, description, isNullable: false, isList: false, compile };
}

function column(type: Output, sql: string, description: string, write: Write): SqlField {
  return field(type, description, () => ({ columns: [sql], write }));
}

/** As PostgreSQL writes it in JSON. */
export function value(type: Output, sql: string, description: string): SqlField {
  return column(type, sql, description, asItStands);
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

/** Of the same row; other fields than the type's own where what they say comes from elsewhere. */
export function object(type: SqlType, description: string, fields = type.fields): SqlField {
  return field(type.ref, description, (at) => at.object(type.name, fields));
}

/** Of one row of another table; null where there is none. */
export function rowOf(type: SqlType, from: string, description: string): SqlField {
  return nullable(field(type.ref, description, (at) => at.row(type, from)));
}

/** Of rows of another table: as many as are asked for, else `first`, or three where the argument `detail` is BRIEF. */
export function list(type: SqlType, from: string, first: number, description: string): SqlField {
  const most = (at: Compiling) => (at.shape.detail === 'BRIEF' ? Math.min(first, 3) : first);
  const rows = field(type.ref, description, (at) => at.list(type, from, most(at), at.place));
  return { ...listOf(rows), first };
}

/** Of the few rows there can be. */
export function rows(type: SqlType, from: string, description: string): SqlField {
  return listOf(field(type.ref, description, (at) => at.list(type, from, null)));
}

/** What is made in JavaScript of what the database knows, in JSON. Null where `input` is. */
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

/** A column of text, masked as its kind says. `row` is what SQL calls the row of the table. */
export function text(table: string, row: string, name: string, description: string): SqlField {
  const kind = kindOf(table, name);
  const sql = `${row}."${name}"`;
  if (kind === 'FREE_TEXT') return freeText(sql, description);
  if (kind === 'IF_CONTACT') return column('String', sql, description, finished(maskedIfContact));
  if (kind === 'CONTACT' || isPiiClass(kind)) throw new Error(`There is no mask in SQL for ${kind}.`);
  return value('String', sql, description);
}

// It has one mask whatever it says.
function freeText(sql: string, description: string): SqlField {
  const hidden = `CASE WHEN ${sql} IS NOT NULL THEN '${String(masked('FREE_TEXT', 'text'))}' END`;
  const shown: Write = (row, out, asked) => {
    if (row.next()) asked.note('FREE_TEXT');
    out.put(row.text, row.start, row.end);
  };
  return field('String', description, ({ scopes }) =>
    scopes.has(piiScopes.FREE_TEXT) ? { columns: [sql], write: shown } : { columns: [hidden], write: asItStands },
  );
}

/** Masked if it is an email address or phone number. */
export const maskedIfContact: Finish = (given, asked) => {
  const piiClass: PiiClass | null = classOfText(given);
  if (piiClass === null) return given;
  if (!asked.context.viewer.scopes.has(piiScopes[piiClass])) return masked(piiClass, given);
  asked.note(piiClass);
  return given;
};
