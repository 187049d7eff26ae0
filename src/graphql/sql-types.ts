import type { OutputType } from '@pothos/core';
import { encodeId, type IdType } from '../lib/ids.ts';
import { decimalsOfCurrencies } from '../lib/money.ts';
import { classOfText, masked, type PiiClass, piiScopes } from '../lib/pii.ts';
import { builder } from './builder.ts';
import type { Compiling, Finish } from './sql-compile.ts';

type Output = OutputType<typeof builder.$inferSchemaTypes>;

/** A field of a type that one statement answers: its place in the schema, and the SQL of its value as JSON. */
export type SqlField = {
  type: Output;
  description: string;
  isNullable: boolean;
  isList: boolean;
  /** Rows at most, where it is a list whose length can be asked for. */
  first?: number;
  /** Its SQL is made last of its siblings, whose lists it looks at. */
  tellsOfOthers?: boolean;
  sql: (at: Compiling) => string;
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
              args: { first: t.arg.int({ description: `How many at most, 1 to 100; ${first} unless told.` }) },
              complexity: (args: { first?: number | null }) => ({ field: 1, multiplier: args.first ?? first }),
            }),
            resolve: answeredWhole,
            // Pothos follows a type by its name alone; here there are as many as there are fields.
          } as never),
        ]),
      ) as never,
  });
  return { name, ref, fields };
}

// What a statement answers is never resolved field by field.
function answeredWhole(): never {
  throw new Error('This type is answered by one statement.');
}

/** As PostgreSQL writes it in JSON. */
export function value(type: Output, sql: string, description: string): SqlField {
  return { type, description, isNullable: false, isList: false, sql: () => sql };
}

export const text = (sql: string, description: string) => value('String', sql, description);
export const int = (sql: string, description: string) => value('Int', sql, description);
export const float = (sql: string, description: string) => value('Float', `(${sql})::float8`, description);
export const boolean = (sql: string, description: string) => value('Boolean', sql, description);

export function instant(sql: string, description: string): SqlField {
  return value('DateTime', `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, description);
}

export function id(type: IdType, sql: string, description: string): SqlField {
  const encode: Finish = (uuid) => encodeId(type, String(uuid));
  return { ...value('ID', sql, description), sql: (at) => at.finished(`'"' || ${sql} || '"'`, encode) };
}

export function ids(type: IdType, sql: string, description: string): SqlField {
  const encode: Finish = (uuids) => (uuids as string[]).map((uuid) => encodeId(type, uuid));
  const field = value('ID', sql, description);
  return { ...field, isList: true, sql: (at) => at.finished(`to_json(${sql})::text`, encode) };
}

// As `formatAmount` writes it: at least the decimals of its currency, and no further zeros.
function decimals(currency: string): string {
  const unusual = [...decimalsOfCurrencies()];
  const cases = unusual.map(([code, places]) => `WHEN '${code}' THEN ${places}`).join(' ');
  // Looked up in a hash first: most are none of these.
  return `CASE WHEN ${currency} = ANY ('{${unusual.map(([code]) => code).join()}}'::text[]) THEN CASE ${currency} ${cases} END ELSE 2 END`;
}

export function money(amount: string, currency: string, description: string): SqlField {
  const written = () => `round(${amount}, greatest(min_scale(${amount}), ${decimals(currency)}))::text`;
  const fields = {
    amount: { ...value('Decimal', '', ''), sql: written },
    currencyCode: value('CurrencyCode', currency, ''),
  };
  const sql = (at: Compiling) => `CASE WHEN ${amount} IS NOT NULL THEN ${at.object('Money', fields)} END`;
  return { ...value('Money', amount, description), sql };
}

/** Of the same row; other fields than the type's own where what they say comes from elsewhere. */
export function object(type: SqlType, description: string, fields = type.fields): SqlField {
  return { ...value(type.ref, '', description), sql: (at) => at.object(type.name, fields) };
}

/** Of one row of another table; null where there is none. */
export function rowOf(type: SqlType, from: string, description: string): SqlField {
  return { ...value(type.ref, '', description), isNullable: true, sql: (at) => at.row(type, from) };
}

/** Of rows of another table: as many as are asked for, else `first`, or three where the argument `detail` is BRIEF. */
export function list(type: SqlType, from: string, first: number, description: string): SqlField {
  const sql = (at: Compiling) => at.list(type, from, at.shape.detail === 'BRIEF' ? Math.min(first, 3) : first);
  return { ...value(type.ref, '', description), isList: true, first, sql };
}

/** What is made in JavaScript of what the database knows. Null where `input` is. */
export function computed(
  type: { name: string; ref: Output },
  input: string | ((at: Compiling) => string),
  compute: Finish,
  description: string,
): SqlField {
  const sql = (at: Compiling) => {
    const pick = at.picker(type.name);
    return at.finished(typeof input === 'string' ? input : input(at), (given, asked) => pick(compute(given, asked)));
  };
  return { ...value(type.ref, '', description), sql };
}

/** Of the few rows there can be. */
export function rows(type: SqlType, from: string, description: string): SqlField {
  return { ...value(type.ref, '', description), isList: true, sql: (at) => at.list(type, from, null) };
}

export function nullable(field: SqlField): SqlField {
  return { ...field, isNullable: true };
}

export function listOf(field: SqlField): SqlField {
  return { ...field, isList: true };
}

/** Masked for whoever lacks the scope of its class. Text alone, which has one mask whatever it says. */
export function personal(piiClass: 'FREE_TEXT', field: SqlField): SqlField {
  const mask = `'${String(masked(piiClass, 'text'))}'`;
  return {
    ...field,
    sql: (at) => {
      const sql = field.sql(at);
      return at.isShown(piiClass) ? sql : `CASE WHEN ${sql} IS NOT NULL THEN ${mask} END`;
    },
  };
}

/** A text that is to hold no way to reach somebody, but may. */
export function named(field: SqlField): SqlField {
  const shown: Finish = (given, asked) => {
    const piiClass: PiiClass | null = classOfText(given);
    if (piiClass === null) return given;
    if (!asked.context.viewer.scopes.has(piiScopes[piiClass])) return masked(piiClass, given);
    asked.note(piiClass);
    return given;
  };
  return { ...field, sql: (at) => at.finished(`to_json(${field.sql(at)})::text`, shown) };
}
