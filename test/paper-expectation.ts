type Parameters = { r: number; alpha: number; a: number; b: number };
type History = { x: number; lastAt: number; age: number };

/**
 * Returns the expected purchases by equation 10 of Fader, Hardie and Lee (2005), with its hypergeometric function as a
 * series. The series converges quickly while its last argument is small.
 */
export function paperExpectation({ r, alpha, a, b }: Parameters, { x, lastAt, age }: History, t: number): number {
  const z = t / (alpha + age + t);
  let [term, series] = [1, 1];
  for (let n = 0; n < 5_000; n++) {
    term *= (((r + x + n) * (b + x + n)) / (a + b + x - 1 + n) / (n + 1)) * z;
    series += term;
  }
  const left = 1 - ((alpha + age) / (alpha + age + t)) ** (r + x) * series;
  const odds = x > 0 ? (a / (b + x - 1)) * ((alpha + age) / (alpha + lastAt)) ** (r + x) : 0;
  return (((a + b + x - 1) / (a - 1)) * left) / (1 + odds);
}
