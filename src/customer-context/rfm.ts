import type { Db } from '../db/database.ts';
import { formatAmount } from '../lib/money.ts';

/** Between which values the fifths of a workspace's buyers lie, in one currency. */
export type RfmBounds = {
  computedAt: string;
  customers: number;
  recencyDays: number[];
  frequency: number[];
  monetary: (number | string)[];
};

export type Bought = { lastOrderAt: string; numberOfOrders: number; amountOrdered: number | string };

export type RfmScores = { recency: number; frequency: number; monetary: number };

export const rfmGroups = {
  CHAMPIONS: 'Bought very recently, many orders, spends the most.',
  LOYAL: 'Bought recently, many orders, spends much.',
  ACTIVE: 'Bought recently, some orders, moderate spending.',
  NEW: 'Bought very recently, few orders, low spending.',
  PROMISING: 'Bought recently, few orders, low spending.',
  NEEDS_ATTENTION: 'Bought not long ago, some orders, moderate spending.',
  ALMOST_LOST: 'Has not bought for a while, few orders, low spending.',
  AT_RISK: 'Has not bought for long, with many orders and much spending before.',
  PREVIOUSLY_LOYAL: 'Has not bought for long, with the most orders and spending before.',
  DORMANT: 'Has not bought for long, few orders, low spending.',
  PROSPECTS: 'Has not bought yet.',
} as const;

export type RfmGroup = keyof typeof rfmGroups;

const dayMs = 86_400_000;

/** Whole days from the last purchase to an instant; 0 where that was later. */
export function recencyDaysAt(lastOrderAt: string, at: string): number {
  return Math.max(0, Math.floor((Date.parse(at) - Date.parse(lastOrderAt)) / dayMs));
}

/**
 * 1 to 5 for each, 5 the best: one more than the bounds a value passes, so equal values score alike. Days are counted to
 * when the bounds were, unless told, so that buying more never scores less while they hold.
 */
export function scoresOf(bought: Bought, bounds: RfmBounds, at = bounds.computedAt): RfmScores {
  const days = recencyDaysAt(bought.lastOrderAt, at);
  return {
    recency: 1 + bounds.recencyDays.filter((bound) => days <= bound).length,
    frequency: 1 + bounds.frequency.filter((bound) => bought.numberOfOrders > bound).length,
    monetary: 1 + bounds.monetary.filter((bound) => Number(bought.amountOrdered) > Number(bound)).length,
  };
}

// A row for each score of recency, 5 first; a column for how many bounds frequency and monetary pass on the mean.
const groups: RfmGroup[][] = [
  ['NEW', 'NEW', 'ACTIVE', 'CHAMPIONS', 'CHAMPIONS'],
  ['PROMISING', 'PROMISING', 'ACTIVE', 'LOYAL', 'LOYAL'],
  ['ALMOST_LOST', 'PROMISING', 'NEEDS_ATTENTION', 'LOYAL', 'LOYAL'],
  ['DORMANT', 'ALMOST_LOST', 'AT_RISK', 'AT_RISK', 'PREVIOUSLY_LOYAL'],
  ['DORMANT', 'DORMANT', 'AT_RISK', 'AT_RISK', 'PREVIOUSLY_LOYAL'],
];

/** The group of three scores; of nobody's, who has not bought. */
export function groupOf(scores: RfmScores | null): RfmGroup {
  if (!scores) return 'PROSPECTS';
  const mean = Math.round((scores.frequency + scores.monetary) / 2);
  return groups[5 - scores.recency]?.[mean - 1] ?? 'DORMANT';
}

/** What was bought in the currency of most orders, and the bounds there are in it; nothing where there are no orders. */
export type Standing = Partial<Bought> & { currencyCode?: string; bounds?: RfmBounds | null };

/**
 * Where somebody stands among buyers at an instant. As of a past one, days are counted to that instant; else scores hold
 * with the bounds.
 */
export function standingOf({ bounds, currencyCode, ...bought }: Standing, at: Date, isPast = false) {
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

/** Counts the bounds anew as of an instant, for all currencies at once. Amounts are gross of returns. */
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
