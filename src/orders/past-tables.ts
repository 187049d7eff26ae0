import { ifPast, type PastTables, rowsUntil, sameCustomer, versionedRows, withOverrides } from '../db/past-rows.ts';
import { paymentStatusSql } from './payments/payment-status.ts';
import { receivedSql } from './refresh-orders.ts';
import { countedPurchases } from './statistics/purchases.ts';
import { countedStatistics } from './statistics/statistics.ts';

// For tables whose rows belong to orders: the rows of each order as it was at the instant.
function ofOrders(table: string): string {
  return `SELECT t.* FROM orders o JOIN "${table}" t ON t."workspaceId" = o."workspaceId" AND t."orderId" = o."id" WHERE o."isToday"
    UNION ALL SELECT t.* FROM past p CROSS JOIN LATERAL jsonb_populate_recordset(NULL::"${table}", p."state" -> '${table}') t
    WHERE p."entity" = 'Order'`;
}

const onceSent = (name: string) => `CASE WHEN t."shippedAt" > a."at" THEN NULL ELSE t."${name}" END`;
const received = receivedSql('r');

// The sum of payments or refunds up to the instant. Null if none was ever recorded: then the stated amount applies.
const paid = (kind: string) => `CASE WHEN bool_or(p."kind" = '${kind}') THEN
  coalesce(sum(p."amount") FILTER (WHERE p."kind" = '${kind}' AND p."occurredAt" <= a."at"), 0) END`;

const paidBy = 'coalesce(t.paid, t."amountPaid")';
const refundedBy = 'coalesce(t.refunded, t."amountRefunded")';
const settled = paymentStatusSql({
  total: 't."total"',
  paid: paidBy,
  refunded: refundedBy,
  isRecorded: 'true',
  stated: 't."statedPaymentStatus"',
});

/**
 * Orders and what belongs to them at a past instant. An order that was written only once still shows its past states, by
 * dates such as `shippedAt`.
 */
export const pastTables: PastTables = {
  Return: versionedRows('Return', 'occurredAt'),
  OrderChange: rowsUntil('OrderChange', 'occurredAt'),
  orders: versionedRows('Order', 'placedAt'),
  payments: ofOrders('Payment'),
  shipments: ofOrders('Fulfillment'),
  Fulfillment: withOverrides('Fulfillment', 'SELECT * FROM shipments', {
    ...sameCustomer,
    status: `CASE WHEN t."status" IN ('IN_TRANSIT', 'DELIVERED') AND t."shippedAt" > a."at" THEN 'PENDING'
      WHEN t."status" = 'DELIVERED' AND t."deliveredAt" > a."at" THEN 'IN_TRANSIT' ELSE t."status"::text END`,
    carrier: onceSent('carrier'),
    trackingNumber: onceSent('trackingNumber'),
    shippedAt: ifPast('shippedAt'),
    deliveredAt: ifPast('deliveredAt'),
  }),
  OrderLine: withOverrides('OrderLine', ofOrders('OrderLine'), {
    ...sameCustomer,
    returnedQuantity: `(SELECT coalesce(sum(l."quantity"), 0) FROM "Return" r JOIN "ReturnLine" l ON l."workspaceId" = r."workspaceId" AND l."returnId" = r."id"
      WHERE l."orderLineId" = t."id" AND ${received})`,
  }),
  Order: withOverrides(
    'Order',
    `SELECT o.*, m.* FROM asked a CROSS JOIN orders o CROSS JOIN LATERAL (
      SELECT ${paid('PAYMENT')} AS paid, ${paid('REFUND')} AS refunded, bool_or(p."occurredAt" > a."at") AS "isToCome"
      FROM payments p WHERE p."orderId" = o."id") m`,
    {
      // An order counts as unfulfilled if its first shipment was sent after the instant. Shipments that were never sent
      // do not change the stated status.
      status: `CASE WHEN t."status" IN ('PARTIALLY_FULFILLED', 'FULFILLED')
        AND EXISTS (SELECT 1 FROM shipments s WHERE s."orderId" = t."id" AND s."shippedAt" > a."at")
        AND (SELECT bool_and(f."shippedAt" IS NULL AND f."status" = 'PENDING') FROM "Fulfillment" f WHERE f."orderId" = t."id")
        THEN 'UNFULFILLED' ELSE t."status"::text END`,
      paymentStatus: `CASE WHEN t."isToCome" THEN ${settled} ELSE t."paymentStatus" END`,
      amountPaid: paidBy,
      amountRefunded: refundedBy,
      amountReturned: `least(t."total", (SELECT coalesce(sum(r."refundAmount"), 0) FROM "Return" r WHERE r."orderId" = t."id" AND ${received}))`,
    },
  ),
  CustomerStatistics: countedStatistics('true'),
  PurchasedProduct: countedPurchases(
    `"Order" o JOIN "OrderLine" l ON l."orderId" = o."id" AND l."productId" IS NOT NULL`,
  ),
  // Last, because the queries above read these tables as they are today.
  Payment: withOverrides('Payment', 'SELECT p.* FROM asked a, payments p WHERE p."occurredAt" <= a."at"', sameCustomer),
  ReturnLine: withOverrides(
    'ReturnLine',
    'SELECT l.* FROM "Return" r JOIN "ReturnLine" l ON l."workspaceId" = r."workspaceId" AND l."returnId" = r."id"',
    sameCustomer,
  ),
};
