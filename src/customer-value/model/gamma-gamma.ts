// The Gamma-Gamma model: Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value.

import { eventLoopYielder } from '../../lib/event-loop.ts';
import type { Columns } from './columns.ts';
import { digamma, logGamma, logGammaIncrease } from './gamma.ts';
import { type Likelihood, maximize } from './maximum-likelihood.ts';

/**
 * Parameters of the model. The value of a customer's purchases follows a gamma distribution with the shape `p`. Its rate
 * differs between customers by a gamma distribution with the shape `q` and the rate `gamma`.
 */
export type GammaGamma = { p: number; q: number; gamma: number };

/** Repeat purchases of a customer, at least one, and their mean value, which is positive. */
export type Spending = { x: number; mean: number };

export type Spendings = Columns<keyof Spending>;

/**
 * Returns the mean value to expect of further purchases. Without repeat purchases, this is the mean of all customers.
 * Requires that `q` is above 1; otherwise, that mean is infinite.
 */
export function expectedMeanValue({ p, q, gamma }: GammaGamma, { x, mean }: Spending): number {
  return (p * (gamma + x * mean)) / (p * x + q - 1);
}

export type GammaGammaFit = { parameters: GammaGamma; logLikelihood: number };

/** Fits the model. Null if the likelihood has no maximum at which customers have a finite mean. */
export async function fitGammaGamma(spendings: Spendings, isAwaited = true): Promise<GammaGammaFit | null> {
  const customers = spendings.length;
  // The unit of the fit. The maximum is in the same place for every unit.
  const unit = spendings.get('mean').reduce((sum, mean) => sum + mean, 0) / customers;
  const starts = [
    [2, 3, 1],
    [6, 4, 0.5],
    [1, 1.5, 1],
    [0.5, 8, 10],
  ];
  const found = await maximize(likelihoodOf(spendings, unit, isAwaited), starts, customers);
  const [p = 0, q = 0, gamma = 0] = found.parameters;
  if (!found.isConverged || q <= 1) return null;
  return {
    parameters: { p, q, gamma: gamma * unit },
    logLikelihood: found.logLikelihood - customers * Math.log(unit),
  };
}

// Returns the log-likelihood and its derivatives as a function of the parameters, with values in a unit.
function likelihoodOf(spendings: Spendings, unit: number, isAwaited: boolean): Likelihood {
  const [repeats, means] = [spendings.get('x'), spendings.get('mean')];
  const pause = eventLoopYielder(() => isAwaited);
  return async ([p = 0, q = 0, gamma = 0]) => {
    const shared: SharedTerms[] = [];
    let [value, toP, toQ, toGamma] = [0, 0, 0, 0];
    for (let i = 0; i < spendings.length; i++) {
      if (i % 1_024 === 0) await pause();
      const x = repeats[i] ?? 0;
      const mean = (means[i] ?? 0) / unit;
      shared[x] ??= termsOf(p, q, x);
      const terms = shared[x];
      // Relative to gamma, which may be so large that sums with it lose the digits that count.
      const spent = (x * mean) / gamma;
      const logSum = Math.log1p(spent);
      const logShare = Math.log(spent) - logSum;
      value += terms.base + p * x * logShare - Math.log(mean) - q * logSum;
      toP += x * (terms.toP + logShare);
      toQ += terms.toQ - logSum;
      toGamma += (q * spent - p * x) / (gamma * (1 + spent));
    }
    return { value, gradient: [toP, toQ, toGamma] };
  };
}

type SharedTerms = { base: number; toP: number; toQ: number };

// The terms of the log-likelihood, and of its derivatives, that depend only on the number of repeat purchases.
function termsOf(p: number, q: number, x: number): SharedTerms {
  return {
    base: logGammaIncrease(q, p * x) - logGamma(p * x),
    toP: digamma(p * x + q) - digamma(p * x),
    toQ: digamma(p * x + q) - digamma(q),
  };
}
