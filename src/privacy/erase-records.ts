import type { Db } from '../db/database.ts';
import { transactBySql } from '../db/write/transact.ts';
import { erasedText, isPersonal } from '../orders/erased-buyer.ts';
import { type BatchOptions, deleteRows, idPages, type Rows, updateRows } from './batches.ts';
import { deleteWithChanges, eraseChanges } from './erased-changes.ts';
import { removeInteractions } from './remove-interactions.ts';

/**
 * Removes the records of an erased customer. Orders, payments and returns stay, and so do their totals. Each step ends
 * when it finds no more rows, so the work can stop anywhere and be repeated.
 */
export async function eraseRecords(db: Db, customerId: string, batches: BatchOptions): Promise<void> {
  const own = (model: Rows['model'], rows: Partial<Rows> = {}): Rows => {
    const { where, ...rest } = rows;
    return { model, where: `"customerId" = $2::uuid${where ? ` AND ${where}` : ''}`, values: [customerId], ...rest };
  };
  await deleteRows(db, own('SurveyResponse', { order: ['respondedAt', 'id'] }), batches);
  await removeInteractions(db, own('Interaction', { order: ['occurredAt', 'id'] }), batches);
  await removeCases(db, own('Case', { order: ['openedAt', 'id'] }), batches);
  for (const model of ['ConsentEvent', 'Consent', 'Preference', 'Address'] as const)
    await deleteRows(db, own(model), batches);
  await eraseTextsOfOrders(db, own('Order', { order: ['placedAt', 'id'] }), batches);
  await eraseTextsOfReturns(db, own('Return', { order: ['occurredAt', 'id'] }), batches);
  // Past states come last, because until here a change of a row could still add one.
  await deleteRows(db, own('PastState', { column: 'entityId' }), batches);
  const events = own('AuditEvent', { where: '"changes" IS NOT NULL', order: ['occurredAt', 'id'] });
  await eraseChanges(db, events, batches);
}

async function removeCases(db: Db, cases: Rows, batches: BatchOptions): Promise<void> {
  await deleteWithChanges(db, cases, batches, async (ids) => {
    const of = (model: Rows['model'], where = 'true'): Rows => ({
      model,
      where: `"caseId" = ANY ($2::uuid[]) AND ${where}`,
      values: [ids],
    });
    // Interactions without a customer may hold personal data of the customer whose case they belong to.
    await removeInteractions(db, of('Interaction', '"customerId" IS NULL'), batches);
    await updateRows(db, of('Interaction'), batches, '"caseId" = NULL');
    await updateRows(db, of('SurveyResponse'), batches, '"caseId" = NULL');
    await deleteWithChanges(db, of('CaseHandoff'), batches);
  });
}

// Erases text that accounting does not need. A title may contain an engraving, unless it is the title of the product.
async function eraseTextsOfOrders(db: Db, orders: Rows, batches: BatchOptions): Promise<void> {
  for await (const ids of idPages(db, orders, batches)) {
    const of = (model: Rows['model'], where: string): Rows => ({
      model,
      where: `"orderId" = ANY ($2::uuid[]) AND ${where}`,
      values: [ids],
    });
    await updateRows(db, of('Fulfillment', '"trackingNumber" IS NOT NULL'), batches, '"trackingNumber" = NULL');
    const title = `"title" <> '${erasedText}' AND NOT EXISTS (SELECT 1 FROM "Product" p WHERE p."workspaceId" = $1::uuid
      AND p."id" = "OrderLine"."productId" AND p."title" = "OrderLine"."title")`;
    await updateRows(db, of('OrderLine', title), batches, `"title" = '${erasedText}'`);
    await transactBySql(db, async (tx) => {
      const named = await tx.query<{ id: string; number: string }>({ text: numbersOf, values: [tx.workspaceId, ids] });
      const personal = named.flatMap(({ id, number }) => (isPersonal(number) ? [id] : []));
      await tx.query({ text: eraseOrders, values: [tx.workspaceId, ids, personal, erasedText] });
    });
    await eraseChanges(db, changesAsGuest(ids, ['OrderLine', 'Fulfillment'], 'orderId'), batches);
  }
}

const numbersOf = 'SELECT "id", "number" FROM "Order" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])';
const eraseOrders = `UPDATE "Order" SET "note" = NULL, "cancelReason" = NULL, "shippingAddress" = NULL,
  "number" = CASE WHEN "id" = ANY ($3::uuid[]) THEN $4 ELSE "number" END
  WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])
    AND (coalesce("note", "cancelReason", "shippingAddress"::text) IS NOT NULL OR "id" = ANY ($3::uuid[]))`;

async function eraseTextsOfReturns(db: Db, returns: Rows, batches: BatchOptions): Promise<void> {
  for await (const ids of idPages(db, returns, batches)) {
    const lines: Rows = {
      model: 'ReturnLine',
      where: `"returnId" = ANY ($2::uuid[]) AND "title" <> '${erasedText}' AND NOT EXISTS (SELECT 1 FROM "OrderLine" l
        WHERE l."workspaceId" = $1::uuid AND l."id" = "ReturnLine"."orderLineId" AND l."title" = "ReturnLine"."title")`,
      values: [ids],
    };
    await updateRows(db, lines, batches, `"title" = '${erasedText}'`);
    const given: Rows = { model: 'Return', where: '"id" = ANY ($2::uuid[]) AND "reason" IS NOT NULL', values: [ids] };
    await updateRows(db, given, batches, '"reason" = NULL');
    await eraseChanges(db, changesAsGuest(ids, ['ReturnLine'], 'returnId'), batches);
  }
}

// Selects audit events without a customer, from before the orders or returns had one.
function changesAsGuest(ids: string[], parts: string[], parent: string): Rows {
  const ofParts = parts.map(
    (model) => `UNION ALL
    SELECT "id" FROM "${model}" WHERE "workspaceId" = $1::uuid AND "${parent}" = ANY ($2::uuid[])`,
  );
  return {
    model: 'AuditEvent',
    where: `"customerId" IS NULL AND "changes" IS NOT NULL AND "entityId" IN (SELECT unnest($2::uuid[]) ${ofParts.join(' ')})`,
    values: [ids],
  };
}
