import type { Db } from '../db/database.ts';
import { type BatchOptions, idPages, type Rows, updateRows } from '../db/write/batches.ts';
import { type Events, eraseChanges } from '../db/write/erased-changes.ts';
import { transactBySql } from '../db/write/transact.ts';
import { erasedText, isPersonal } from './erased-buyer.ts';

/** Removes personal data from the orders and returns of an erased customer. Their amounts and quantities stay. */
export async function anonymizeOrders(db: Db, customerId: string, batches: BatchOptions): Promise<void> {
  const own = { where: '"customerId" = $2::uuid', values: [customerId] };
  const orders = { table: 'Order', ...own, order: ['placedAt', 'id'] };
  for await (const ids of idPages(db, orders, batches)) await eraseTextsOfOrders(db, ids, batches);
  const returns = { table: 'Return', ...own, order: ['occurredAt', 'id'] };
  for await (const ids of idPages(db, returns, batches)) await eraseTextsOfReturns(db, ids, batches);
}

// Erases text that accounting does not need. A title may contain an engraving, unless it is the title of the product.
async function eraseTextsOfOrders(db: Db, ids: string[], batches: BatchOptions): Promise<void> {
  const of = (table: string, where: string): Rows => ({
    table,
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

const numbersOf = 'SELECT "id", "number" FROM "Order" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])';
const eraseOrders = `UPDATE "Order" SET "note" = NULL, "cancelReason" = NULL, "shippingAddress" = NULL,
  "number" = CASE WHEN "id" = ANY ($3::uuid[]) THEN $4 ELSE "number" END
  WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])
    AND (coalesce("note", "cancelReason", "shippingAddress"::text) IS NOT NULL OR "id" = ANY ($3::uuid[]))`;

async function eraseTextsOfReturns(db: Db, ids: string[], batches: BatchOptions): Promise<void> {
  const lines: Rows = {
    table: 'ReturnLine',
    where: `"returnId" = ANY ($2::uuid[]) AND "title" <> '${erasedText}' AND NOT EXISTS (SELECT 1 FROM "OrderLine" l
      WHERE l."workspaceId" = $1::uuid AND l."id" = "ReturnLine"."orderLineId" AND l."title" = "ReturnLine"."title")`,
    values: [ids],
  };
  await updateRows(db, lines, batches, `"title" = '${erasedText}'`);
  const given: Rows = { table: 'Return', where: '"id" = ANY ($2::uuid[]) AND "reason" IS NOT NULL', values: [ids] };
  await updateRows(db, given, batches, '"reason" = NULL');
  await eraseChanges(db, changesAsGuest(ids, ['ReturnLine'], 'returnId'), batches);
}

// Selects audit events without a customer, from before the orders or returns had one.
function changesAsGuest(ids: string[], parts: string[], parent: string): Events {
  const ofParts = parts.map(
    (table) => `UNION ALL
    SELECT "id" FROM "${table}" WHERE "workspaceId" = $1::uuid AND "${parent}" = ANY ($2::uuid[])`,
  );
  return {
    where: `"customerId" IS NULL AND "entityId" IN (SELECT unnest($2::uuid[]) ${ofParts.join(' ')})`,
    values: [ids],
  };
}
