// Both functions move small arguments up by the recurrence of the gamma function, to where Stirling's series is exact to
// the last digits of a double. See Abramowitz and Stegun, 6.1.41 and 6.3.18.
const seriesFrom = 12;

/** Natural logarithm of the gamma function, for positive numbers. */
export function logGamma(value: number): number {
  let z = value;
  let product = 1;
  for (; z < seriesFrom; z += 1) product *= z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + stirlingSeries(z) - Math.log(product);
}

/** `logGamma(value + by) - logGamma(value)`, with all digits where both are large. */
export function logGammaIncrease(value: number, by: number): number {
  if (value < seriesFrom) return logGamma(value + by) - logGamma(value);
  const sum = value + by;
  const series = stirlingSeries(sum) - stirlingSeries(value);
  return (value - 0.5) * Math.log1p(by / value) + by * Math.log(sum) - by + series;
}

function stirlingSeries(z: number): number {
  const u = 1 / (z * z);
  return (1 / 12 - u * (1 / 360 - u * (1 / 1260 - u * (1 / 1680 - u * (1 / 1188 - (u * 691) / 360_360))))) / z;
}

/** Derivative of `logGamma`. */
export function digamma(value: number): number {
  let z = value;
  let sum = 0;
  for (; z < seriesFrom; z += 1) sum += 1 / z;
  const u = 1 / (z * z);
  const series = u * (1 / 12 - u * (1 / 120 - u * (1 / 252 - u * (1 / 240 - u * (1 / 132 - (u * 691) / 32_760)))));
  return Math.log(z) - 1 / (2 * z) - series - sum;
}
