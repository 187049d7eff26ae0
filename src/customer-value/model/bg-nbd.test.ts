import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../test/columns-of.ts';
import { paperExpectation } from '../../../test/paper-expectation.ts';
import { gridAround, paperLikelihood } from '../../../test/paper-likelihood.ts';
import { simulateHistories } from '../../../test/simulated-buyers.ts';
import { expectedPurchases, fitBgNbd, type History, logLikelihoodOf, probabilityAlive } from './bg-nbd.ts';

// The parameters that the paper publishes for the CDNOW sample, in weeks.
const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

const sumOfPaper = (parameters: typeof published, histories: History[]) =>
  histories.reduce((sum, { x, lastAt, age }) => sum + paperLikelihood(parameters, x, lastAt, age), 0);

describe('a fit', async () => {
  const histories = simulateHistories(published, 3_000);
  const groups = histories.map((history) => ({ ...history, customers: 1 }));
  const fit = await fitBgNbd(columnsOf(groups));

  it('finds parameters like those that the customers were drawn with', () => {
    expect(fit?.dropout).toBe('VARIED');
    expect(fit?.parameters.r).toBeCloseTo(published.r, 1);
    expect(fit?.parameters.alpha).toBeGreaterThan(3.5);
    expect(fit?.parameters.alpha).toBeLessThan(5.5);
    expect(fit && fit.parameters.a / (fit.parameters.a + fit.parameters.b)).toBeCloseTo(0.246, 1);
  });

  it('has the likelihood of the formula in the paper, and nothing around it is better', () => {
    if (!fit) throw new Error('The fit did not converge.');
    const { parameters, logLikelihood } = fit;

    expect(sumOfPaper(parameters, histories)).toBeCloseTo(logLikelihood, 6);
    const around = [...gridAround(parameters)].map((each) => sumOfPaper(each, histories));
    expect(around).toHaveLength(625);
    expect(Math.max(...around)).toBeLessThanOrEqual(logLikelihood + 1e-6);
  });

  it('does not depend on how equal customers are grouped', async () => {
    const merged = [...new Map(histories.map((each) => [JSON.stringify(each), each])).entries()].map(([key, each]) => ({
      ...each,
      customers: histories.filter((other) => JSON.stringify(other) === key).length,
    }));

    expect(merged.length).toBeLessThan(histories.length);
    expect((await fitBgNbd(columnsOf(merged)))?.logLikelihood).toBeCloseTo(fit?.logLikelihood ?? 0, 7);
  });

  it('keeps the likelihood when the unit of time changes', async () => {
    const days = groups.map((group) => ({ ...group, lastAt: group.lastAt * 7, age: group.age * 7 }));

    const inDays = await fitBgNbd(columnsOf(days));

    // A density changes with its unit: by ln 7 for each repeat purchase.
    const repeats = histories.reduce((sum, { x }) => sum + x, 0);
    expect((inDays?.logLikelihood ?? 0) + repeats * Math.log(7)).toBeCloseTo(fit?.logLikelihood ?? 0, 6);
    expect((inDays?.parameters.alpha ?? 0) / 7).toBeCloseTo(fit?.parameters.alpha ?? 0, 5);

    const inWeeks = await fitBgNbd(columnsOf(days), { unit: 7 });

    expect(inWeeks?.logLikelihood).toBeCloseTo(fit?.logLikelihood ?? 0, 6);
    expect(inWeeks?.parameters.alpha).toBeCloseTo(fit?.parameters.alpha ?? 0, 5);
  });
});

it('finds that nobody leaves, where nobody does', async () => {
  const histories = simulateHistories({ r: 0.7, alpha: 9, a: 1e-9, b: 1e6 }, 1_000, 13);
  const fit = await fitBgNbd(columnsOf(histories.map((history) => ({ ...history, customers: 1 }))));

  if (!fit) throw new Error('The fit did not converge.');
  expect(fit).toMatchObject({ dropout: 'NONE', parameters: { a: 1e-12, b: 1 } });
  expect(sumOfPaper(fit.parameters, histories)).toBeCloseTo(fit.logLikelihood, 6);
  for (const a of [1e-12, 1e-6, 0.001, 0.1, 1])
    for (const b of [0.01, 1, 100])
      for (const { r, alpha } of [fit.parameters, { r: fit.parameters.r * 1.02, alpha: fit.parameters.alpha * 0.99 }])
        expect(sumOfPaper({ r, alpha, a, b }, histories)).toBeLessThanOrEqual(fit.logLikelihood + 1e-6);
});

it('finds that all leave alike, where they do', async () => {
  const histories = simulateHistories({ r: 0.7, alpha: 9, a: 2_000, b: 8_000 }, 1_000, 11);
  const fit = await fitBgNbd(columnsOf(histories.map((history) => ({ ...history, customers: 1 }))));

  if (!fit) throw new Error('The fit did not converge.');
  expect(fit).toMatchObject({ dropout: 'EQUAL', parameters: { b: 100_000 } });
  expect(fit.parameters.a / (fit.parameters.a + fit.parameters.b)).toBeCloseTo(0.2, 1);
  for (const scale of [1e-6, 1e-4, 0.01, 1, 100])
    for (const share of [0.9, 1, 1.1]) {
      const moved = { ...fit.parameters, a: fit.parameters.a * scale * share, b: fit.parameters.b * scale };
      expect(
        await logLikelihoodOf(moved, columnsOf(histories.map((each) => ({ ...each, customers: 1 })))),
      ).toBeLessThan(fit.logLikelihood + 1e-3);
    }
});

it('finds no maximum if all customers buy alike', async () => {
  expect(await fitBgNbd(columnsOf([{ x: 10, lastAt: 50, age: 52, customers: 500 }]))).toBeNull();
  expect(await fitBgNbd(columnsOf([{ x: 0, lastAt: 0, age: 52, customers: 500 }]))).toBeNull();
});

describe('expectations', () => {
  it('match the example in the paper', () => {
    const history = { x: 2, lastAt: 30.43, age: 38.86 };

    expect(expectedPurchases(published, history, 39)).toBeCloseTo(1.226, 3);
    expect(probabilityAlive(published, history)).toBeCloseTo(0.7266, 4);
    expect(probabilityAlive(published, { x: 0, lastAt: 0, age: 38.86 })).toBe(1);
  });

  it.each([
    [{ x: 0, lastAt: 0, age: 30 }, 52],
    [{ x: 1, lastAt: 3, age: 30 }, 52],
    [{ x: 8, lastAt: 29, age: 30 }, 12],
    [{ x: 26, lastAt: 30.86, age: 31 }, 4],
  ])('equal equation 10 for %j over %d weeks', (history, weeks) => {
    for (const parameters of [published, { r: 0.7, alpha: 9.4, a: 3.2, b: 0.4 }, { r: 2, alpha: 20, a: 0.05, b: 7 }])
      expect(expectedPurchases(parameters, history, weeks) / paperExpectation(parameters, history, weeks)).toBeCloseTo(
        1,
        8,
      );
  });

  it('stay exact for thousands of purchases, where the series overflows', () => {
    const steady = { x: 5_000, lastAt: 999.8, age: 1_000 };
    const busy = expectedPurchases(published, steady, 52);

    // Five purchases a week, by a customer who may leave after each with a probability of about 0.793 in 5,000.
    expect(busy).toBeGreaterThan(245);
    expect(busy).toBeLessThan(260);
    expect(expectedPurchases({ ...published, a: 1 - 1e-9 }, steady, 52)).toBeCloseTo(
      expectedPurchases({ ...published, a: 1 }, steady, 52),
      4,
    );
  });

  it('are the rate of purchases times the time, if nobody leaves', () => {
    const model = { r: 0.7, alpha: 9.4, a: 1e-12, b: 1 };

    expect(expectedPurchases(model, { x: 5, lastAt: 20, age: 30 }, 52)).toBeCloseTo((5.7 / 39.4) * 52, 8);
    expect(probabilityAlive(model, { x: 5, lastAt: 20, age: 30 })).toBeCloseTo(1, 9);
  });

  it('are never negative, and grow with time', async () => {
    const history = { x: 3, lastAt: 10, age: 40 };
    const all = [0, 1, 10, 100, 1_000, 100_000].map((weeks) => expectedPurchases(published, history, weeks));

    expect(all[0]).toBe(0);
    expect(all).toEqual([...all].sort((one, other) => one - other));
    expect(await logLikelihoodOf(published, columnsOf([{ ...history, customers: 2 }]))).toBeCloseTo(
      2 * paperLikelihood(published, 3, 10, 40),
      10,
    );
  });
});
