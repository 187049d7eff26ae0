// SQL for a SELECT from a customer whose alias is `c` and whose column "at" is the requested instant. Every condition
// has the workspace as a parameter: PostgreSQL then checks row-level security once per table instead of once per row.

import { countedSql } from '../db/counted-orders.ts';
import { workspace } from '../db/statements.ts';
import { timeColumnOf } from '../lib/tables.ts';

/** Returns SQL for the customer's rows of a table that count at the instant. */
export function own(table: string, alias: string): string {
  return `${ownOfAnyTime(table, alias)} AND ${alias}."${timeColumnOf(table)}" <= c."at"`;
}

/** Returns SQL for all of the customer's rows of a table, including future ones. Totals count these. */
export function ownOfAnyTime(table: string, alias: string): string {
  return `FROM "${table}" ${alias} WHERE ${alias}."workspaceId" = ${workspace} AND ${alias}."customerId" = c."id"`;
}

/** Returns SQL for whether the case with this alias was resolved at the instant. */
export function resolved(alias: string): string {
  return `(${alias}."status" = 'RESOLVED' AND (${alias}."resolvedAt" IS NULL OR ${alias}."resolvedAt" <= c."at"))`;
}

// The days between consecutive orders, over the latest 100 orders that count.
export const orderIntervals = `(SELECT count(*) AS orders, max("at") AS "last", avg(gap) AS mean, stddev_pop(gap) AS spread FROM (
  SELECT "at", extract(epoch FROM "at" - lag("at") OVER (ORDER BY "at")) / 86400 AS gap FROM (
    SELECT o."placedAt" AS "at" ${own('Order', 'o')} AND ${countedSql('o')} ORDER BY o."placedAt" DESC LIMIT 100
  ) latest) between_them) g`;

/** SQL for the time after which the next order is overdue. Null if there is no rhythm yet. */
export const dueBy = `CASE WHEN g.orders > 2 AND g.mean > 0 THEN g."last" + (g.mean + g.spread) * interval '1 day' END`;

/** SQL for the time since which the next order is overdue. Null if it is not overdue. */
export const overdueSince = `(SELECT CASE WHEN ${dueBy} < c."at" THEN ${dueBy} END FROM ${orderIntervals})`;

/** SQL for the data that a customer's RFM scores are computed from, as JSON. */
export const bought = `coalesce((SELECT json_build_object('currencyCode', s."currencyCode", 'lastOrderAt', s."lastOrderAt", 'numberOfOrders', s."numberOfOrders",
    'amountOrdered', s."amountOrdered"::text, 'bounds', CASE WHEN b."computedAt" IS NOT NULL THEN json_build_object('computedAt', b."computedAt",
      'customers', b."customers", 'recencyDays', b."recencyDays", 'frequency', b."frequency", 'monetary', b."monetary"::text[]) END)
  FROM "CustomerStatistics" s LEFT JOIN "RfmBounds" b ON b."workspaceId" = s."workspaceId" AND b."currencyCode" = s."currencyCode"
  WHERE s."workspaceId" = ${workspace} AND s."customerId" = c."id" AND s."numberOfOrders" > 0
  ORDER BY s."numberOfOrders" DESC, s."currencyCode" LIMIT 1), '{}'::json)`;
