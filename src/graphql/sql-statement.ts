import type { DocumentNode, FieldNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { cacheBytes } from '../lib/cache-bytes.ts';
import type { Variables } from '../query/selection.ts';
import type { Context } from './context.ts';
import { bytesOf } from './documents.ts';
import { fragmentsOf } from './operation.ts';
import type { Write } from './sql-answer.ts';
import { type Reading, SqlCompiler } from './sql-compile.ts';
import type { SqlType } from './sql-types.ts';

/** A field of `Query` that a single SQL statement resolves, including its whole selection. */
export type SqlRoot = {
  type: SqlType;
  /** Parses the field arguments. Throws if they are invalid. */
  read(given: Record<string, unknown>, context: Context): Reading;
  /**
   * Returns the FROM and WHERE clauses that select a single row, aliased `c`, whose `id` column is the customer's UUID.
   * `tables` is an optional WITH clause that replaces other tables.
   */
  from(reading: Reading, parameter: (name: string) => string): { from: string; tables?: string };
};

/** A field of `Query` in the document of a request, with its arguments parsed. */
export type Read = { key: string; nodes: FieldNode[]; root: SqlRoot; reading: Reading };

/** SQL columns of such fields, their parameters, and their serializers. */
export type Statement = {
  columns: string[];
  parameters: ((variables: Variables, readings: Reading[]) => unknown)[];
  writes: Write[];
};

/** Compiles fields of SQL, and keeps the statements of recent documents. */
export class SqlStatements {
  readonly #statements = new LRUCache<string, Statement>({ maxSize: cacheBytes.statements });

  /** Returns the statement of the fields. `cacheKey` identifies the document and what `cacheKeyOf` returns for it. */
  of(
    document: DocumentNode,
    variables: Variables,
    scopes: ReadonlySet<string>,
    read: Read[],
    cacheKey: string,
  ): Statement {
    if (read.length === 0) return noStatement;
    const shape = JSON.stringify(read.map(({ key, reading }) => [key, reading.shape]));
    const name = `${cacheKey} ${shape}`;
    const known = this.#statements.get(name);
    if (known) return known;
    const statement = compile(document, variables, scopes, read);
    const text = statement.columns.join('');
    // The statement keeps references to document nodes, so their size counts too.
    this.#statements.set(name, statement, { size: 2 * (name.length + text.length) + bytesOf(document) });
    return statement;
  }
}

const noStatement: Statement = { columns: [], parameters: [], writes: [] };

/** Returns the values of the parameters. Throws if one of them is invalid. */
export function valuesOf({ parameters }: Statement, variables: Variables, read: Read[]): unknown[] {
  const readings = read.map(({ reading }) => reading);
  return parameters.map((parameter) => parameter(variables, readings));
}

const scopeKeys = new WeakMap<ReadonlySet<string>, string>();

/** Returns what a statement depends on: the Boolean variables, which control directives, and the caller's scopes. */
export function cacheKeyOf(variables: Variables, scopes: ReadonlySet<string>): string {
  const scopeKey = scopeKeys.get(scopes) ?? [...scopes].join();
  scopeKeys.set(scopes, scopeKey);
  let included = '';
  for (const name in variables) if (typeof variables[name] === 'boolean') included += `${name} ${variables[name]} `;
  return included + scopeKey;
}

function compile(document: DocumentNode, variables: Variables, scopes: ReadonlySet<string>, read: Read[]): Statement {
  const compiler = new SqlCompiler(fragmentsOf(document), variables, scopes);
  const writes: Write[] = [];
  const columns = read.map(({ nodes, root: { type, from }, reading }, i) => {
    const parameter = (name: string) => compiler.parameter((_variables, readings) => readings[i]?.values[name]);
    const { columns, write } = compiler.root(type, nodes, reading.shape);
    writes.push(write);
    const source = from(reading, parameter);
    return `${compiler.rowOf(['c."id"', ...columns], source.from, source.tables)}::text AS "json${i}"`;
  });
  return { columns, parameters: compiler.parameters, writes };
}
