import type { Db } from '../db/database.ts';
import type { CustomerDropout, ValueTimeUnit } from '../db/generated/prisma/enums.ts';
import { runningError, runOnce } from '../db/write/run-once.ts';
import { DomainError } from '../lib/errors.ts';
import { readHistories } from './histories.ts';
import { type BgNbd, fitBgNbd } from './model/bg-nbd.ts';
import { fitGammaGamma, type GammaGamma } from './model/gamma-gamma.ts';
import { unitDays } from './purchases.ts';

/** Fewest customers with repeat purchases that a model is fitted to. */
export const fewestRepeatCustomers = 30;

export type FittedValue = {
  currencyCode: string;
  unit: ValueTimeUnit;
  asOf: Date;
  fittedAt: Date;
  customers: number;
  repeatCustomers: number;
  purchases: number;
  /** Parameters of the BG/NBD model, in the unit. */
  parameters: BgNbd;
  logLikelihood: number;
  dropout: CustomerDropout;
  /** The Gamma-Gamma model. Null if its likelihood has no maximum with a finite mean. */
  spending: { parameters: GammaGamma; logLikelihood: number } | null;
};

export type FitOptions = {
  currencyCode: string;
  unit: ValueTimeUnit;
  asOf: Date;
  /** Whether somebody waits for the result. Otherwise, the fit leaves half of the processor to others. */
  isAwaited?: boolean;
  signal?: AbortSignal | undefined;
};

type Outcome =
  | { status: 'FITTED'; fitted: FittedValue }
  | { status: 'TOO_FEW_CUSTOMERS'; repeatCustomers: number }
  | { status: 'NO_MAXIMUM' };

/**
 * Fits the models of a currency and stores them, replacing earlier ones. Fails if the orders are too few or have no fit,
 * or while another fit of the currency is running.
 */
export async function fitCustomerValue(db: Db, options: FitOptions): Promise<FittedValue> {
  const outcome = await fitOnce(db, options);
  const { currencyCode, asOf } = options;
  const data = `${currencyCode} until ${asOf.toISOString()}`;
  if (outcome === null) throw runningError(`fit of ${currencyCode}`);
  if (outcome.status === 'TOO_FEW_CUSTOMERS')
    throw new DomainError(
      'CONFLICT',
      `Only ${outcome.repeatCustomers} customers bought again in ${data}, and a fit needs ${fewestRepeatCustomers}. ` +
        'Send another currency or a later time, or import more orders.',
    );
  if (outcome.status === 'NO_MAXIMUM')
    throw new DomainError(
      'CONFLICT',
      `The fit to the orders in ${data} did not converge: their likelihood has no maximum. Send another currency or ` +
        'a later time, or import more orders.',
    );
  return outcome.fitted;
}

/** Fits the models of a currency and records the outcome. Null if another fit of the currency is running. */
export function fitOnce(db: Db, options: FitOptions): Promise<Outcome | null> {
  const { currencyCode } = options;
  return runOnce(db, { table: 'CustomerValueFit', key: { currencyCode } }, () => fitModels(db, options));
}

async function fitModels(db: Db, options: FitOptions): Promise<Outcome> {
  const { currencyCode, unit, asOf, isAwaited = true, signal } = options;
  const { groups, spendings, ...counts } = await readHistories(db, currencyCode, asOf, signal);
  if (counts.repeatCustomers < fewestRepeatCustomers)
    return { status: 'TOO_FEW_CUSTOMERS', repeatCustomers: counts.repeatCustomers };
  const purchasing = await fitBgNbd(groups, { unit: unitDays[unit], isAwaited });
  if (!purchasing) return { status: 'NO_MAXIMUM' };
  signal?.throwIfAborted();
  const spending = spendings.length >= fewestRepeatCustomers ? await fitGammaGamma(spendings, isAwaited) : null;
  const fitted = { currencyCode, unit, asOf, fittedAt: new Date(), ...counts, ...purchasing, spending };
  await store(db, fitted);
  return { status: 'FITTED', fitted };
}

/** Returns the currency with the most orders. Null if there are none. */
export async function mainCurrencyOf(db: Db): Promise<string | null> {
  const [row] = await db.query<{ currencyCode: string }>({
    text: `SELECT "currencyCode" FROM "CustomerStatistics" WHERE "workspaceId" = $1::uuid AND "numberOfOrders" > 0
      GROUP BY "currencyCode" ORDER BY sum("numberOfOrders") DESC, "currencyCode" LIMIT 1`,
    values: [db.workspaceId],
  });
  return row?.currencyCode ?? null;
}

async function store(db: Db, { parameters, spending, ...fitted }: FittedValue): Promise<void> {
  const { p = null, q = null, gamma = null } = spending?.parameters ?? {};
  const spendingLogLikelihood = spending?.logLikelihood ?? null;
  const row = { ...fitted, ...parameters, p, q, gamma, spendingLogLikelihood };
  const { workspaceId } = db;
  await db.customerValueModel.upsert({
    where: { workspaceId_currencyCode: { workspaceId, currencyCode: fitted.currencyCode } },
    create: { workspaceId, ...row },
    update: row,
  });
}
