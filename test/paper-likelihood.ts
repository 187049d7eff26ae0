import { logGamma } from '../src/customer-value/model/gamma.ts';

type Parameters = { r: number; alpha: number; a: number; b: number };

/** Returns the log-likelihood of one customer by equation 6 of Fader, Hardie and Lee (2005), unchanged. */
export function paperLikelihood({ r, alpha, a, b }: Parameters, x: number, tx: number, T: number): number {
  const gammas = Math.exp(logGamma(r + x) - logGamma(r)) * alpha ** r;
  const beta = (one: number, other: number) => Math.exp(logGamma(one) + logGamma(other) - logGamma(one + other));
  const alive = (beta(a, b + x) / beta(a, b)) * gammas * (alpha + T) ** -(r + x);
  const gone = x > 0 ? (beta(a + 1, b + x - 1) / beta(a, b)) * gammas * (alpha + tx) ** -(r + x) : 0;
  return Math.log(alive + gone);
}

/** Returns parameters on a grid around others: each is 20% or 2% lower, equal, or 2% or 20% higher. */
export function* gridAround({ r, alpha, a, b }: Parameters): Generator<Parameters> {
  const factors = [0.8, 0.98, 1, 1.02, 1.2];
  for (const i of factors)
    for (const j of factors)
      for (const k of factors) for (const l of factors) yield { r: r * i, alpha: alpha * j, a: a * k, b: b * l };
}
