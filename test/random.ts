/** Creates a random number generator. The same seed always gives the same sequence. */
export function randomGenerator(seed: number) {
  let state = seed;
  const below = (bound: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % bound;
  };
  return {
    below,
    one: <T>(all: readonly T[]): T => all[below(all.length)] as T,
    /** Returns up to this many items, possibly none. */
    times: <T>(most: number, make: (i: number) => T): T[] => Array.from({ length: below(most + 1) }, (_, i) => make(i)),
  };
}
