export function percentile(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** How much `y` grows with each unit of `x`, in percent of its mean: the slope of a linear regression. */
export function growth(points: { x: number; y: number }[]): number {
  const meanOf = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [meanX, meanY] = [meanOf(points.map(({ x }) => x)), meanOf(points.map(({ y }) => y))];
  const products = points.map(({ x, y }) => (x - meanX) * (y - meanY));
  const squares = points.map(({ x }) => (x - meanX) ** 2);
  return (100 * meanOf(products)) / meanOf(squares) / meanY;
}

/** Counts by name, with the first example of each. */
export class Tally {
  readonly counts = new Map<string, { n: number; example: string }>();

  add(name: string, example = ''): void {
    const known = this.counts.get(name);
    if (known) known.n += 1;
    else this.counts.set(name, { n: 1, example: example.slice(0, 700) });
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, { n }) => sum + n, 0);
  }
}
