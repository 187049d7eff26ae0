import { type Minimum, minimize, type Point } from './minimize.ts';

/** Log-likelihood of all data, and its derivatives, as a function of positive parameters. */
export type Likelihood = (parameters: number[]) => Promise<Point>;

export type Maximum = {
  parameters: number[];
  logLikelihood: number;
  /** Whether this is a maximum. Otherwise, the likelihood grows from here up to the limits of a parameter. */
  isConverged: boolean;
};

// Largest derivative per observation, with relative changes of the parameters. Far below what data can tell apart.
const tolerance = 1e-10;

// Beyond these limits, a parameter stands for a population without the differences that it describes. Units are chosen so
// that typical parameters are about 1.
const limits = { least: 1e-7, most: 1e4 };

/**
 * Finds the parameters with the highest likelihood. Works on the logarithms of the parameters, so they stay positive.
 * Tries several starting points, and starts again next to the best result.
 */
export async function maximize(likelihood: Likelihood, starts: number[][], observations: number): Promise<Maximum> {
  const evaluate = async (logs: number[]): Promise<Point> => {
    const parameters = logs.map(Math.exp);
    const { value, gradient } = await likelihood(parameters);
    const slopes = gradient.map((part, i) => (-part * (parameters[i] ?? 0)) / observations);
    return { value: -value / observations, gradient: slopes };
  };
  const isInside = (logs: number[]) =>
    logs.every((each) => each > Math.log(limits.least) && each < Math.log(limits.most));
  const minimizeFrom = (start: number[]) => minimize(evaluate, start, tolerance, isInside);

  let best: Minimum | undefined;
  for (const start of starts) best = better(await minimizeFrom(start.map(Math.log)), best);
  if (!best) throw new Error('A fit needs at least one starting point.');
  const nearby = best.at.map((part, i) => part + (i % 2 === 0 ? 0.3 : -0.3));
  const { at, value, isConverged } = better(await minimizeFrom(nearby), best);
  return { parameters: at.map(Math.exp), logLikelihood: -value * observations, isConverged };
}

// Among equally good results, one that has converged is better.
function better(found: Minimum, best: Minimum = found): Minimum {
  const margin = 1e-12 * Math.abs(best.value);
  if (found.isConverged && !best.isConverged) return found.value <= best.value + margin ? found : best;
  return found.value < best.value - (best.isConverged && !found.isConverged ? margin : 0) ? found : best;
}
