import type { Db } from '../database.ts';
import type { Statement } from '../statements.ts';
import { type BatchOptions, idPages, type Rows } from './batches.ts';
import { transactBySql } from './transact.ts';

/** Selection of audit events. */
export type Events = Omit<Rows, 'table'> & { order?: string[] | undefined };

/** Erases the values that these audit events hold. The events keep who did what and when. */
export async function eraseChanges(db: Db, events: Events, batches: BatchOptions): Promise<void> {
  const held = { ...events, table: 'AuditEvent', where: `"changes" IS NOT NULL AND ${events.where}` };
  for await (const ids of idPages(db, held, batches))
    await transactBySql(db, (tx) =>
      tx.query({ text: 'SELECT rapport_erase_changes($1::uuid[])::text', values: [ids] }),
    );
}

/** Returns the statement that erases the values that the audit events of these rows hold. */
export function erasureOfChanges(workspaceId: string, ids: string[]): Statement {
  const text = `SELECT rapport_erase_changes(ARRAY(SELECT "id" FROM "AuditEvent"
    WHERE "workspaceId" = $1::uuid AND "entityId" = ANY ($2::uuid[]) AND "changes" IS NOT NULL))::text`;
  return { text, values: [workspaceId, ids] };
}
