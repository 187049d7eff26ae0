import type { Db } from '../../db/database.ts';
import { formatAmount } from '../../lib/money.ts';

/** Bounds that divide a workspace's buyers into fifths, in one currency. */
export type RfmBounds = {
  computedAt: string;
  customers: number;
  recencyDays: number[];
  frequency: number[];
  monetary: (number | string)[];
};

export type PurchaseTotals = { lastOrderAt: string; numberOfOrders: number; amountOrdered: number | string };

export type RfmScores = { recency: number; frequency: number; monetary: number };

export const rfmGroups = {
  CHAMPIONS: 'Very recent buyers with many orders and the highest spending.',
  LOYAL: 'Recent buyers with many orders and high spending.',
  ACTIVE: 'Recent buyers with some orders and moderate spending.',
  NEW: 'Very recent buyers with few orders and low spending.',
  PROMISING: 'Recent buyers with few orders and low spending.',
  NEEDS_ATTENTION: 'Fairly recent buyers with some orders and moderate spending.',
  ALMOST_LOST: 'Buyers who have not ordered for a while, with few orders and low spending.',
  AT_RISK: 'Buyers who have not ordered for a long time, with many orders and high spending before.',
  PREVIOUSLY_LOYAL: 'Buyers who have not ordered for a long time, with the most orders and spending before.',
  DORMANT: 'Buyers who have not ordered for a long time, with few orders and low spending.',
  PROSPECTS: 'Customers who have not bought yet.',
} as const;

export type RfmGroup = keyof typeof rfmGroups;

const dayMs = 86_400_000;

/** Returns the whole days from the last purchase to an instant. 0 if the purchase was later. */
function recencyDaysAt(lastOrderAt: string, at: string): number {
  return Math.max(0, Math.floor((Date.parse(at) - Date.parse(lastOrderAt)) / dayMs));
}

/**
 * Scores each value from 1 to 5, where 5 is best. A score is one more than the number of bounds the value passes, so
 * equal values score alike. By default, days are counted to the time the bounds were computed, so buying more never
 * lowers a score while the bounds stay the same.
 */
export function scoresOf(bought: PurchaseTotals, bounds: RfmBounds, at = bounds.computedAt): RfmScores {
  const days = recencyDaysAt(bought.lastOrderAt, at);
  return {
    recency: 1 + bounds.recencyDays.filter((bound) => days <= bound).length,
    frequency: 1 + bounds.frequency.filter((bound) => bought.numberOfOrders > bound).length,
    monetary: 1 + bounds.monetary.filter((bound) => Number(bought.amountOrdered) > Number(bound)).length,
  };
}

// One row per recency score, 5 first. One column per rounded mean of the frequency and monetary scores, 1 first.
const groups: RfmGroup[][] = [
  ['NEW', 'NEW', 'ACTIVE', 'CHAMPIONS', 'CHAMPIONS'],
  ['PROMISING', 'PROMISING', 'ACTIVE', 'LOYAL', 'LOYAL'],
  ['ALMOST_LOST', 'PROMISING', 'NEEDS_ATTENTION', 'LOYAL', 'LOYAL'],
  ['DORMANT', 'ALMOST_LOST', 'AT_RISK', 'AT_RISK', 'PREVIOUSLY_LOYAL'],
  ['DORMANT', 'DORMANT', 'AT_RISK', 'AT_RISK', 'PREVIOUSLY_LOYAL'],
];

/** Returns the group of three scores. Null means that the customer has not bought yet. */
export function groupOf(scores: RfmScores | null): RfmGroup {
  if (!scores) return 'PROSPECTS';
  const mean = Math.round((scores.frequency + scores.monetary) / 2);
  return groups[5 - scores.recency]?.[mean - 1] ?? 'DORMANT';
}

/** Purchases in the currency with the most orders, and the bounds of that currency. Empty if there are no orders. */
export type RfmProfile = Partial<PurchaseTotals> & { currencyCode?: string; bounds?: RfmBounds | null };

/**
 * Computes a customer's RFM values and scores at an instant. For a past instant, recency is scored by the days up to
 * it. Otherwise it is scored by the days up to when the bounds were computed, so scores change only with the bounds.
 */
export function rfmProfileOf({ bounds, currencyCode, ...bought }: RfmProfile, at: Date, isPast = false) {
  const { lastOrderAt, numberOfOrders, amountOrdered } = bought;
  if (!currencyCode || !lastOrderAt || !numberOfOrders || amountOrdered === undefined) return { group: groupOf(null) };
  const instant = at.toISOString();
  const scores = bounds
    ? scoresOf({ lastOrderAt, numberOfOrders, amountOrdered }, bounds, isPast ? instant : bounds.computedAt)
    : null;
  const monetary = (amount: number | string) => formatAmount(amount, currencyCode);
  return {
    group: scores && groupOf(scores),
    currencyCode,
    recencyDays: recencyDaysAt(lastOrderAt, instant),
    frequency: numberOfOrders,
    monetary: monetary(amountOrdered),
    recencyScore: scores?.recency,
    frequencyScore: scores?.frequency,
    monetaryScore: scores?.monetary,
    bounds: bounds && {
      ...bounds,
      monetary: bounds.monetary.map(monetary),
      computedAt: new Date(bounds.computedAt).toISOString(),
    },
  };
}

/** Recomputes the bounds of all currencies as of an instant. Returns are not subtracted from amounts. */
export async function computeRfmBounds(db: Db, at = new Date()): Promise<void> {
  await db.query({ text: saveBounds, values: [db.workspaceId, at] });
}

const fifths = 'percentile_disc(ARRAY[0.2, 0.4, 0.6, 0.8]) WITHIN GROUP';

const saveBounds = `
  INSERT INTO "RfmBounds" ("workspaceId", "currencyCode", "computedAt", "customers", "recencyDays", "frequency", "monetary")
  SELECT $1::uuid, "currencyCode", $2::timestamptz, count(*),
    ${fifths} (ORDER BY greatest(0, floor(extract(epoch FROM $2::timestamptz - "lastOrderAt") / 86400))::integer),
    ${fifths} (ORDER BY "numberOfOrders"),
    ${fifths} (ORDER BY "amountOrdered")
  FROM "CustomerStatistics" WHERE "workspaceId" = $1::uuid AND "numberOfOrders" > 0 GROUP BY "currencyCode"
  ON CONFLICT ("workspaceId", "currencyCode") DO UPDATE SET "computedAt" = EXCLUDED."computedAt", "customers" = EXCLUDED."customers",
    "recencyDays" = EXCLUDED."recencyDays", "frequency" = EXCLUDED."frequency", "monetary" = EXCLUDED."monetary"`;
