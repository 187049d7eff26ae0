import type { Db } from '../db/database.ts';
import type { CustomerDropout, ValueTimeUnit } from '../db/generated/prisma/enums.ts';
import { DomainError } from '../lib/errors.ts';
import { readHistories } from './histories.ts';
import { type BgNbd, fitBgNbd } from './model/bg-nbd.ts';
import { fitGammaGamma, type GammaGamma } from './model/gamma-gamma.ts';

/** Days of each unit of time. A month is a twelfth of 365.25 days. */
export const unitDays: Record<ValueTimeUnit, number> = { DAY: 1, WEEK: 7, MONTH: 365.25 / 12 };

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

/** Fits the models of a currency and stores them, replacing earlier ones. */
export async function fitCustomerValue(db: Db, options: FitOptions): Promise<FittedValue> {
  const { currencyCode, unit, asOf, isAwaited = true, signal } = options;
  const { groups, spendings, ...counts } = await readHistories(db, currencyCode, asOf, signal);
  const data = `${currencyCode} until ${asOf.toISOString()}`;
  if (counts.repeatCustomers < fewestRepeatCustomers)
    throw new DomainError(
      'CONFLICT',
      `Only ${counts.repeatCustomers} customers bought again in ${data}, and a fit needs ${fewestRepeatCustomers}. ` +
        'Send another currency or a later time, or import more orders.',
    );
  const days = unitDays[unit];
  const inUnits = groups.map((group) => ({ ...group, lastAt: group.lastAt / days, age: group.age / days }));
  const purchasing = await fitBgNbd(inUnits, isAwaited);
  if (!purchasing)
    throw new DomainError(
      'CONFLICT',
      `The fit to the orders in ${data} did not converge: their likelihood has no maximum. Send another currency or ` +
        'a later time, or import more orders.',
    );
  const spending = spendings.length >= fewestRepeatCustomers ? await fitGammaGamma(spendings, isAwaited) : null;
  const fitted = { currencyCode, unit, asOf, fittedAt: new Date(), ...counts, ...purchasing, spending };
  await store(db, fitted);
  return fitted;
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
