import type { Bulk } from '../db/bulk.ts';
import type { Statement } from '../db/statements.ts';
import { type Amount, zero } from '../lib/money.ts';
import { countedSql } from './counting.ts';

/**
 * Brings what is kept on orders in line with their payments and returns: amounts, returned quantities, and the status
 * where goods came back. Where no payment is recorded, the stated payment status speaks. `changed` says of each order
 * when what it follows from came to be.
 */
export function refreshOrders(workspaceId: string, changed: Map<string, Date | null>): Statement[] {
  if (changed.size === 0) return [];
  const values = [workspaceId, [...changed.keys()]];
  const returnedQuantities = `
    UPDATE "OrderLine" l SET "returnedQuantity" = coalesce((
      SELECT sum(rl."quantity") FROM "ReturnLine" rl JOIN "Return" r ON r."workspaceId" = rl."workspaceId" AND r."id" = rl."returnId"
      WHERE rl."workspaceId" = l."workspaceId" AND rl."orderLineId" = l."id" AND r."status" IN ('RECEIVED', 'COMPLETED')), 0)
    WHERE l."workspaceId" = $1::uuid AND l."orderId" = ANY ($2::uuid[])`;
  // Only what is different is written, as a new version.
  const amounts = `
    UPDATE "Order" o SET "amountPaid" = n.paid, "amountRefunded" = n.refunded, "amountReturned" = n.returned,
      "status" = n.status, "changedAt" = greatest(o."changedAt", n.changed), "updatedAt" = now()
    FROM (
      SELECT was."id", wanted.changed, r.returned,
        coalesce(p.paid, CASE WHEN was."paymentStatus" IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') THEN was."total" ELSE 0 END) AS paid,
        coalesce(p.refunded, CASE WHEN was."paymentStatus" = 'REFUNDED' THEN was."total" ELSE 0 END) AS refunded,
        CASE
          WHEN l.returned = 0 AND was."status" IN ('PARTIALLY_RETURNED', 'RETURNED') AND r.recorded THEN 'FULFILLED'
          WHEN l.returned = 0 THEN was."status"
          WHEN l.returned = l.sold THEN 'RETURNED'
          ELSE 'PARTIALLY_RETURNED' END::"OrderStatus" AS status
      FROM unnest($2::uuid[], $3::timestamptz[]) AS wanted(id, changed)
      JOIN "Order" was ON was."workspaceId" = $1::uuid AND was."id" = wanted.id
      CROSS JOIN LATERAL (
        SELECT sum("amount") FILTER (WHERE "kind" = 'PAYMENT') AS paid, sum("amount") FILTER (WHERE "kind" = 'REFUND') AS refunded
        FROM "Payment" WHERE "workspaceId" = $1::uuid AND "orderId" = wanted.id) p
      CROSS JOIN LATERAL (
        SELECT coalesce(sum("refundAmount") FILTER (WHERE "status" IN ('RECEIVED', 'COMPLETED')), 0) AS returned, count(*) > 0 AS recorded
        FROM "Return" WHERE "workspaceId" = $1::uuid AND "orderId" = wanted.id) r
      CROSS JOIN LATERAL (
        SELECT coalesce(sum("quantity"), 0) AS sold, coalesce(sum("returnedQuantity"), 0) AS returned
        FROM "OrderLine" WHERE "workspaceId" = $1::uuid AND "orderId" = wanted.id) l
    ) n
    WHERE o."workspaceId" = $1::uuid AND o."id" = n."id"
      AND (o."amountPaid", o."amountRefunded", o."amountReturned", o."status") IS DISTINCT FROM (n.paid, n.refunded, n.returned, n.status)`;
  return [
    { text: returnedQuantities, values },
    { text: amounts, values: [...values, [...changed.values()]] },
  ];
}

/**
 * Recounts the statistics of these customers, whom the transaction holds locked. Spent is what was paid, less what was
 * refunded or came back, whichever is more; orders that are drafts, canceled or expired are out.
 */
export function refreshStatistics(workspaceId: string, customerIds: string[]): Statement[] {
  if (customerIds.length === 0) return [];
  const values = [workspaceId, customerIds];
  const forget = `
    DELETE FROM "CustomerStatistics" WHERE "workspaceId" = $1::uuid AND "customerId" = ANY ($2::uuid[])`;
  const recount = `
    INSERT INTO "CustomerStatistics" ("workspaceId", "customerId", "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "amountReturned", "firstOrderAt", "lastOrderAt")
    ${countedStatistics('"workspaceId" = $1::uuid AND "customerId" = ANY ($2::uuid[])')}`;
  return [forget, recount].map((text) => ({ text, values }));
}

/** Statistics as they are counted from the tables of orders and returns, of whom these SQL conditions mean. */
export function countedStatistics(whose: string): string {
  return `
    SELECT "workspaceId", "customerId", "currencyCode", sum(orders)::integer AS "numberOfOrders", sum(ordered) AS "amountOrdered",
      sum(spent) AS "amountSpent", sum(returned) AS "amountReturned", min(placed) AS "firstOrderAt", max(placed) AS "lastOrderAt"
    FROM (
      SELECT "workspaceId", "customerId", "currencyCode", 1 AS orders, "total" AS ordered,
        "amountPaid" - greatest("amountRefunded", "amountReturned") AS spent, "amountReturned" AS returned, "placedAt" AS placed
      FROM "Order" WHERE ${whose} AND ${countedSql('"Order"')}
      UNION ALL
      SELECT "workspaceId", "customerId", "currencyCode", 0, 0, -"refundAmount", "refundAmount", NULL
      FROM "Return" WHERE ${whose} AND "orderId" IS NULL AND "status" IN ('RECEIVED', 'COMPLETED')
    ) movements GROUP BY "workspaceId", "customerId", "currencyCode"`;
}

/** An order that is new and counts. */
export type CountedOrder = {
  customerId: string;
  currencyCode: string;
  total: Amount;
  amountPaid: Amount;
  amountRefunded: Amount;
  placedAt: Date;
};

/** Adds new orders, of which nothing was returned yet, to the statistics of their customers, without reading any. */
export function addToStatistics(bulk: Bulk, orders: CountedOrder[]): Statement[] {
  const grouped = new Map<string, ReturnType<typeof statisticsRow>>();
  for (const order of orders) {
    const { customerId, currencyCode } = order;
    const key = customerId + currencyCode;
    const [row, before] = [statisticsRow(order), grouped.get(key)];
    grouped.set(key, before ? together(before, row) : row);
  }
  return bulk.insert(
    'CustomerStatistics',
    [...grouped.values()],
    `ORDER BY "customerId" ON CONFLICT ("workspaceId", "customerId", "currencyCode") DO UPDATE SET
      "numberOfOrders" = t."numberOfOrders" + excluded."numberOfOrders",
      "amountOrdered" = t."amountOrdered" + excluded."amountOrdered",
      "amountSpent" = t."amountSpent" + excluded."amountSpent",
      "firstOrderAt" = least(t."firstOrderAt", excluded."firstOrderAt"),
      "lastOrderAt" = greatest(t."lastOrderAt", excluded."lastOrderAt")`,
  );
}

function statisticsRow({ customerId, currencyCode, total, amountPaid, amountRefunded, placedAt }: CountedOrder) {
  return {
    customerId,
    currencyCode,
    numberOfOrders: 1,
    amountOrdered: total,
    amountSpent: amountPaid.minus(amountRefunded),
    amountReturned: zero,
    firstOrderAt: placedAt,
    lastOrderAt: placedAt,
  };
}

function together(a: ReturnType<typeof statisticsRow>, b: ReturnType<typeof statisticsRow>) {
  return {
    ...a,
    numberOfOrders: a.numberOfOrders + b.numberOfOrders,
    amountOrdered: a.amountOrdered.plus(b.amountOrdered),
    amountSpent: a.amountSpent.plus(b.amountSpent),
    firstOrderAt: a.firstOrderAt < b.firstOrderAt ? a.firstOrderAt : b.firstOrderAt,
    lastOrderAt: a.lastOrderAt > b.lastOrderAt ? a.lastOrderAt : b.lastOrderAt,
  };
}
