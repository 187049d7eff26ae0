/** Number of steps in `src/upgrades.ts`. A new workspace needs none of them. */
export const dataVersion = 4;
