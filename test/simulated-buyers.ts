type Parameters = { r: number; alpha: number; a: number; b: number };

/** Returns random numbers between 0 and 1, the same for the same seed. */
export function randomNumbers(seed: number) {
  let state = seed;
  const uniform = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  // Marsaglia and Tsang (2000).
  function gamma(shape: number): number {
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const z = normal();
      const v = (1 + z / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(uniform()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  }
  return { uniform, gamma };
}

/** Draws customers of the BG/NBD model who are observed for 27 to 39 weeks, with times in weeks that are whole days. */
export function simulateHistories({ r, alpha, a, b }: Parameters, customers: number, seed = 12_345) {
  const { uniform, gamma } = randomNumbers(seed);
  return Array.from({ length: customers }, () => {
    const age = Math.floor(189 + uniform() * 84);
    const rate = gamma(r) / alpha / 7;
    const [stay, leave] = [gamma(b), gamma(a)];
    const days = new Set<number>();
    for (let time = 0; ; ) {
      time -= Math.log(uniform()) / rate;
      if (time > age) break;
      if (time >= 1) days.add(Math.floor(time));
      if (uniform() < leave / (leave + stay)) break;
    }
    return { x: days.size, lastAt: Math.max(0, ...days) / 7, age: age / 7 };
  });
}
