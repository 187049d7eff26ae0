import type { Db } from '../db/database.ts';
import { type BatchOptions, deleteRows } from '../db/write/batches.ts';
import { eraseChanges } from '../db/write/erased-changes.ts';
import { tableOf, tables } from '../lib/tables.ts';
import { deleteRecords } from './delete-records.ts';
import { anonymizers } from './generated/anonymizers.ts';
import { alwaysHasCustomer, referringFirst } from './references.ts';

/**
 * Erases the records of a customer, as the manifest of each table says. Each step ends when it finds no more rows, so
 * the work can stop anywhere and be repeated.
 */
export async function eraseRecords(db: Db, customerId: string, batches: BatchOptions): Promise<void> {
  const own = { where: '"customerId" = $2::uuid', values: [customerId] };
  for (const table of deletedTables) {
    // The audit events of a row that always has a customer are erased at the end, with all others of the customer.
    const keepsChanges = alwaysHasCustomer(table);
    await deleteRecords(db, { table, ...own, order: orderOf(table), keepsChanges }, batches);
  }
  for (const anonymize of Object.values(anonymizers)) await anonymize(db, customerId, batches);
  // Past states come last, because until here a change of a row could still add one.
  await deleteRows(db, { table: 'PastState', ...own }, batches);
  await eraseChanges(db, { ...own, order: ['occurredAt', 'id'] }, batches);
}

const deletedTables = referringFirst(tables.filter(({ erasure }) => erasure === 'DELETE').map(({ name }) => name));

// Tables of the timeline have an index by customer, time and ID.
function orderOf(table: string): string[] | undefined {
  const { time, timeline } = tableOf(table) ?? {};
  return time && timeline ? [time, 'id'] : undefined;
}
