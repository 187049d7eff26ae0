export type Point = { value: number; gradient: number[] };

export type Minimum = Point & { at: number[]; isConverged: boolean };

const maxSteps = 200;
const maxStepLength = 2;

// Difference between two values, per unit, that may come from rounding errors. A sum over a million terms has as much.
const roundingErrors = 1e-11;

// Largest part of the gradient at a minimum that rounding errors hide: no step leads to a measurably lower value.
const roundingTolerance = 1e-7;

/**
 * Minimizes a smooth function by the BFGS method, with a backtracking line search. Stops outside of the region, or where
 * the largest part of the gradient is at most `tolerance`. Converged means that it is so, or that rounding errors hide
 * the minimum.
 */
export async function minimize(
  evaluate: (at: number[]) => Promise<Point>,
  start: number[],
  tolerance: number,
  isInside: (at: number[]) => boolean,
): Promise<Minimum> {
  let at = start;
  let point = await evaluate(at);
  let inverse = identity(start.length);
  for (let step = 0; step < maxSteps && isInside(at) && !(steepness(point) <= tolerance); step++) {
    let direction = times(inverse, point.gradient).map((part) => -part);
    if (!(dot(direction, point.gradient) < 0)) {
      inverse = identity(start.length);
      direction = point.gradient.map((part) => -part);
    }
    const next = await search(evaluate, at, point, direction);
    if (!next) {
      // Rounding errors may have spoiled the estimate of the curvature. Without it, the steepest descent is left.
      if (isIdentity(inverse)) break;
      inverse = identity(start.length);
      continue;
    }
    const moved = next.at.map((part, i) => part - (at[i] ?? 0));
    const turned = next.gradient.map((part, i) => part - (point.gradient[i] ?? 0));
    inverse = update(inverse, moved, turned);
    at = next.at;
    point = next;
  }
  return { ...point, at, isConverged: isInside(at) && steepness(point) <= Math.max(tolerance, roundingTolerance) };
}

// Halves the step until the value drops by a fair part of what the gradient promises. Close to the minimum, the value no
// longer changes measurably, so a smaller gradient counts too.
async function search(
  evaluate: (at: number[]) => Promise<Point>,
  at: number[],
  point: Point,
  direction: number[],
): Promise<(Point & { at: number[] }) | null> {
  const length = Math.max(...direction.map(Math.abs));
  const slope = dot(direction, point.gradient);
  const full = Math.min(1, maxStepLength / length);
  // At such a gradient, only rounding errors keep a full step from being better, and a smaller step has the same ones.
  const smallest = steepness(point) <= roundingTolerance ? full : 1e-10;
  for (let size = full; size >= smallest; size /= 2) {
    const there = at.map((part, i) => part + size * (direction[i] ?? 0));
    const next = await evaluate(there);
    const isFlat = Math.abs(next.value - point.value) <= roundingErrors * Math.max(1, Math.abs(point.value));
    const isLower = next.value < point.value && next.value <= point.value + 1e-4 * size * slope;
    if (isLower || (isFlat && steepness(next) < steepness(point))) return { ...next, at: there };
  }
  return null;
}

function steepness({ value, gradient }: Point): number {
  return Number.isFinite(value) ? Math.max(...gradient.map(Math.abs)) : Number.POSITIVE_INFINITY;
}

// The BFGS update of the inverse Hessian. Skipped if the curvature along the step is not positive.
function update(inverse: number[][], moved: number[], turned: number[]): number[][] {
  const curvature = dot(moved, turned);
  if (!(curvature > 0)) return inverse;
  const bent = times(inverse, turned);
  const scale = (1 + dot(turned, bent) / curvature) / curvature;
  return inverse.map((row, i) =>
    row.map((cell, j) => {
      const [mi, mj, bi, bj] = [moved[i] ?? 0, moved[j] ?? 0, bent[i] ?? 0, bent[j] ?? 0];
      return cell + scale * mi * mj - (bi * mj + mi * bj) / curvature;
    }),
  );
}

function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
}

function isIdentity(matrix: number[][]): boolean {
  return matrix.every((row, i) => row.every((cell, j) => cell === (i === j ? 1 : 0)));
}

function times(matrix: number[][], vector: number[]): number[] {
  return matrix.map((row) => dot(row, vector));
}

function dot(left: number[], right: number[]): number {
  return left.reduce((sum, part, i) => sum + part * (right[i] ?? 0), 0);
}
