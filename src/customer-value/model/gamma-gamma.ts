// The Gamma-Gamma model: Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value.

import { eventLoopYielder } from '../../lib/event-loop.ts';
import { digamma, logGamma } from './gamma.ts';
import { type Likelihood, maximize } from './maximum-likelihood.ts';

/**
 * Parameters of the model. The value of a customer's purchases follows a gamma distribution with the shape `p`. Its rate
 * differs between customers by a gamma distribution with the shape `q` and the rate `gamma`.
 */
export type GammaGamma = { p: number; q: number; gamma: number };

/** Repeat purchases of a customer, at least one, and their mean value, which is positive. */
export type Spending = { x: number; mean: number };

/**
 * Returns the mean value to expect of further purchases. Without repeat purchases, this is the mean of all customers.
 * Requires that `q` is above 1; otherwise, that mean is infinite.
 */
export function expectedMeanValue({ p, q, gamma }: GammaGamma, { x, mean }: Spending): number {
  return (p * (gamma + x * mean)) / (p * x + q - 1);
}

export type GammaGammaFit = { parameters: GammaGamma; logLikelihood: number };

/** Fits the model. Null if the likelihood has no maximum at which customers have a finite mean. */
export async function fitGammaGamma(spendings: readonly Spending[], isAwaited = true): Promise<GammaGammaFit | null> {
  // The unit of the fit. The maximum is in the same place for every unit.
  const unit = spendings.reduce((sum, { mean }) => sum + mean, 0) / spendings.length;
  const scaled = spendings.map(({ x, mean }) => ({ x, mean: mean / unit }));
  const starts = [
    [2, 3, 1],
    [6, 4, 0.5],
    [1, 1.5, 1],
    [0.5, 8, 10],
  ];
  const found = await maximize(likelihoodOf(scaled, isAwaited), starts, spendings.length);
  const [p = 0, q = 0, gamma = 0] = found.parameters;
  if (!found.isConverged || q <= 1) return null;
  const logLikelihood = found.logLikelihood - spendings.length * Math.log(unit);
  return { parameters: { p, q, gamma: gamma * unit }, logLikelihood };
}

function likelihoodOf(spendings: readonly Spending[], isAwaited: boolean): Likelihood {
  const sorted = [...spendings].sort((one, other) => one.x - other.x);
  const pause = eventLoopYielder(() => isAwaited);
  return async ([p = 0, q = 0, gamma = 0]) => {
    let [value, toP, toQ, toGamma] = [0, 0, 0, 0];
    let terms = termsOf(p, q, gamma, 1);
    for (const [index, { x, mean }] of sorted.entries()) {
      if (index % 1_024 === 0) await pause();
      if (terms.x !== x) terms = termsOf(p, q, gamma, x);
      const [sum, logSum] = [gamma + x * mean, Math.log(gamma + x * mean)];
      const logShare = Math.log(x * mean) - logSum;
      value += terms.base + p * x * logShare - Math.log(mean) - q * logSum;
      toP += x * (terms.toP + logShare);
      toQ += terms.toQ - logSum;
      toGamma += q / gamma - (p * x + q) / sum;
    }
    return { value, gradient: [toP, toQ, toGamma] };
  };
}

// The terms of the log-likelihood, and of its derivatives, that depend only on the number of repeat purchases.
function termsOf(p: number, q: number, gamma: number, x: number) {
  return {
    x,
    base: logGamma(p * x + q) - logGamma(p * x) - logGamma(q) + q * Math.log(gamma),
    toP: digamma(p * x + q) - digamma(p * x),
    toQ: digamma(p * x + q) - digamma(q) + Math.log(gamma),
  };
}
