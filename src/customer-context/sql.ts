// SQL of a SELECT from a customer, called `c`, whose column "at" is the instant that is asked about. The workspace is a
// parameter everywhere: with it row-level security is checked once for a table, not row by row.
import { workspace } from '../db/statements.ts';
import { countedSql } from '../orders/counting.ts';

// Since when a row counts. What is dated later than the instant that is asked about has not happened yet.
const since = {
  Order: 'placedAt',
  Return: 'occurredAt',
  Case: 'openedAt',
  Interaction: 'occurredAt',
  SurveyResponse: 'respondedAt',
  Preference: 'validFrom',
  Consent: 'capturedAt',
  PurchasedProduct: 'firstBoughtAt',
  // Sums have no instant of their own.
  CustomerStatistics: null,
} as const;

/** The customer’s rows of a table that count at the instant. */
export function own(table: keyof typeof since, alias: string): string {
  const time = since[table];
  return time ? `${ownOfAnyTime(table, alias)} AND ${alias}."${time}" <= c."at"` : ownOfAnyTime(table, alias);
}

/** All of the customer’s rows of a table, as the sums count them. */
export function ownOfAnyTime(table: keyof typeof since, alias: string): string {
  return `FROM "${table}" ${alias} WHERE ${alias}."workspaceId" = ${workspace} AND ${alias}."customerId" = c."id"`;
}

/** Whether a case with this alias was resolved at the instant. */
export function resolved(alias: string): string {
  return `(${alias}."status" = 'RESOLVED' AND (${alias}."resolvedAt" IS NULL OR ${alias}."resolvedAt" <= c."at"))`;
}

// From one order to the next, of the latest hundred that count.
export const gaps = `(SELECT count(*) AS orders, max("at") AS "last", avg(gap) AS mean, stddev_pop(gap) AS spread FROM (
  SELECT "at", extract(epoch FROM "at" - lag("at") OVER (ORDER BY "at")) / 86400 AS gap FROM (
    SELECT o."placedAt" AS "at" ${own('Order', 'o')} AND ${countedSql('o')} ORDER BY o."placedAt" DESC LIMIT 100
  ) latest) between_them) g`;

/** Later than this, the next order is overdue; null where there is no rhythm yet. */
export const dueBy = `CASE WHEN g.orders > 2 AND g.mean > 0 THEN g."last" + (g.mean + g.spread) * interval '1 day' END`;

/** Since when a customer's next order is overdue; null where it is not. */
export const overdueSince = `(SELECT CASE WHEN ${dueBy} < c."at" THEN ${dueBy} END FROM ${gaps})`;

/** What a customer’s standing among buyers follows from, as JSON. */
export const bought = `coalesce((SELECT json_build_object('currencyCode', s."currencyCode", 'lastOrderAt', s."lastOrderAt", 'numberOfOrders', s."numberOfOrders",
    'amountOrdered', s."amountOrdered"::text, 'bounds', CASE WHEN b."computedAt" IS NOT NULL THEN json_build_object('computedAt', b."computedAt",
      'customers', b."customers", 'recencyDays', b."recencyDays", 'frequency', b."frequency", 'monetary', b."monetary"::text[]) END)
  FROM "CustomerStatistics" s LEFT JOIN "RfmBounds" b ON b."workspaceId" = s."workspaceId" AND b."currencyCode" = s."currencyCode"
  WHERE s."workspaceId" = ${workspace} AND s."customerId" = c."id" AND s."numberOfOrders" > 0
  ORDER BY s."numberOfOrders" DESC, s."currencyCode" LIMIT 1), '{}'::json)`;
