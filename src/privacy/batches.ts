import type { Db } from '../db/database.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Statements } from '../db/statements.ts';
import { transactBySql } from '../db/transact.ts';

/** How work on many rows goes on: so many in a transaction, until `signal` stops it in between. */
export type Batches = { batchSize?: number | undefined; signal?: AbortSignal | undefined };

/** Rows of a workspace, which is `$1`. */
export type Rows = {
  model: Prisma.ModelName;
  /** SQL whose parameters `values` begin at `$2`. */
  where: string;
  values: unknown[];
  /** The column with their IDs. Defaults to "id". */
  column?: string;
  /** Columns of an index that has them in order. Without it, they must no longer meet `where` once they are done. */
  order?: string[];
};

const defaultSize = 2_000;

/**
 * Finds them, some at a time. In an order it goes on behind the last one: what was deleted before it is read over and over
 * as long as an older transaction keeps it from being vacuumed.
 */
export async function* pages(db: Db, rows: Rows, { batchSize = defaultSize, signal }: Batches) {
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

/** Deletes them. */
export function deleteRows(db: Db, rows: Rows, batches: Batches): Promise<void> {
  return changeRows(db, rows, batches, `DELETE FROM "${rows.model}"`);
}

/** Sets columns of theirs, in SQL. */
export function setInRows(db: Db, rows: Rows, batches: Batches, set: string): Promise<void> {
  return changeRows(db, rows, batches, `UPDATE "${rows.model}" SET ${set}`);
}

async function changeRows(db: Db, rows: Rows, batches: Batches, change: string): Promise<void> {
  for await (const page of pages(db, rows, batches))
    await transactBySql(db, (tx) => changePage(tx, rows, page, change));
}

async function changePage(tx: Statements, rows: Rows, page: string[], change: string): Promise<void> {
  const values = [tx.workspaceId, ...rows.values, page];
  const text = `${change} WHERE "workspaceId" = $1::uuid AND ${rows.where} AND "${rows.column ?? 'id'}" = ANY ($${values.length}::uuid[])`;
  await tx.query({ text, values });
}
