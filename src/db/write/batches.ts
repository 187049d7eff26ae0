import type { Db } from '../database.ts';
import { keyOf } from '../datamodel.ts';
import { transactBySql } from './transact.ts';

/** Options of work on many rows: the rows per transaction, and a signal that stops the work between transactions. */
export type BatchOptions = { batchSize?: number | undefined; signal?: AbortSignal | undefined };

/** Selection of rows of one workspace, whose ID is `$1`. */
export type Rows = {
  table: string;
  /** SQL condition. Its parameters are `values`, starting at `$2`. */
  where: string;
  values: unknown[];
};

const defaultSize = 2_000;

/**
 * Yields the IDs of the rows, page by page. With `order`, the columns of an index, each page starts after the last one.
 * Otherwise, processed rows must no longer match, and deleted rows are read again for every page while an older
 * transaction keeps them from being vacuumed.
 */
export async function* idPages(
  db: Db,
  { table, where, values: given, order = [] }: Rows & { order?: string[] | undefined },
  { batchSize = defaultSize, signal }: BatchOptions,
) {
  const sorted = order.map((name) => `"${name}"`).join(', ');
  for (let last: unknown[] = []; ; ) {
    signal?.throwIfAborted();
    const values = [db.workspaceId, ...given];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const behind = last.length > 0 ? `AND (${sorted}) > (${last.map(parameter).join(', ')})` : '';
    const text = `SELECT "id" AS found${sorted && `, ${sorted}`} FROM "${table}" WHERE "workspaceId" = $1::uuid
      AND ${where} ${behind} ${sorted && `ORDER BY ${sorted}`} LIMIT ${parameter(batchSize)}`;
    const page = await db.query<{ found: string }>({ text, values });
    if (page.length > 0) yield page.map(({ found }) => found);
    if (page.length < batchSize) return;
    const end: Record<string, unknown> = page.at(-1) ?? {};
    last = order.map((name) => end[name]);
  }
}

/** IDs before and behind all others. */
export const [firstId, lastId] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/**
 * Splits the IDs in a column of a table into ranges, each after one ID and up to another, with `batchSize` rows of the
 * table. So each range takes one short statement.
 */
export async function* idRanges(
  db: Db,
  { table, column }: { table: string; column: string },
  { batchSize = defaultSize, signal }: BatchOptions,
): AsyncGenerator<[after: string, until: string]> {
  const text = `SELECT "${column}" AS found FROM "${table}" WHERE "workspaceId" = $1::uuid AND "${column}" > $2::uuid
    ORDER BY "${column}" OFFSET $3 LIMIT 1`;
  for (let after = firstId; after !== lastId; ) {
    signal?.throwIfAborted();
    const [end] = await db.query<{ found: string }>({ text, values: [db.workspaceId, after, batchSize - 1] });
    const until = end?.found ?? lastId;
    yield [after, until];
    after = until;
  }
}

/** Deletes the rows in batches. Returns their number. */
export function deleteRows(db: Db, rows: Rows, batches: BatchOptions): Promise<number> {
  return changeRows(db, rows, batches, (page) => `DELETE FROM "${rows.table}" USING ${page}`);
}

/** Updates the rows in batches, after which they no longer match. `set` is the SQL of the SET clause. */
export function updateRows(db: Db, rows: Rows, batches: BatchOptions, set: string): Promise<number> {
  return changeRows(db, rows, batches, (page) => `UPDATE "${rows.table}" SET ${set} FROM ${page}`);
}

// Finds the rows by their primary key, because not every table has the column "id". The condition applies again, in case
// another transaction has changed a row in the meantime.
async function changeRows(
  db: Db,
  { table, where, values: given }: Rows,
  { batchSize = defaultSize, signal }: BatchOptions,
  change: (page: string) => string,
): Promise<number> {
  const key = keyOf(table);
  const values = [db.workspaceId, ...given, batchSize];
  const page = `(SELECT ${key.map((name, i) => `"${name}" AS key${i}`).join(', ')} FROM "${table}"
    WHERE "workspaceId" = $1::uuid AND ${where} LIMIT $${values.length}) AS page`;
  const isOnPage = key.map((name, i) => `"${table}"."${name}" = page.key${i}`).join(' AND ');
  const text = `${change(page)} WHERE "workspaceId" = $1::uuid AND ${isOnPage} AND ${where} RETURNING 1`;
  for (let total = 0; ; ) {
    signal?.throwIfAborted();
    const changed = await transactBySql(db, (tx) => tx.query({ text, values }));
    total += changed.length;
    if (changed.length < batchSize) return total;
  }
}
