import { z } from 'zod';
import { refused } from '../lib/written.ts';
import { ItemNumbers } from './item-numbers.ts';
import { count, emptySummary, type ImportSummary } from './summary.ts';
import { type Attempt, lacksReference } from './write-rows.ts';

export const passState = z.object({
  /** The first pass reads everything; each later one tries again what the one before left. */
  number: z.int(),
  /** Whether rows wait for an earlier row about the same thing that waits. */
  isHolding: z.boolean(),
  /** Whether every refusal is final. */
  isLast: z.boolean(),
  /** Rows that this pass has taken, and rows that it did not try because an earlier one waits. */
  taken: z.int(),
  held: z.int(),
});

/** How far an import has got. Each batch makes a new one, so that a batch that fails leaves no trace. */
export type Progress = {
  pass: z.output<typeof passState>;
  /** The items that this pass tries; null means all. */
  due: ItemNumbers | null;
  /** How many items this pass has read. */
  items: number;
  /** The items that wait for another pass. */
  waiting: ItemNumbers;
  rejectsLength: number;
  summary: ImportSummary;
};

export function firstPass(): Progress {
  const pass = { number: 1, isHolding: true, isLast: false, taken: 0, held: 0 };
  return { pass, due: null, items: 0, waiting: new ItemNumbers(), rejectsLength: 0, summary: emptySummary() };
}

/**
 * The pass that follows one that is through, or null. Passes go on while they take rows. Then rows that wait for a
 * refused one about the same thing are tried without it, and at last all refusals are final.
 */
export function nextPass({ pass, waiting, rejectsLength, summary }: Progress): Progress | null {
  if (waiting.size === 0) return null;
  const hasMoved = pass.number === 1 || pass.taken > 0;
  const isLast = !hasMoved && !(pass.isHolding && pass.held > 0);
  const next = { number: pass.number + 1, isHolding: hasMoved, isLast, taken: 0, held: 0 };
  return { pass: next, due: waiting, items: 0, waiting: new ItemNumbers(), rejectsLength, summary };
}

/** The same after a batch, and those of its attempts that are final. */
export function afterBatch(
  progress: Progress,
  attempts: Attempt[],
  items: number,
  isLastBatch: boolean,
): { after: Progress; settled: Attempt[] } {
  const pass = { ...progress.pass };
  const summary = structuredClone(progress.summary);
  pass.held += attempts.filter(({ result }) => result === null).length;
  // A batch that is the whole run has been written in the order of types: nothing is still to come.
  const isWhole = pass.number === 1 && isLastBatch && progress.waiting.size === 0 && pass.held === 0;
  const waits = ({ result }: Attempt) => result === null || (lacksReference(result) && !pass.isLast && !isWhole);
  const settled = attempts.filter((attempt) => !waits(attempt));
  const waiting = attempts.filter(waits).map(({ row }) => row.number);
  for (const { row, result } of settled) {
    if (result === null) continue;
    count(summary, row.type, refused(result) ? 'REFUSED' : result.outcome, row.rows.length);
    if (refused(result)) continue;
    pass.taken += 1;
    summary.warnings += result.warnings?.length ?? 0;
  }
  return { after: { ...progress, pass, summary, items, waiting: progress.waiting.with(waiting) }, settled };
}
