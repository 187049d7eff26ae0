import type { Outcome } from '../../lib/upsert-result.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Statement, Statements } from '../statements.ts';
import { arrayLiteral } from './array-literal.ts';

/**
 * Writes any number of rows of one workspace in one statement, sending each column as one array. Prisma's `createMany`
 * takes ten times as long. Returns no statement if there are no rows.
 */
export class Bulk {
  readonly workspaceId: string;
  readonly #typeOf: ColumnTypes;

  constructor(workspaceId: string, typeOf: ColumnTypes) {
    this.workspaceId = workspaceId;
    this.#typeOf = typeOf;
  }

  /**
   * Inserts rows; columns that a row omits become null. `ending` follows the rows: an ORDER BY or an ON CONFLICT
   * clause.
   */
  insert(model: Prisma.ModelName, rows: object[], ending = ''): Statement[] {
    if (rows.length === 0) return [];
    const { names, given, values } = this.#columns(model, rows);
    const columns = names.map((name) => `, "${name}"`).join('');
    const text = `INSERT INTO "${model}" AS t ("workspaceId"${columns}) SELECT $1::uuid, ${given} ${ending}`;
    return [{ text, values }];
  }

  /** Updates the rows found by `id`. All rows must set the same columns. */
  update(model: Prisma.ModelName, rows: { id: string }[]): Statement[] {
    if (rows.length === 0) return [];
    const { names, given, values } = this.#columns(model, rows);
    const set = names.filter((name) => name !== 'id').map((name) => `"${name}" = r."${name}"`);
    const text = `UPDATE "${model}" t SET ${set.join(', ')} FROM (SELECT ${given}) r
      WHERE t."workspaceId" = $1::uuid AND t."id" = r."id"`;
    return [{ text, values }];
  }

  /** Inserts new rows and updates changed ones, setting `createdAt` and `updatedAt`. */
  save(model: Prisma.ModelName, plans: { outcome: Outcome; row: { id: string } }[]): Statement[] {
    const updatedAt = new Date();
    const rowsOf = (wanted: Outcome) => plans.flatMap(({ outcome, row }) => (outcome === wanted ? [row] : []));
    return [
      ...this.insert(
        model,
        rowsOf('CREATED').map((row) => ({ ...row, createdAt: updatedAt, updatedAt })),
      ),
      ...this.update(
        model,
        rowsOf('UPDATED').map((row) => ({ ...row, updatedAt })),
      ),
    ];
  }

  /** Deletes the rows whose column holds one of these IDs. */
  delete(model: Prisma.ModelName, column: string, ids: string[]): Statement[] {
    if (ids.length === 0) return [];
    const text = `DELETE FROM "${model}" WHERE "workspaceId" = $1::uuid AND "${column}" = ANY ($2::uuid[])`;
    return [{ text, values: [this.workspaceId, ids] }];
  }

  #columns(model: Prisma.ModelName, rows: object[]) {
    const names = new Set<string>();
    for (const row of rows) for (const name in row) names.add(name);
    const columns = [...names].map((name) => ({ name, type: this.#typeOf(model, name) }));
    const records = rows as Record<string, unknown>[];
    return {
      names: [...names],
      given: columns
        .map(({ name, type }, i) => {
          const array = `$${i + 2}`;
          return type.endsWith('[]')
            ? `unnest(${array}::text[])::${type} AS "${name}"`
            : `unnest(${array}::${type}[]) AS "${name}"`;
        })
        .join(', '),
      values: [this.workspaceId, ...columns.map(({ name, type }) => columnLiteral(records, name, type))],
    };
  }
}

// PostgreSQL pads a shorter unnest with nulls, so a column that holds only nulls is sent as an empty array.
function columnLiteral(rows: Record<string, unknown>[], name: string, type: string): string {
  if (rows.every((row) => row[name] === null || row[name] === undefined)) return '{}';
  return arrayLiteral(
    rows.map((row) => row[name]),
    type,
  );
}

export async function bulkOf(tx: Statements): Promise<Bulk> {
  return new Bulk(tx.workspaceId, await columnTypes(tx));
}

type ColumnTypes = (table: string, column: string) => string;

let known: Map<string, string> | null = null;

// Column types are the same in every migrated database, so each process reads them once.
async function columnTypes(tx: Statements): Promise<ColumnTypes> {
  known ??= await readColumnTypes(tx);
  const types = known;
  return (table, column) => {
    const type = types.get(`${table}.${column}`);
    if (type === undefined) throw new Error(`Unknown column ${table}.${column}.`);
    return type;
  };
}

async function readColumnTypes(tx: Statements): Promise<Map<string, string>> {
  const text = `SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, NULL) AS type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`;
  const rows = await tx.query<{ name: string; type: string }>({ text, values: [] });
  return new Map(rows.map(({ name, type }) => [name, type]));
}
