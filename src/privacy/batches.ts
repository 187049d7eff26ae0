import type { Db } from '../db/database.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Statements } from '../db/statements.ts';
import { transactBySql } from '../db/write/transact.ts';

/** Options of work on many rows: the rows per transaction, and a signal that stops the work between transactions. */
export type BatchOptions = { batchSize?: number | undefined; signal?: AbortSignal | undefined };

/** Selection of rows of one workspace, whose ID is `$1`. */
export type Rows = {
  model: Prisma.ModelName;
  /** SQL condition. Its parameters are `values`, starting at `$2`. */
  where: string;
  values: unknown[];
  /** Column with the IDs of the rows. Defaults to "id". */
  column?: string;
  /** Columns of an index to page by. If omitted, processed rows must no longer match `where`. */
  order?: string[];
};

const defaultSize = 2_000;

/**
 * Yields the IDs of the rows, page by page. With `order`, each page starts after the last one. Otherwise, deleted rows
 * are read again for every page while an older transaction keeps them from being vacuumed.
 */
export async function* idPages(db: Db, rows: Rows, { batchSize = defaultSize, signal }: BatchOptions) {
  const { model, where, column = 'id', order = [] } = rows;
  const sorted = order.map((name) => `"${name}"`).join(', ');
  for (let last: unknown[] = []; ; ) {
    signal?.throwIfAborted();
    const values = [db.workspaceId, ...rows.values];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const behind = last.length > 0 ? `AND (${sorted}) > (${last.map(parameter).join(', ')})` : '';
    const text = `SELECT "${column}" AS found${sorted && `, ${sorted}`} FROM "${model}" WHERE "workspaceId" = $1::uuid
      AND ${where} ${behind} ${sorted && `ORDER BY ${sorted}`} LIMIT ${parameter(batchSize)}`;
    const page = await db.query<{ found: string }>({ text, values });
    if (page.length > 0) yield page.map(({ found }) => found);
    if (page.length < batchSize) return;
    const end: Record<string, unknown> = page.at(-1) ?? {};
    last = order.map((name) => end[name]);
  }
}

/** Deletes the rows in batches. */
export function deleteRows(db: Db, rows: Rows, batches: BatchOptions): Promise<void> {
  return changeRows(db, rows, batches, `DELETE FROM "${rows.model}"`);
}

/** Updates the rows in batches. `set` is the SQL of the SET clause. */
export function updateRows(db: Db, rows: Rows, batches: BatchOptions, set: string): Promise<void> {
  return changeRows(db, rows, batches, `UPDATE "${rows.model}" SET ${set}`);
}

async function changeRows(db: Db, rows: Rows, batches: BatchOptions, change: string): Promise<void> {
  for await (const page of idPages(db, rows, batches))
    await transactBySql(db, (tx) => changePage(tx, rows, page, change));
}

async function changePage(tx: Statements, rows: Rows, page: string[], change: string): Promise<void> {
  const values = [tx.workspaceId, ...rows.values, page];
  const text = `${change} WHERE "workspaceId" = $1::uuid AND ${rows.where} AND "${rows.column ?? 'id'}" = ANY ($${values.length}::uuid[])`;
  await tx.query({ text, values });
}
