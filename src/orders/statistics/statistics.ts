import { countedSql } from '../../db/counted-orders.ts';
import type { Statement } from '../../db/statements.ts';
import type { Bulk } from '../../db/write/bulk.ts';
import { type Amount, zero } from '../../lib/money.ts';
import { receivedSql } from '../refresh-orders.ts';

/** Recounts the statistics of these customers. The transaction must have locked them. */
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

/** Builds SQL for the amount that the order with this table alias adds to its customer's spending; never negative. */
function spentSql(alias: string): string {
  const [paid, refunded, returned] = ['amountPaid', 'amountRefunded', 'amountReturned'].map(
    (name) => `${alias}."${name}"`,
  );
  return `greatest(${paid} - greatest(${refunded}, ${returned}), 0)`;
}

/**
 * Builds SQL that counts statistics from the orders and returns that meet a condition. Drafts, canceled and expired
 * orders are excluded.
 */
export function countedStatistics(whose: string): string {
  return `
    SELECT "workspaceId", "customerId", "currencyCode", sum(orders)::integer AS "numberOfOrders", sum(ordered) AS "amountOrdered",
      sum(spent) AS "amountSpent", sum(returned) AS "amountReturned", min(placed) AS "firstOrderAt", max(placed) AS "lastOrderAt"
    FROM (
      SELECT "workspaceId", "customerId", "currencyCode", 1 AS orders, "total" AS ordered,
        ${spentSql('"Order"')} AS spent, "amountReturned" AS returned, "placedAt" AS placed
      FROM "Order" WHERE ${whose} AND ${countedSql('"Order"')}
      UNION ALL
      SELECT "workspaceId", "customerId", "currencyCode", 0, 0, -"refundAmount", "refundAmount", NULL
      FROM "Return" WHERE ${whose} AND "orderId" IS NULL AND ${receivedSql('"Return"')}
    ) movements GROUP BY "workspaceId", "customerId", "currencyCode"`;
}

/** A new order that counts in statistics. */
export type CountedOrder = {
  customerId: string;
  currencyCode: string;
  total: Amount;
  amountPaid: Amount;
  amountRefunded: Amount;
  placedAt: Date;
};

/** Adds new orders, which have no returns yet, to the statistics of their customers without reading any statistics. */
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
