import type { Db } from '../../db/database.ts';

export type StatisticsReport = { customers: number; differences: string[] };

/**
 * Recounts the statistics and purchased products of every customer from orders, lines, payments and returns, and lists
 * each row that differs. It uses none of the derived amounts stored on orders.
 */
export async function verifyStatistics(db: Db): Promise<StatisticsReport> {
  const { workspaceId } = db;
  const [counted] = await db.$queryRaw<{ customers: bigint }[]>`
    SELECT count(DISTINCT "customerId") AS customers FROM "CustomerStatistics" WHERE "workspaceId" = ${workspaceId}::uuid`;
  const statistics = await db.$queryRaw<{ difference: string }[]>`
    WITH settled AS (
      SELECT o."customerId", o."currencyCode", o."placedAt", o."total",
        coalesce((SELECT sum(p."amount") FROM "Payment" p WHERE p."workspaceId" = o."workspaceId" AND p."orderId" = o."id" AND p."kind" = 'PAYMENT'),
          CASE WHEN o."statedPaymentStatus" IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') THEN o."total" ELSE 0 END) AS paid,
        coalesce((SELECT sum(p."amount") FROM "Payment" p WHERE p."workspaceId" = o."workspaceId" AND p."orderId" = o."id" AND p."kind" = 'REFUND'),
          CASE WHEN o."statedPaymentStatus" = 'REFUNDED' THEN o."total" ELSE 0 END) AS refunded,
        least(o."total", coalesce((SELECT sum(r."refundAmount") FROM "Return" r WHERE r."workspaceId" = o."workspaceId" AND r."orderId" = o."id" AND r."status" IN ('RECEIVED', 'COMPLETED')), 0)) AS returned
      FROM "Order" o
      WHERE o."workspaceId" = ${workspaceId}::uuid AND o."customerId" IS NOT NULL AND o."status" NOT IN ('DRAFT', 'CANCELED', 'EXPIRED')
    ), recounted AS (
      SELECT "customerId", "currencyCode", sum(n)::integer AS "numberOfOrders", sum(ordered) AS "amountOrdered", sum(spent) AS "amountSpent",
        sum(returned) AS "amountReturned", min(placed) AS "firstOrderAt", max(placed) AS "lastOrderAt"
      FROM (
        SELECT "customerId", "currencyCode", 1 AS n, "total" AS ordered, greatest(0, paid - greatest(refunded, returned)) AS spent, returned, "placedAt" AS placed FROM settled
        UNION ALL
        SELECT "customerId", "currencyCode", 0, 0, -"refundAmount", "refundAmount", NULL FROM "Return"
        WHERE "workspaceId" = ${workspaceId}::uuid AND "customerId" IS NOT NULL AND "orderId" IS NULL AND "status" IN ('RECEIVED', 'COMPLETED')
      ) movements GROUP BY "customerId", "currencyCode"
    ), kept AS (
      SELECT "customerId", "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "amountReturned", "firstOrderAt", "lastOrderAt"
      FROM "CustomerStatistics" WHERE "workspaceId" = ${workspaceId}::uuid
    )
    SELECT 'stored but not recounted: ' || row_to_json(d)::text AS difference FROM (SELECT * FROM kept EXCEPT SELECT * FROM recounted) d
    UNION ALL
    SELECT 'recounted but not stored: ' || row_to_json(d)::text FROM (SELECT * FROM recounted EXCEPT SELECT * FROM kept) d`;
  const purchases = await db.$queryRaw<{ difference: string }[]>`
    WITH recounted AS (
      SELECT o."customerId", l."productId", count(DISTINCT o."id")::integer AS "timesBought", least(sum(l."quantity"), 2147483647)::integer AS "quantity",
        min(o."placedAt") AS "firstBoughtAt", max(o."placedAt") AS "lastBoughtAt"
      FROM "OrderLine" l JOIN "Order" o ON o."workspaceId" = l."workspaceId" AND o."id" = l."orderId"
      WHERE o."workspaceId" = ${workspaceId}::uuid AND o."customerId" IS NOT NULL AND l."productId" IS NOT NULL
        AND o."status" NOT IN ('DRAFT', 'CANCELED', 'EXPIRED')
      GROUP BY o."customerId", l."productId"
    ), kept AS (
      SELECT "customerId", "productId", "timesBought", "quantity", "firstBoughtAt", "lastBoughtAt"
      FROM "PurchasedProduct" WHERE "workspaceId" = ${workspaceId}::uuid
    )
    SELECT 'purchase stored but not recounted: ' || row_to_json(d)::text AS difference FROM (SELECT * FROM kept EXCEPT SELECT * FROM recounted) d
    UNION ALL
    SELECT 'purchase recounted but not stored: ' || row_to_json(d)::text FROM (SELECT * FROM recounted EXCEPT SELECT * FROM kept) d`;
  const differences = [...statistics, ...purchases].map(({ difference }) => difference);
  return { customers: Number(counted?.customers ?? 0), differences };
}
