import type { Db } from '../db/database.ts';
import { models } from '../db/datamodel.ts';
import { type BatchOptions, deleteRows, idPages, type Rows, updateRows } from '../db/write/batches.ts';
import { erasureOfChanges } from '../db/write/erased-changes.ts';
import { transactBySql } from '../db/write/transact.ts';
import { type Reference, referencesTo } from './references.ts';

type Deletion = Rows & {
  /** Columns of an index to page by. */
  order?: string[] | undefined;
  /** Whether the caller erases the changes of the rows, because all their audit events name the same customer. */
  keepsChanges?: boolean;
};

/**
 * Deletes rows, and erases their values from the audit log, which keeps who did what and when. Rows that refer to them
 * stay without the reference, unless they cannot exist without it or belong to no customer. Returns the number of
 * deleted rows.
 */
export async function deleteRecords(db: Db, rows: Deletion, batches: BatchOptions): Promise<number> {
  const { table, keepsChanges = false } = rows;
  // No event of the audit log names a row without an ID. Those events are found by their customer.
  if (!columnOf(table, 'id')) return deleteRows(db, rows, batches);
  // Other foreign keys include the customer, so the erasure deletes their rows first.
  const references = referencesTo(table).filter(({ isToId }) => isToId);
  // The condition applies again, in case a row has moved to another customer in the meantime.
  const text = `DELETE FROM "${table}" WHERE "workspaceId" = $1::uuid AND ${rows.where}
    AND "id" = ANY ($${rows.values.length + 2}::uuid[])`;
  let deleted = 0;
  for await (const ids of idPages(db, rows, batches)) {
    for (const reference of references) await release(db, reference, ids, batches);
    const deletion = { text, values: [db.workspaceId, ...rows.values, ids] };
    // Runs after the deletion, so that it finds the audit events of concurrent changes.
    const erasure = keepsChanges ? [] : [erasureOfChanges(db.workspaceId, ids)];
    await transactBySql(db, (tx) => tx.sendAll([deletion, ...erasure]));
    deleted += ids.length;
  }
  return deleted;
}

// Removes references to rows that are about to be deleted.
async function release(db: Db, reference: Reference, ids: string[], batches: BatchOptions): Promise<void> {
  const { table, columns, isRequired } = reference;
  const where = `"${columns[0]}" = ANY ($2::uuid[])`;
  const referring: Rows = { table, where, values: [ids] };
  const customer = columnOf(table, 'customerId');
  if (isRequired || !customer) {
    await deleteRecords(db, referring, batches);
    return;
  }
  // Rows without a customer may hold personal data of the customer whose row they refer to.
  if (!customer.isRequired)
    await deleteRecords(db, { ...referring, where: `${where} AND "customerId" IS NULL` }, batches);
  await updateRows(db, referring, batches, `"${columns[0]}" = NULL`);
}

function columnOf(table: string, name: string) {
  return models[table]?.fields.find((field) => field.name === name);
}
