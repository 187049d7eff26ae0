/** The number of steps in `src/upgrades.ts`: a new workspace needs none of them. */
export const dataVersion = 4;
