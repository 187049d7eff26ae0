// The BG/NBD model: Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2).

import { eventLoopYielder } from '../../lib/event-loop.ts';
import type { Columns } from './columns.ts';
import { logGamma } from './gamma.ts';
import { type Likelihood, type Maximum, maximize } from './maximum-likelihood.ts';

/**
 * Parameters of the model. The purchase rates of customers follow a gamma distribution with the shape `r` and the rate
 * `alpha`. The probabilities to leave after a purchase follow a beta distribution with `a` and `b`.
 */
export type BgNbd = { r: number; alpha: number; a: number; b: number };

/** Purchases of a customer: repeat purchases, time of the last one, and time observed, both since the first purchase. */
export type History = { x: number; lastAt: number; age: number };

/** Customers with equal histories. */
export type HistoryGroup = History & { customers: number };

export type HistoryGroups = Columns<keyof HistoryGroup>;

/** Returns the probability that a customer is still active. 1 before the first repeat purchase, by definition. */
export function probabilityAlive({ r, alpha, a, b }: BgNbd, { x, lastAt, age }: History): number {
  if (x === 0) return 1;
  return 1 / (1 + (a / (b + x - 1)) * ((alpha + age) / (alpha + lastAt)) ** (r + x));
}

/**
 * Returns the number of purchases to expect within a time, by equation 10 of the paper. Its hypergeometric function is
 * evaluated as the integral over the probability to leave, whose terms are all positive. The series of the function
 * loses all digits if there are many purchases, and the equation divides by zero if `a` is 1.
 */
export function expectedPurchases(model: BgNbd, history: History, time: number): number {
  const shape = model.r + history.x;
  const duration = time / (model.alpha + history.age);
  // Purchases to expect from an active customer whose probability to leave is known.
  const given = (leave: number) => -Math.expm1(-shape * Math.log1p(leave * duration)) / leave;
  const mean = meanOverBeta(model.a, model.b + history.x, { at0: shape * duration, at1: given(1), of: given });
  return mean * probabilityAlive(model, history);
}

type Integrand = { at0: number; at1: number; of: (p: number) => number };

// Returns the mean of a function over a beta distribution. The straight line between both ends has an exact mean. What
// is left vanishes at the ends, so the trapezoidal rule on the logarithm of the odds is exact to the last digits.
function meanOverBeta(a: number, b: number, { at0, at1, of }: Integrand): number {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const step = Math.min(0.25, Math.sqrt(1 / (a + 1) + 1 / (b + 1)) / 2);
  const center = Math.log((a + 1) / (b + 1));
  let sum = 0;
  for (let logit = center - 40; logit < center + 40; logit += step) {
    const p = 1 / (1 + Math.exp(-logit));
    const q = 1 / (1 + Math.exp(logit));
    sum += Math.exp(a * Math.log(p) + b * Math.log(q) - logBeta) * (at0 * q + at1 * p - of(p));
  }
  return (at0 * b + at1 * a) / (a + b) - sum * step;
}

/** Returns the log-likelihood of the histories. */
export async function logLikelihoodOf({ r, alpha, a, b }: BgNbd, groups: HistoryGroups): Promise<number> {
  return (await likelihoodOf(groups, 1)([r, alpha, a, b])).value;
}

/**
 * How customers leave, according to the data: with different probabilities, all with the same one, or not at all. In the
 * last two cases, the likelihood grows towards a limit of `a` and `b`, and the fit has the values of `limits`.
 */
export type Dropout = 'VARIED' | 'EQUAL' | 'NONE';

export type BgNbdFit = { parameters: BgNbd; logLikelihood: number; dropout: Dropout };

// With `a` this small, nobody leaves, whatever `b` is. With `b` this large, everybody leaves with the probability
// a / (a + b). Beyond, the likelihood of real data changes by less than 1e-3.
const limits = { none: { a: 1e-12, b: 1 }, equal: { b: 100_000 } };

export type BgNbdOptions = {
  /** Unit of time of the parameters, in units of the histories. */
  unit?: number;
  /** Whether somebody waits for the result. Otherwise, the fit leaves half of the processor to others. */
  isAwaited?: boolean;
};

/** Fits the model. Null if the likelihood has no maximum. */
export async function fitBgNbd(
  groups: HistoryGroups,
  { unit = 1, isAwaited = true }: BgNbdOptions = {},
): Promise<BgNbdFit | null> {
  const customers = sumOf(groups);
  const repeats = sumOf(groups, 'x');
  if (repeats === 0) return null;
  // The unit of the fit. The maximum is in the same place for every unit.
  const meanAge = sumOf(groups, 'age') / customers;
  const likelihood = likelihoodOf(groups, meanAge, isAwaited);

  // Without dropout, this is the NBD model, which has two parameters and one maximum.
  const { a, b } = limits.none;
  const staying: Likelihood = async ([r = 0, alpha = 0]) => {
    const { value, gradient } = await likelihood([r, alpha, a, b]);
    return { value, gradient: gradient.slice(0, 2) };
  };
  const none = await maximize(staying, [[0.5, 0.5]], customers);
  const [r = 0, alpha = 0] = none.parameters;

  const scale = limits.equal.b;
  const leavingAlike: Likelihood = async ([r = 0, alpha = 0, odds = 0]) => {
    const { value, gradient } = await likelihood([r, alpha, odds * scale, scale]);
    return { value, gradient: [...gradient.slice(0, 2), (gradient[2] ?? 0) * scale] };
  };
  const equal = await maximize(leavingAlike, [[r, alpha, 0.05]], customers);

  const varied = await maximize(
    likelihood,
    [
      [r, alpha, 0.5, 2],
      [r, alpha, 0.1, 5],
      [0.25, 0.1, 0.8, 2.5],
    ],
    customers,
  );

  const candidates: (Maximum & { dropout: Dropout })[] = [
    { ...none, parameters: [...none.parameters, a, b], dropout: 'NONE' },
    {
      ...equal,
      parameters: [...equal.parameters.map((each, i) => (i === 2 ? each * scale : each)), scale],
      dropout: 'EQUAL',
    },
    { ...varied, dropout: 'VARIED' },
  ];
  const best = candidates.reduce((best, each) => (each.logLikelihood > best.logLikelihood + negligible ? each : best));
  if (!best.isConverged) return null;
  return {
    parameters: modelOf(best.parameters, meanAge / unit),
    logLikelihood: best.logLikelihood - repeats * Math.log(meanAge / unit),
    dropout: best.dropout,
  };
}

// Improvement of a log-likelihood that no data can tell from none.
const negligible = 1e-7;

function modelOf([r = 0, alpha = 0, a = 0, b = 0]: number[], unit: number): BgNbd {
  return { r, alpha: alpha * unit, a, b };
}

/** Returns the sum of a column over all customers, or their number. */
export function sumOf(groups: HistoryGroups, name?: keyof History): number {
  const values = name && groups.get(name);
  return groups.get('customers').reduce((sum, customers, i) => sum + customers * (values?.[i] ?? 1), 0);
}

// Returns the log-likelihood and its derivatives as a function of the parameters, with times in a unit.
function likelihoodOf(groups: HistoryGroups, unit: number, isAwaited = true): Likelihood {
  const [repeats, lastTimes, ages] = [groups.get('x'), groups.get('lastAt'), groups.get('age')];
  const numbers = groups.get('customers');
  const mostRepeats = repeats.reduce((most, x) => Math.max(most, x), 0);
  const pause = eventLoopYielder(() => isAwaited);
  return async ([r = 0, alpha = 0, a = 0, b = 0]) => {
    const termsOf = sharedTerms({ r, alpha, a, b }, mostRepeats);
    let [value, toR, toAlpha, toA, toB] = [0, 0, 0, 0, 0];
    for (let i = 0; i < groups.length; i++) {
      if (i % 1_024 === 0) await pause();
      const x = repeats[i] ?? 0;
      const customers = numbers[i] ?? 0;
      const age = alpha + (ages[i] ?? 0) / unit;
      const last = alpha + (lastTimes[i] ?? 0) / unit;
      const terms = termsOf[x] as SharedTerms;
      const [logAge, logLast] = [Math.log(age), Math.log(last)];
      const logOdds = terms.logLeave + (r + x) * (logAge - logLast);
      // The probability that the customer has left, which can only be after a repeat purchase.
      const gone = 1 / (1 + Math.exp(-logOdds));
      value += customers * (terms.value - (r + x) * logAge + logOnePlusExp(logOdds));
      toR += customers * (terms.toR - (1 - gone) * logAge - gone * logLast);
      toAlpha += customers * (r / alpha - (r + x) * ((1 - gone) / age + gone / last));
      toA += customers * (terms.toA + gone / a);
      toB += customers * (terms.toB - (x > 0 ? gone / (b + x - 1) : 0));
    }
    return { value, gradient: [toR, toAlpha, toA, toB] };
  };
}

type SharedTerms = { value: number; toR: number; toA: number; toB: number; logLeave: number };

// Returns, for each number of repeat purchases, the terms of the log-likelihood and of its derivatives that depend only on
// it. Ratios of gamma functions are products with a factor for each purchase. Added up one by one, they stay exact where
// a and b are so large or so small that differences of logarithms of gamma functions do not.
function sharedTerms({ r, alpha, a, b }: BgNbd, mostRepeats: number): SharedTerms[] {
  let terms = { value: r * Math.log(alpha), toR: Math.log(alpha), toA: 0, toB: 0, logLeave: Number.NEGATIVE_INFINITY };
  const all = [terms];
  for (let x = 0; x < mostRepeats; x++) {
    const stay = b + x;
    terms = {
      value: terms.value + Math.log(r + x) - Math.log1p(a / stay),
      toR: terms.toR + 1 / (r + x),
      toA: terms.toA - 1 / (a + stay),
      toB: terms.toB + a / stay / (a + stay),
      logLeave: Math.log(a / stay),
    };
    all.push(terms);
  }
  return all;
}

function logOnePlusExp(value: number): number {
  return value > 0 ? value + Math.log1p(Math.exp(-value)) : Math.log1p(Math.exp(value));
}
