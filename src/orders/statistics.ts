import type { Tx } from '../db/database.ts';
import { type LargeStatement, largeStatement } from '../db/large-statement.ts';

/**
 * Brings what is kept on orders in line with their payments and returns: amounts, returned quantities, and the status
 * where goods came back. Where no payment is recorded, the stated payment status speaks.
 */
export async function refreshOrders(tx: Tx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const { workspaceId } = tx;
  await tx.$executeRaw`
    UPDATE "OrderLine" l SET "returnedQuantity" = coalesce((
      SELECT sum(rl."quantity") FROM "ReturnLine" rl JOIN "Return" r ON r."workspaceId" = rl."workspaceId" AND r."id" = rl."returnId"
      WHERE rl."workspaceId" = l."workspaceId" AND rl."orderLineId" = l."id" AND r."status" IN ('RECEIVED', 'COMPLETED')), 0)
    WHERE l."workspaceId" = ${workspaceId}::uuid AND l."orderId" = ANY (${orderIds}::uuid[])`;
  await tx.$executeRaw`
    UPDATE "Order" o SET
      "amountPaid" = coalesce(p.paid, CASE WHEN o."paymentStatus" IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') THEN o."total" ELSE 0 END),
      "amountRefunded" = coalesce(p.refunded, CASE WHEN o."paymentStatus" = 'REFUNDED' THEN o."total" ELSE 0 END),
      "amountReturned" = r.returned,
      "status" = CASE
        WHEN l.returned = 0 AND o."status" IN ('PARTIALLY_RETURNED', 'RETURNED') AND r.recorded THEN 'FULFILLED'
        WHEN l.returned = 0 THEN o."status"
        WHEN l.returned = l.sold THEN 'RETURNED'
        ELSE 'PARTIALLY_RETURNED' END::"OrderStatus"
    FROM unnest(${orderIds}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT sum("amount") FILTER (WHERE "kind" = 'PAYMENT') AS paid, sum("amount") FILTER (WHERE "kind" = 'REFUND') AS refunded
      FROM "Payment" WHERE "workspaceId" = ${workspaceId}::uuid AND "orderId" = wanted.id) p
    CROSS JOIN LATERAL (
      SELECT coalesce(sum("refundAmount") FILTER (WHERE "status" IN ('RECEIVED', 'COMPLETED')), 0) AS returned, count(*) > 0 AS recorded
      FROM "Return" WHERE "workspaceId" = ${workspaceId}::uuid AND "orderId" = wanted.id) r
    CROSS JOIN LATERAL (
      SELECT coalesce(sum("quantity"), 0) AS sold, coalesce(sum("returnedQuantity"), 0) AS returned
      FROM "OrderLine" WHERE "workspaceId" = ${workspaceId}::uuid AND "orderId" = wanted.id) l
    WHERE o."workspaceId" = ${workspaceId}::uuid AND o."id" = wanted.id`;
}

/**
 * Recounts the statistics of these customers, whom the transaction holds locked. Spent is what was paid, less what was
 * refunded or came back, whichever is more; orders that are drafts, canceled or expired are out.
 */
export async function refreshStatistics(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  const { workspaceId } = tx;
  await tx.$executeRaw`
    DELETE FROM "CustomerStatistics" WHERE "workspaceId" = ${workspaceId}::uuid AND "customerId" = ANY (${customerIds}::uuid[])`;
  await tx.$executeRaw`
    INSERT INTO "CustomerStatistics" ("workspaceId", "customerId", "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "amountReturned", "firstOrderAt", "lastOrderAt")
    SELECT ${workspaceId}::uuid, "customerId", "currencyCode", sum(orders), sum(ordered), sum(spent), sum(returned), min(placed), max(placed)
    FROM (
      SELECT "customerId", "currencyCode", 1 AS orders, "total" AS ordered,
        "amountPaid" - greatest("amountRefunded", "amountReturned") AS spent, "amountReturned" AS returned, "placedAt" AS placed
      FROM "Order" WHERE "workspaceId" = ${workspaceId}::uuid AND "customerId" = ANY (${customerIds}::uuid[])
        AND "status" NOT IN ('DRAFT', 'CANCELED', 'EXPIRED')
      UNION ALL
      SELECT "customerId", "currencyCode", 0, 0, -"refundAmount", "refundAmount", NULL
      FROM "Return" WHERE "workspaceId" = ${workspaceId}::uuid AND "customerId" = ANY (${customerIds}::uuid[])
        AND "orderId" IS NULL AND "status" IN ('RECEIVED', 'COMPLETED')
    ) movements GROUP BY "customerId", "currencyCode"`;
}

/** A product in an order that is new. */
export type Purchase = { customerId: string; productId: string; orderId: string; quantity: number; placedAt: Date };

/** Adds new orders to what customers own, without reading any order. */
export function addPurchases(purchases: Purchase[]): LargeStatement {
  // Sorted by the primary key: neighbours in the index are written one after the other.
  return largeStatement(
    `INSERT INTO "PurchasedProduct" AS p ("workspaceId", "customerId", "productId", "timesBought", "quantity", "firstBoughtAt", "lastBoughtAt")
    SELECT $1::uuid, "customerId", "productId", "timesBought", "quantity", "firstBoughtAt", "lastBoughtAt"
    FROM json_populate_recordset(NULL::"PurchasedProduct", $2::json)
    ORDER BY "customerId", "productId"
    ON CONFLICT ("workspaceId", "customerId", "productId") DO UPDATE SET
      "timesBought" = p."timesBought" + excluded."timesBought",
      "quantity" = p."quantity" + excluded."quantity",
      "firstBoughtAt" = least(p."firstBoughtAt", excluded."firstBoughtAt"),
      "lastBoughtAt" = greatest(p."lastBoughtAt", excluded."lastBoughtAt")`,
    groupPurchases(purchases),
  );
}

// One row for each customer and product; an order counts once however many of its lines, which come together, are of
// that product.
function groupPurchases(purchases: Purchase[]) {
  const grouped = new Map<string, { row: ReturnType<typeof ownedRow>; orderId: string }>();
  for (const purchase of purchases) {
    const { customerId, productId, orderId, quantity, placedAt } = purchase;
    const key = customerId + productId;
    const group = grouped.get(key);
    if (!group) {
      grouped.set(key, { row: ownedRow(purchase), orderId });
      continue;
    }
    const { row } = group;
    if (group.orderId !== orderId) row.timesBought += 1;
    group.orderId = orderId;
    row.quantity += quantity;
    if (placedAt < row.firstBoughtAt) row.firstBoughtAt = placedAt;
    if (placedAt > row.lastBoughtAt) row.lastBoughtAt = placedAt;
  }
  return [...grouped.values()].map(({ row }) => row);
}

function ownedRow({ customerId, productId, quantity, placedAt }: Purchase) {
  return { customerId, productId, timesBought: 1, quantity, firstBoughtAt: placedAt, lastBoughtAt: placedAt };
}

/** Recounts what customers own of these products, pair by pair. */
export async function refreshPurchases(tx: Tx, pairs: { customerId: string; productId: string }[]): Promise<void> {
  if (pairs.length === 0) return;
  const { workspaceId } = tx;
  const customers = pairs.map(({ customerId }) => customerId);
  const products = pairs.map(({ productId }) => productId);
  await tx.$executeRaw`
    DELETE FROM "PurchasedProduct" p USING unnest(${customers}::uuid[], ${products}::uuid[]) AS pair("customerId", "productId")
    WHERE p."workspaceId" = ${workspaceId}::uuid AND p."customerId" = pair."customerId" AND p."productId" = pair."productId"`;
  await tx.$executeRaw`
    INSERT INTO "PurchasedProduct" ("workspaceId", "customerId", "productId", "timesBought", "quantity", "firstBoughtAt", "lastBoughtAt")
    SELECT ${workspaceId}::uuid, pair."customerId", pair."productId", count(DISTINCT o."id"), sum(l."quantity"), min(o."placedAt"), max(o."placedAt")
    FROM (SELECT DISTINCT * FROM unnest(${customers}::uuid[], ${products}::uuid[])) AS pair("customerId", "productId")
    JOIN "OrderLine" l ON l."workspaceId" = ${workspaceId}::uuid AND l."customerId" = pair."customerId" AND l."productId" = pair."productId"
    JOIN "Order" o ON o."workspaceId" = l."workspaceId" AND o."id" = l."orderId"
    WHERE o."status" NOT IN ('DRAFT', 'CANCELED', 'EXPIRED')
    GROUP BY pair."customerId", pair."productId"`;
}
