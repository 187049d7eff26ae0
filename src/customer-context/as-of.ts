import { workspace } from '../db/statements.ts';
import { paymentStatusSql } from '../orders/payments/payment-status.ts';
import { receivedSql } from '../orders/refresh-orders.ts';
import { countedPurchases } from '../orders/statistics/purchases.ts';
import { countedStatistics } from '../orders/statistics/statistics.ts';
import { decisionsSql } from '../preferences/consents/decisions.ts';

/**
 * Builds a `WITH` clause whose queries replace the tables under the same names. Each returns one customer's rows at a
 * past instant, by event time. The SELECT that follows reads them unchanged. Tables without a query here are read as
 * they are today.
 */
export function tablesAsOf(customer: string, instant: string): string {
  const asked = `SELECT ${workspace} AS "workspaceId", ${customer} AS "customerId", ${instant}::timestamptz AS "at"`;
  return `WITH ${Object.entries({ asked, ...tables })
    .map(([name, query]) => `"${name}" AS MATERIALIZED (${query})`)
    .join(', ')}`;
}

// For tables without past states: the rows dated up to the instant.
function rowsUntil(table: string, time: string): string {
  return `SELECT t.*, true AS "isToday" FROM asked a JOIN "${table}" t USING ("workspaceId", "customerId") WHERE t."${time}" <= a."at"`;
}

// For tables with past states: the rows unchanged since the instant, and the past states of the others.
function versionedRows(table: string, time: string): string {
  return `${rowsUntil(table, time)} AND (t."changedAt" IS NULL OR t."changedAt" <= a."at")
    UNION ALL SELECT t.*, false FROM asked a, past p CROSS JOIN LATERAL jsonb_populate_record(NULL::"${table}", p."state") t
    WHERE p."entity" = '${table}' AND t."${time}" <= a."at"`;
}

// For tables whose rows belong to orders: the rows of each order as it was at the instant.
function ofOrders(table: string): string {
  return `SELECT t.* FROM orders o JOIN "${table}" t ON t."workspaceId" = o."workspaceId" AND t."orderId" = o."id" WHERE o."isToday"
    UNION ALL SELECT t.* FROM past p CROSS JOIN LATERAL jsonb_populate_recordset(NULL::"${table}", p."state" -> '${table}') t
    WHERE p."entity" = 'Order'`;
}

// The rows of a query in the shape of a table, with some columns overridden.
function withOverrides(table: string, query: string, columns: Record<string, string>): string {
  const overrides = Object.entries(columns).map(([name, sql]) => `'${name}', ${sql}`);
  return `SELECT r.* FROM asked a CROSS JOIN (${query}) t
    CROSS JOIN LATERAL jsonb_populate_record(NULL::"${table}", to_jsonb(t) || jsonb_build_object(${overrides.join(', ')})) r`;
}

// What is written with the resolution of a case is not known before it.
const untilResolved = (name: string) => `CASE WHEN t."resolvedAt" > a."at" THEN NULL ELSE t."${name}" END`;
const onceSent = (name: string) => `CASE WHEN t."shippedAt" > a."at" THEN NULL ELSE t."${name}" END`;
const ifPast = (time: string) => `CASE WHEN t."${time}" <= a."at" THEN t."${time}" END`;
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

const decisions = decisionsSql('e', 'a."at"');

// Each query may read the ones above it. A record that was written only once still shows its past states, by dates such
// as `shippedAt` and `resolvedAt`.
const tables = {
  past: `SELECT p."entity", p."state" FROM asked a JOIN "PastState" p USING ("workspaceId", "customerId")
    WHERE (p."since" IS NULL OR p."since" <= a."at") AND a."at" < p."until"`,
  Return: versionedRows('Return', 'occurredAt'),
  orders: versionedRows('Order', 'placedAt'),
  payments: ofOrders('Payment'),
  shipments: ofOrders('Fulfillment'),
  Fulfillment: withOverrides('Fulfillment', 'SELECT * FROM shipments', {
    status: `CASE WHEN t."status" IN ('IN_TRANSIT', 'DELIVERED') AND t."shippedAt" > a."at" THEN 'PENDING'
      WHEN t."status" = 'DELIVERED' AND t."deliveredAt" > a."at" THEN 'IN_TRANSIT' ELSE t."status"::text END`,
    carrier: onceSent('carrier'),
    trackingNumber: onceSent('trackingNumber'),
    shippedAt: ifPast('shippedAt'),
    deliveredAt: ifPast('deliveredAt'),
  }),
  OrderLine: withOverrides('OrderLine', ofOrders('OrderLine'), {
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
  Case: withOverrides('Case', versionedRows('Case', 'openedAt'), {
    status: `CASE WHEN t."status" = 'RESOLVED' AND t."resolvedAt" > a."at" THEN 'OPEN' ELSE t."status"::text END`,
    firstResponseAt: ifPast('firstResponseAt'),
    resolvedAt: ifPast('resolvedAt'),
    cause: untilResolved('cause'),
    remedy: untilResolved('remedy'),
  }),
  Interaction: rowsUntil('Interaction', 'occurredAt'),
  SurveyResponse: rowsUntil('SurveyResponse', 'respondedAt'),
  Preference: withOverrides('Preference', rowsUntil('Preference', 'validFrom'), { endedAt: ifPast('endedAt') }),
  // The decision in force, under the ID of the `Consent` row.
  Consent: `SELECT DISTINCT ON (e."channel", e."purpose") e."workspaceId", e."customerId", n."id", e."channel", e."purpose", e."status",
      e."source", e."evidence", ${decisions.heldFrom} AS "capturedAt", e."expiresAt" FROM asked a JOIN "ConsentEvent" e USING ("workspaceId", "customerId")
    JOIN "Consent" n USING ("workspaceId", "customerId", "channel", "purpose") WHERE ${decisions.heldFrom} <= a."at"
    ORDER BY e."channel", e."purpose", ${decisions.order}`,
  // Last, because the queries above read these tables as they are today.
  Payment: `SELECT p.* FROM asked a, payments p WHERE p."occurredAt" <= a."at"`,
  ReturnLine: `SELECT l.* FROM "Return" r JOIN "ReturnLine" l ON l."workspaceId" = r."workspaceId" AND l."returnId" = r."id"`,
  CaseHandoff: `SELECT h.* FROM asked a, "Case" k JOIN "CaseHandoff" h ON h."workspaceId" = k."workspaceId" AND h."caseId" = k."id"
    WHERE h."occurredAt" <= a."at"`,
  ConsentEvent: rowsUntil('ConsentEvent', 'capturedAt'),
};
