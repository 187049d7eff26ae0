import type { Db } from '../db/database.ts';
import { transactBySql } from '../db/transact.ts';
import { type Batches, pages, type Rows } from './batches.ts';

/**
 * Deletes rows, and from the audit log what they held: who did what and when stays. `release` first removes what refers to
 * them. How many.
 */
export async function deleteWithChanges(
  db: Db,
  rows: Rows,
  batches: Batches,
  release: (ids: string[]) => Promise<unknown> = async () => undefined,
): Promise<number> {
  let deleted = 0;
  for await (const ids of pages(db, rows, batches)) {
    await release(ids);
    await transactBySql(db, async (tx) => {
      const values = [tx.workspaceId, ids];
      const text = `DELETE FROM "${rows.model}" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])`;
      await tx.query({ text, values });
      // Last, so that the audit events of concurrent changes are there.
      await tx.query({ text: eraseChangesOfRows, values });
    });
    deleted += ids.length;
  }
  return deleted;
}

/** Removes what these events of the audit log hold. */
export async function eraseChanges(db: Db, events: Rows, batches: Batches): Promise<void> {
  for await (const ids of pages(db, events, batches))
    await transactBySql(db, (tx) =>
      tx.query({ text: 'SELECT rapport_erase_changes($1::uuid[])::text', values: [ids] }),
    );
}

const eraseChangesOfRows = `SELECT rapport_erase_changes(ARRAY(SELECT "id" FROM "AuditEvent"
  WHERE "workspaceId" = $1::uuid AND "entityId" = ANY ($2::uuid[]) AND "changes" IS NOT NULL))::text`;
