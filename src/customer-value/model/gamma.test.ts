import { expect, it } from 'vitest';
import { digamma, logGamma, logGammaIncrease } from './gamma.ts';

it.each([
  [1, 0],
  [2, 0],
  [0.5, Math.log(Math.PI) / 2],
  [5, Math.log(24)],
  [21, Math.log(2_432_902_008_176_640_000)],
  [1e-12, -Math.log(1e-12)],
])('computes the logarithm of the gamma function of %d', (value, expected) => {
  expect(logGamma(value)).toBeCloseTo(expected, 11);
});

it.each([
  [1, -0.577_215_664_901_532_9],
  [0.5, -0.577_215_664_901_532_9 - 2 * Math.LN2],
  [10, 2.251_752_589_066_721],
])('computes the digamma function of %d', (value, expected) => {
  expect(digamma(value)).toBeCloseTo(expected, 13);
});

it.each([0.003, 0.7, 3.3, 11.99, 12.01, 500])('matches the slope of the logarithm at %d', (value) => {
  const step = value * 1e-5;

  expect((logGamma(value + step) - logGamma(value - step)) / (2 * step) / digamma(value)).toBeCloseTo(1, 5);
});

it.each([
  [0.3, 0.4],
  [11.99, 0.02],
  [12, 30],
  [20, 0.5],
])('computes the increase of the logarithm from %d by %d', (value, by) => {
  expect(logGammaIncrease(value, by)).toBeCloseTo(logGamma(value + by) - logGamma(value), 11);
});

it('computes the increase of the logarithm with all digits where both are large', () => {
  // By the recurrence of the gamma function.
  const factors = Array.from({ length: 5 }, (_, i) => Math.log(1e9 + i));

  expect(logGammaIncrease(1e9, 5)).toBeCloseTo(
    factors.reduce((sum, each) => sum + each, 0),
    12,
  );
});
