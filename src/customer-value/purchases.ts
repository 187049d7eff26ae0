import { countedSql } from '../db/counted-orders.ts';
import type { ValueTimeUnit } from '../db/generated/prisma/enums.ts';

/** Days of each unit of time. A month is a twelfth of 365.25 days. */
export const unitDays: Record<ValueTimeUnit, number> = { DAY: 1, WEEK: 7, MONTH: 365.25 / 12 };

/**
 * SQL for a row per buyer: the number of repeat purchases, the days from the first purchase to the last one and to an
 * instant, and the value of the repeat purchases. Orders of one UTC date are one purchase. `orders` is a condition on the
 * table "Order", whose alias is `o`. All orders have one currency.
 */
export function historiesSql(orders: string, instant: string): string {
  return `SELECT (count(*) - 1)::integer AS "x", max("day") - "firstDay" AS "lastAt",
      (${instant} AT TIME ZONE 'UTC')::date - "firstDay" AS "age",
      sum("value") FILTER (WHERE "day" > "firstDay") AS "repeatValue"
    FROM (
      SELECT "customerId", "day", "value", min("day") OVER (PARTITION BY "customerId") AS "firstDay" FROM (
        SELECT o."customerId", (o."placedAt" AT TIME ZONE 'UTC')::date AS "day", sum(o."total") AS "value" FROM "Order" o
        WHERE ${orders} AND ${countedSql('o')} GROUP BY 1, 2) days) purchases
    GROUP BY "customerId", "firstDay"`;
}
