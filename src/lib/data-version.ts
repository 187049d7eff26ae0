/** Number of steps in `src/upgrade/steps.ts`. A new workspace needs none of them. */
export const dataVersion = 4;
