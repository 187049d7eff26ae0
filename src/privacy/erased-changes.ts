import type { Db } from '../db/database.ts';
import { transactBySql } from '../db/write/transact.ts';
import { type BatchOptions, idPages, type Rows } from './batches.ts';

/**
 * Deletes rows, and erases their values from the audit log, which keeps who did what and when. `release` first removes
 * references to the rows. Returns the number of deleted rows.
 */
export async function deleteWithChanges(
  db: Db,
  rows: Rows,
  batches: BatchOptions,
  release: (ids: string[]) => Promise<unknown> = async () => undefined,
): Promise<number> {
  let deleted = 0;
  for await (const ids of idPages(db, rows, batches)) {
    await release(ids);
    await transactBySql(db, async (tx) => {
      const values = [tx.workspaceId, ids];
      const text = `DELETE FROM "${rows.model}" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])`;
      await tx.query({ text, values });
      // Runs last, so that it finds the audit events of concurrent changes.
      await tx.query({ text: eraseChangesOfRows, values });
    });
    deleted += ids.length;
  }
  return deleted;
}

/** Erases the values that these audit events hold. */
export async function eraseChanges(db: Db, events: Rows, batches: BatchOptions): Promise<void> {
  for await (const ids of idPages(db, events, batches))
    await transactBySql(db, (tx) =>
      tx.query({ text: 'SELECT rapport_erase_changes($1::uuid[])::text', values: [ids] }),
    );
}

const eraseChangesOfRows = `SELECT rapport_erase_changes(ARRAY(SELECT "id" FROM "AuditEvent"
  WHERE "workspaceId" = $1::uuid AND "entityId" = ANY ($2::uuid[]) AND "changes" IS NOT NULL))::text`;
