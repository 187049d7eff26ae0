import { expect, it } from 'vitest';
import { minimize } from './minimize.ts';

const everywhere = () => true;

it('converges soon where rounding errors hide the minimum', async () => {
  let evaluations = 0;
  // A bowl around 3 and -1, with errors as large as those of a sum over 100,000 customers.
  const evaluate = async ([x = 0, y = 0]: number[]) => {
    evaluations += 1;
    const noise = Math.sin(evaluations * 12_345);
    const value = 0.12 + (x - 3) ** 2 + 0.01 * (y + 1) ** 2 + (x - 3) ** 4 + 1e-12 * noise;
    return { value, gradient: [2 * (x - 3) + 4 * (x - 3) ** 3 + 1e-9 * noise, 0.02 * (y + 1) + 1e-9 * noise] };
  };

  const { at, isConverged } = await minimize(evaluate, [0, 0], 1e-10, everywhere);

  expect(isConverged).toBe(true);
  expect(at[0]).toBeCloseTo(3, 6);
  expect(at[1]).toBeCloseTo(-1, 5);
  expect(evaluations).toBeLessThan(100);
});

it('does not converge at the edge of the region', async () => {
  const falling = async ([x = 0]: number[]) => ({ value: Math.exp(-x), gradient: [-Math.exp(-x)] });

  const { at, isConverged } = await minimize(falling, [0], 1e-10, ([x = 0]) => x < 5);

  expect(isConverged).toBe(false);
  expect(at[0]).toBeGreaterThanOrEqual(5);
});
