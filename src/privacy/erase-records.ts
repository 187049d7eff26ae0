import type { Db } from '../db/database.ts';
import { type Batches, deleteRows, type Rows, setInRows } from './batches.ts';
import { deleteWithChanges, eraseChanges } from './erased-changes.ts';
import { removeInteractions } from './remove-interactions.ts';

/**
 * Removes what an erased customer left behind. Orders, payments and returns stay, and so do the sums over them. Each part
 * is done once nothing of it is found, so it may stop anywhere and be done again.
 */
export async function eraseRecords(db: Db, customerId: string, batches: Batches): Promise<void> {
  const own = (model: Rows['model'], rows: Partial<Rows> = {}): Rows => {
    const { where, ...rest } = rows;
    return { model, where: `"customerId" = $2::uuid${where ? ` AND ${where}` : ''}`, values: [customerId], ...rest };
  };
  await deleteRows(db, own('SurveyResponse', { order: ['respondedAt', 'id'] }), batches);
  await removeInteractions(db, own('Interaction', { order: ['occurredAt', 'id'] }), batches);
  await removeCases(db, own('Case', { order: ['openedAt', 'id'] }), batches);
  for (const model of ['ConsentEvent', 'Consent', 'Preference', 'Address'] as const)
    await deleteRows(db, own(model), batches);
  const order = own('Order', { where: 'coalesce("note", "cancelReason", "shippingAddress"::text) IS NOT NULL' });
  await setInRows(db, order, batches, '"note" = NULL, "cancelReason" = NULL, "shippingAddress" = NULL');
  await setInRows(db, own('Return', { where: '"reason" IS NOT NULL' }), batches, '"reason" = NULL');
  // Last: until here a change of a row could still keep what it was.
  await deleteRows(db, own('PastState', { column: 'entityId' }), batches);
  const events = own('AuditEvent', { where: '"changes" IS NOT NULL', order: ['occurredAt', 'id'] });
  await eraseChanges(db, events, batches);
}

async function removeCases(db: Db, cases: Rows, batches: Batches): Promise<void> {
  await deleteWithChanges(db, cases, batches, async (ids) => {
    const of = (model: Rows['model'], where = 'true'): Rows => ({
      model,
      where: `"caseId" = ANY ($2::uuid[]) AND ${where}`,
      values: [ids],
    });
    // Who never said who they are may have said it in a case of theirs.
    await removeInteractions(db, of('Interaction', '"customerId" IS NULL'), batches);
    await setInRows(db, of('Interaction'), batches, '"caseId" = NULL');
    await setInRows(db, of('SurveyResponse'), batches, '"caseId" = NULL');
    await deleteWithChanges(db, of('CaseHandoff'), batches);
  });
}
