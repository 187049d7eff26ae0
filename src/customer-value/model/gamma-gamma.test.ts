import { expect, it } from 'vitest';
import { columnsOf } from '../../../test/columns-of.ts';
import { randomNumbers } from '../../../test/simulated-buyers.ts';
import { logGamma } from './gamma.ts';
import { expectedMeanValue, fitGammaGamma, type GammaGamma } from './gamma-gamma.ts';

// Published for the CDNOW sample by Fader and Hardie (2013).
const published = { p: 6.25, q: 3.74, gamma: 15.44 };

type Draw = { customers: number; mostRepeats: number; seed: number };

function drawSpendings({ p, q, gamma: scale }: GammaGamma, { customers, mostRepeats, seed }: Draw) {
  const { uniform, gamma } = randomNumbers(seed);
  return Array.from({ length: customers }, () => {
    const x = 1 + Math.floor(uniform() * mostRepeats);
    const rate = gamma(q) / scale;
    return { x, mean: gamma(p * x) / rate / x };
  });
}

it('expects the mean of all customers without repeat purchases, and nearly their own after many', () => {
  expect(expectedMeanValue(published, { x: 0, mean: 0 })).toBeCloseTo(35.2, 1);
  expect(expectedMeanValue(published, { x: 2, mean: 22.35 })).toBeCloseTo(24.66, 1);
  expect(expectedMeanValue(published, { x: 1, mean: 11.77 })).toBeCloseTo(18.91, 1);
  expect(expectedMeanValue(published, { x: 10_000, mean: 22.35 })).toBeCloseTo(22.35, 2);
});

it('finds the parameters that the customers were drawn with, at the maximum of the formula of the paper', async () => {
  const spendings = drawSpendings(published, { customers: 4_000, mostRepeats: 8, seed: 7 });
  const byFormula = (p: number, q: number, rate: number) =>
    spendings.reduce((sum, { x, mean }) => {
      const constant = logGamma(p * x + q) - logGamma(p * x) - logGamma(q);
      const value = (p * x - 1) * Math.log(mean) + p * x * Math.log(x) + q * Math.log(rate);
      return sum + constant + value - (p * x + q) * Math.log(rate + x * mean);
    }, 0);

  const fit = await fitGammaGamma(columnsOf(spendings));

  if (!fit) throw new Error('The fit did not converge.');
  const { p, q, gamma: rate } = fit.parameters;
  expect(p / published.p).toBeCloseTo(1, 0);
  expect(q / published.q).toBeCloseTo(1, 0);
  expect((p * rate) / (q - 1) / ((published.p * published.gamma) / (published.q - 1))).toBeCloseTo(1, 1);
  expect(byFormula(p, q, rate)).toBeCloseTo(fit.logLikelihood, 6);
  for (const i of [0.9, 0.99, 1, 1.01, 1.1])
    for (const j of [0.9, 0.99, 1, 1.01, 1.1])
      for (const k of [0.9, 0.99, 1, 1.01, 1.1])
        expect(byFormula(p * i, q * j, rate * k)).toBeLessThanOrEqual(fit.logLikelihood + 1e-6);
});

it('finds the maximum of customers who hardly differ', async () => {
  const drawn = { p: 2.5, q: 900, gamma: 150_000 };
  const spendings = drawSpendings(drawn, { customers: 20_000, mostRepeats: 200, seed: 5 });

  const fit = await fitGammaGamma(columnsOf(spendings));

  if (!fit) throw new Error('The fit did not converge.');
  const { p, q, gamma: rate } = fit.parameters;
  expect(p / drawn.p).toBeCloseTo(1, 1);
  expect(q / drawn.q).toBeCloseTo(1, 0);
  expect((p * rate) / (q - 1) / ((drawn.p * drawn.gamma) / (drawn.q - 1))).toBeCloseTo(1, 2);
});

it('finds no maximum if every purchase has the same value', async () => {
  const equal = Array.from({ length: 200 }, (_, i) => ({ x: 1 + (i % 5), mean: 10 }));

  expect(await fitGammaGamma(columnsOf(equal))).toBeNull();
});

it('lets other work run during a fit, even if each evaluation is short', async () => {
  const { uniform, gamma } = randomNumbers(3);
  const spendings = Array.from({ length: 1_000 }, () => ({ x: 1 + Math.floor(uniform() * 8), mean: gamma(4) }));
  let turns = 0;
  const turn = setInterval(() => {
    turns += 1;
  }, 1);
  const started = performance.now();

  // A fast machine fits within a few milliseconds.
  while (performance.now() - started < 200) await fitGammaGamma(columnsOf(spendings));

  clearInterval(turn);
  expect(turns).toBeGreaterThan(10);
});
