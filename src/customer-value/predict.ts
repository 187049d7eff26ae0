import type { CustomerDropout, CustomerValueFitStatus, ValueTimeUnit } from '../db/generated/prisma/enums.ts';
import { workspace } from '../db/statements.ts';
import { amount, decimalsOf } from '../lib/money.ts';
import { type BgNbd, expectedPurchases, probabilityAlive } from './model/bg-nbd.ts';
import { expectedMeanValue, type GammaGamma } from './model/gamma-gamma.ts';
import { historiesSql, unitDays } from './purchases.ts';

/** The period that a prediction covers: 12 months. */
const horizonDays = 365.25;

export const predictionStatuses = {
  PREDICTED: 'Purchases and their value are predicted.',
  WITHOUT_VALUE: 'Purchases are predicted. Their value is not: the amounts of the workspace’s orders have no model.',
  NO_PURCHASES: 'The customer has not bought anything yet.',
  NOT_FITTED: 'No model is fitted to the orders in this currency yet, or the latest fit failed or is running.',
  TOO_FEW_CUSTOMERS: 'Too few customers bought again in this currency for a fit: fewer than 30.',
  NO_MAXIMUM: 'No model fits the orders in this currency: their likelihood has no maximum.',
} as const;

export type PredictionStatus = keyof typeof predictionStatuses;

type Parameters = BgNbd & { [Name in keyof GammaGamma]: GammaGamma[Name] | null };

/** A fitted model, as its table stores it. */
export type StoredModel = Parameters & {
  unit: ValueTimeUnit;
  asOf: string;
  fittedAt: string;
  customers: number;
  repeatCustomers: number;
  dropout: CustomerDropout;
};

/** Purchases of a customer, in days. The value of the repeat purchases is null if there are none. */
export type PurchaseHistory = { x: number; lastAt: number; age: number; repeatValue: number | null };

/** What a prediction is computed from. Empty if the customer has no orders. */
export type PredictionInput = {
  currencyCode?: string;
  latestFit?: CustomerValueFitStatus | null;
  model?: StoredModel | null;
  history?: PurchaseHistory | null;
};

export type Prediction = {
  status: PredictionStatus;
  currencyCode: string | null;
  expectedPurchases: number | null;
  expectedValue: { amount: string; currencyCode: string } | null;
  probabilityActive: number | null;
  model: StoredModel | null;
};

const modelColumns = `m."unit", m."asOf", m."fittedAt", m."customers", m."repeatCustomers", m."dropout", m."r", m."alpha", m."a",
  m."b", m."p", m."q", m."gamma"`;

/** SQL for the currency in which the customer `c` has the most orders, if the first one is past. Null if there is none. */
export const mainCurrency = `(SELECT s."currencyCode" FROM "CustomerStatistics" s WHERE s."workspaceId" = ${workspace}
  AND s."customerId" = c."id" AND s."firstOrderAt" <= c."at" ORDER BY s."numberOfOrders" DESC, s."currencyCode" LIMIT 1)`;

/** SQL condition on the orders `o` of the customer `c` that were placed until the instant `c."at"`, in a currency. */
export function ordersUntil(currencyCode: string): string {
  return `o."workspaceId" = ${workspace} AND o."customerId" = c."id" AND o."currencyCode" = ${currencyCode}
    AND o."placedAt" <= c."at"`;
}

/**
 * SQL for a `PredictionInput` of the customer `c` at the instant `c."at"`. The model is the latest one. Orders are read
 * only if there is a model.
 */
export const predictionInput = `coalesce((SELECT json_build_object('currencyCode', s."currencyCode", 'latestFit', f."status",
    'model', CASE WHEN m."fittedAt" IS NOT NULL THEN (SELECT row_to_json(x) FROM (SELECT ${modelColumns}) x) END,
    'history', CASE WHEN m."fittedAt" IS NOT NULL THEN (SELECT row_to_json("historyRow") FROM (${historiesSql(ordersUntil('s."currencyCode"'), 'c."at"')}) "historyRow") END)
  FROM (SELECT ${mainCurrency} AS "currencyCode") s
  LEFT JOIN "CustomerValueModel" m ON m."workspaceId" = ${workspace} AND m."currencyCode" = s."currencyCode"
  LEFT JOIN "CustomerValueFit" f ON f."workspaceId" = ${workspace} AND f."currencyCode" = s."currencyCode"
  WHERE s."currencyCode" IS NOT NULL), '{}'::json)`;

/** Predicts what a customer will buy within 12 months, and what they will pay for it. */
export function predictionOf({ currencyCode, latestFit, model, history }: PredictionInput): Prediction {
  const none = { expectedPurchases: null, expectedValue: null, probabilityActive: null };
  if (!currencyCode) return { status: 'NO_PURCHASES', currencyCode: null, ...none, model: null };
  if (!model) return { status: unfitted(latestFit), currencyCode, ...none, model: null };
  if (!history) return { status: 'NO_PURCHASES', currencyCode, ...none, model };
  const days = unitDays[model.unit];
  const inUnits = { x: history.x, lastAt: history.lastAt / days, age: history.age / days };
  const purchases = expectedPurchases(model, inUnits, horizonDays / days);
  const mean = meanValueOf(model, history);
  return {
    status: mean === null ? 'WITHOUT_VALUE' : 'PREDICTED',
    currencyCode,
    expectedPurchases: purchases,
    expectedValue: mean === null ? null : { amount: rounded(purchases * mean, currencyCode), currencyCode },
    probabilityActive: probabilityAlive(model, inUnits),
    model,
  };
}

function unfitted(latestFit: CustomerValueFitStatus | null | undefined): PredictionStatus {
  return latestFit === 'TOO_FEW_CUSTOMERS' || latestFit === 'NO_MAXIMUM' ? latestFit : 'NOT_FITTED';
}

/** Returns the value to expect of a further purchase. Null without a model of the values. */
export function meanValueOf({ p, q, gamma }: StoredModel, { x, repeatValue }: PurchaseHistory): number | null {
  if (p === null || q === null || gamma === null) return null;
  return expectedMeanValue({ p, q, gamma }, { x, mean: x > 0 ? (repeatValue ?? 0) / x : 0 });
}

function rounded(value: number, currencyCode: string): string {
  return amount(value).toFixed(decimalsOf(currencyCode));
}
