import type { Statement } from '../db/statements.ts';
import { decimalsSql } from '../lib/money.ts';
import { paymentStatusSql, statedAmountsSql } from './payments/payment-status.ts';

/** Builds an SQL condition that the return with this table alias counts, because the goods are back. */
export function receivedSql(alias: string): string {
  return `${alias}."status" IN ('RECEIVED', 'COMPLETED')`;
}

/** Rows whose version the write itself has already raised. Refreshing them does not raise it again. */
export type AlreadyWritten = { ordersWritten?: boolean; returnsWritten?: string[] };

/**
 * Refreshes the derived columns of orders and their returns: returned quantities, return values, order amounts and both
 * statuses. `changed` maps each order ID to the time of the change that caused the refresh.
 */
export function refreshOrders(
  workspaceId: string,
  changed: Map<string, Date | null>,
  { ordersWritten = false, returnsWritten = [] }: AlreadyWritten = {},
): Statement[] {
  if (changed.size === 0) return [];
  const values = [workspaceId, [...changed.keys()]];
  return [
    { text: returnedQuantities, values },
    { text: returnLineTotals, values },
    ...(returnsWritten.length > 0
      ? [{ text: `${refundAmounts('')} AND r."id" = ANY ($3::uuid[])`, values: [...values, returnsWritten] }]
      : []),
    { text: refundAmounts(newVersion), values },
    { text: paymentCurrencies, values },
    { text: orderAmounts(ordersWritten ? '' : newVersion), values: [...values, [...changed.values()]] },
  ];
}

const newVersion = ', "updatedAt" = now()';

const returned = `coalesce((
    SELECT sum(rl."quantity") FROM "ReturnLine" rl JOIN "Return" r ON r."workspaceId" = $1::uuid AND r."id" = rl."returnId"
    WHERE rl."workspaceId" = $1::uuid AND rl."orderLineId" = l."id" AND ${receivedSql('r')}), 0)`;

const returnedQuantities = `
  UPDATE "OrderLine" l SET "returnedQuantity" = ${returned}
  WHERE l."workspaceId" = $1::uuid AND l."orderId" = ANY ($2::uuid[]) AND l."returnedQuantity" <> ${returned}`;

// The value of an order's goods, minus its discount and plus tax, is distributed over its lines. The value of a line
// is distributed over the returns that count, earliest first, and fully once all units are back. Amounts are rounded
// to the smallest unit. Each share is the rounded running sum minus the previous one, so that shares add up.
const returnLineTotals = `
  WITH sold AS (
    SELECT o."id" AS "orderId", greatest(o."subtotal" - o."discount" + o."tax", 0) AS value,
      greatest(${decimalsSql('o."currencyCode"')}, min_scale(o."subtotal" - o."discount" + o."tax")) AS places
    FROM "Order" o WHERE o."workspaceId" = $1::uuid AND o."id" = ANY ($2::uuid[])
      AND EXISTS (SELECT 1 FROM "Return" r WHERE r."workspaceId" = $1::uuid AND r."orderId" = o."id")
  ), lines AS (
    SELECT l."id", l."quantity", s.value, s.places, l."total", sum(l."total") OVER upto AS upto, sum(l."total") OVER whole AS whole
    FROM sold s JOIN "OrderLine" l ON l."workspaceId" = $1::uuid AND l."orderId" = s."orderId"
    WINDOW whole AS (PARTITION BY l."orderId"), upto AS (PARTITION BY l."orderId" ORDER BY l."position", l."id" ROWS UNBOUNDED PRECEDING)
  ), net AS (
    SELECT "id", "quantity", places, CASE WHEN whole = 0 THEN 0
      ELSE round(value * upto / whole, places) - round(value * (upto - "total") / whole, places) END AS net FROM lines
  ), back AS (
    SELECT rl."id", n.net, n."quantity" AS sold, n.places, rl."quantity", ${receivedSql('r')} AS counts,
      sum(rl."quantity") OVER (PARTITION BY rl."orderLineId", ${receivedSql('r')}
        ORDER BY r."occurredAt", r."source", r."externalId", r."id", rl."position" ROWS UNBOUNDED PRECEDING) AS upto
    FROM net n JOIN "ReturnLine" rl ON rl."workspaceId" = $1::uuid AND rl."orderLineId" = n."id"
    JOIN "Return" r ON r."workspaceId" = $1::uuid AND r."id" = rl."returnId"
  ), worth AS (
    SELECT "id", CASE WHEN counts THEN round(net * upto / sold, places) - round(net * (upto - "quantity") / sold, places)
      ELSE round(net * "quantity" / sold, places) END AS total FROM back
  )
  UPDATE "ReturnLine" rl SET "total" = coalesce(rl."statedTotal", w.total) FROM worth w
  WHERE rl."workspaceId" = $1::uuid AND rl."id" = w."id" AND rl."total" <> coalesce(rl."statedTotal", w.total)`;

const refundAmount = `coalesce(r."statedRefundAmount", CASE WHEN r."kind" = 'EXCHANGE' THEN 0 ELSE (
    SELECT coalesce(sum(rl."total"), 0) FROM "ReturnLine" rl WHERE rl."workspaceId" = $1::uuid AND rl."returnId" = r."id") END)`;

// An exchange refunds nothing unless it states an amount. Currency and customer always follow the order.
const refundAmounts = (alsoSets: string) => `
  UPDATE "Return" r SET "refundAmount" = ${refundAmount}, "currencyCode" = o."currencyCode", "customerId" = o."customerId"${alsoSets}
  FROM "Order" o
  WHERE o."workspaceId" = $1::uuid AND o."id" = ANY ($2::uuid[]) AND r."workspaceId" = $1::uuid AND r."orderId" = o."id"
    AND (r."refundAmount", r."currencyCode", r."customerId") IS DISTINCT FROM (${refundAmount}, o."currencyCode", o."customerId")`;

const paymentCurrencies = `
  UPDATE "Payment" p SET "currencyCode" = o."currencyCode" FROM "Order" o
  WHERE o."workspaceId" = $1::uuid AND o."id" = ANY ($2::uuid[]) AND p."workspaceId" = $1::uuid AND p."orderId" = o."id"
    AND p."currencyCode" <> o."currencyCode"`;

const stated = statedAmountsSql('was."statedPaymentStatus"', 'was."total"');

// Writes only rows that differ. The returned amount is capped at the order total.
const orderAmounts = (alsoSets: string) => `
  UPDATE "Order" o SET "amountPaid" = n.paid, "amountRefunded" = n.refunded, "amountReturned" = n.returned, "status" = n.status,
    "paymentStatus" = n."paymentStatus", "changedAt" = greatest(o."changedAt", n.changed)${alsoSets}
  FROM (
    SELECT was."id", wanted.changed, m.paid, m.refunded, least(r.returned, was."total") AS returned,
      CASE WHEN l.returned = 0 OR was."statedStatus" IN ('DRAFT', 'CANCELED', 'EXPIRED') THEN was."statedStatus"
        WHEN l.returned = l.sold THEN 'RETURNED' ELSE 'PARTIALLY_RETURNED' END AS status,
      ${paymentStatusSql({
        total: 'was."total"',
        paid: 'm.paid',
        refunded: 'm.refunded',
        isRecorded: 'm."isRecorded"',
        stated: 'was."statedPaymentStatus"',
      })} AS "paymentStatus"
    FROM unnest($2::uuid[], $3::timestamptz[]) AS wanted(id, changed)
    JOIN "Order" was ON was."workspaceId" = $1::uuid AND was."id" = wanted.id
    CROSS JOIN LATERAL (
      SELECT sum("amount") FILTER (WHERE "kind" = 'PAYMENT') AS paid, sum("amount") FILTER (WHERE "kind" = 'REFUND') AS refunded
      FROM "Payment" WHERE "workspaceId" = $1::uuid AND "orderId" = wanted.id) p
    CROSS JOIN LATERAL (
      SELECT coalesce(p.paid, ${stated.paid}) AS paid, coalesce(p.refunded, ${stated.refunded}) AS refunded,
        p.paid IS NOT NULL OR p.refunded IS NOT NULL AS "isRecorded") m
    CROSS JOIN LATERAL (
      SELECT coalesce(sum("refundAmount") FILTER (WHERE ${receivedSql('"Return"')}), 0) AS returned
      FROM "Return" WHERE "workspaceId" = $1::uuid AND "orderId" = wanted.id) r
    CROSS JOIN LATERAL (
      SELECT coalesce(sum("quantity"), 0) AS sold, coalesce(sum("returnedQuantity"), 0) AS returned
      FROM "OrderLine" WHERE "workspaceId" = $1::uuid AND "orderId" = wanted.id) l
  ) n
  WHERE o."workspaceId" = $1::uuid AND o."id" = n."id"
    AND (o."amountPaid", o."amountRefunded", o."amountReturned", o."status", o."paymentStatus")
      IS DISTINCT FROM (n.paid, n.refunded, n.returned, n.status, n."paymentStatus")`;
