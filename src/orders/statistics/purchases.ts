import { countedSql } from '../../db/counted-orders.ts';
import type { Statement } from '../../db/statements.ts';
import type { Bulk } from '../../db/write/bulk.ts';

// The maximum of GraphQL's Int and of the column. Larger sums are capped.
const maxQuantity = 2 ** 31 - 1;

/** A line of a new order that sells a product. */
export type Purchase = { customerId: string; productId: string; orderId: string; quantity: number; placedAt: Date };

/** Adds new orders to the purchased products of customers, without reading any order. */
export function addPurchases(bulk: Bulk, purchases: Purchase[]): Statement[] {
  // Sorted by primary key, so that neighboring index entries are written together.
  return bulk.insert(
    'PurchasedProduct',
    groupPurchases(purchases),
    `ORDER BY "customerId", "productId" ON CONFLICT ("workspaceId", "customerId", "productId") DO UPDATE SET
      "timesBought" = t."timesBought" + excluded."timesBought",
      "quantity" = least(t."quantity"::bigint + excluded."quantity", ${maxQuantity})::integer,
      "firstBoughtAt" = least(t."firstBoughtAt", excluded."firstBoughtAt"),
      "lastBoughtAt" = greatest(t."lastBoughtAt", excluded."lastBoughtAt")`,
  );
}

// Groups into one row per customer and product. Lines of one order are adjacent, so an order counts once even if
// several of its lines sell the same product.
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
    row.quantity = Math.min(row.quantity + quantity, maxQuantity);
    if (placedAt < row.firstBoughtAt) row.firstBoughtAt = placedAt;
    if (placedAt > row.lastBoughtAt) row.lastBoughtAt = placedAt;
  }
  return [...grouped.values()].map(({ row }) => row);
}

function ownedRow({ customerId, productId, quantity, placedAt }: Purchase) {
  return { customerId, productId, timesBought: 1, quantity, firstBoughtAt: placedAt, lastBoughtAt: placedAt };
}

/** Recounts the purchased products of these customer and product pairs. */
export function refreshPurchases(workspaceId: string, pairs: { customerId: string; productId: string }[]): Statement[] {
  if (pairs.length === 0) return [];
  const values = [workspaceId, pairs.map(({ customerId }) => customerId), pairs.map(({ productId }) => productId)];
  const forget = `
    DELETE FROM "PurchasedProduct" p USING unnest($2::uuid[], $3::uuid[]) AS pair("customerId", "productId")
    WHERE p."workspaceId" = $1::uuid AND p."customerId" = pair."customerId" AND p."productId" = pair."productId"`;
  const recount = `
    INSERT INTO "PurchasedProduct" ("workspaceId", "customerId", "productId", "timesBought", "quantity", "firstBoughtAt", "lastBoughtAt")
    ${countedPurchases(`(SELECT DISTINCT * FROM unnest($2::uuid[], $3::uuid[])) AS pair("customerId", "productId")
      JOIN "OrderLine" l ON l."workspaceId" = $1::uuid AND l."customerId" = pair."customerId" AND l."productId" = pair."productId"
      JOIN "Order" o ON o."workspaceId" = l."workspaceId" AND o."id" = l."orderId"`)}`;
  return [forget, recount].map((text) => ({ text, values }));
}

/** Builds SQL that counts purchased products from order lines, aliased `l`, and their orders, aliased `o`. */
export function countedPurchases(from: string): string {
  return `
    SELECT o."workspaceId", o."customerId", l."productId", count(DISTINCT o."id")::integer AS "timesBought",
      least(sum(l."quantity"), ${maxQuantity})::integer AS "quantity", min(o."placedAt") AS "firstBoughtAt", max(o."placedAt") AS "lastBoughtAt"
    FROM ${from} WHERE ${countedSql('o')} GROUP BY o."workspaceId", o."customerId", l."productId"`;
}
