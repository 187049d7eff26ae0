import * as z from 'zod';
import { refused } from '../lib/upsert-result.ts';
import { type Attempt, lacksReference } from './rows/import-row.ts';
import { ItemNumbers } from './rows/item-numbers.ts';
import { count, emptySummary, type ImportSummary } from './summary.ts';

export const passState = z.object({
  /** Number of the pass. The first reads everything; each later one retries the rows that the one before left. */
  number: z.int(),
  /** Whether rows wait if an earlier row about the same subject waits. */
  isHolding: z.boolean(),
  /** Whether every rejection is final. */
  isLast: z.boolean(),
  /** Rows that this pass has written, and rows that it skipped because an earlier one waits. */
  taken: z.int(),
  held: z.int(),
});

/** State of an import. Each batch creates a new one, so a failed batch leaves no trace. */
export type Progress = {
  pass: z.output<typeof passState>;
  /** Items that this pass tries. Null means all. */
  due: ItemNumbers | null;
  /** Count of items that this pass has read. */
  items: number;
  /** Items that wait for another pass. */
  waiting: ItemNumbers;
  rejectsLength: number;
  summary: ImportSummary;
};

export function firstPass(): Progress {
  const pass = { number: 1, isHolding: true, isLast: false, taken: 0, held: 0 };
  return { pass, due: null, items: 0, waiting: new ItemNumbers(), rejectsLength: 0, summary: emptySummary() };
}

/**
 * Returns the pass that follows a finished one, or null if none is needed. Passes repeat while they write rows. Then
 * rows that wait for a rejected one about the same subject are tried without it, and finally all rejections become
 * final.
 */
export function nextPass({ pass, waiting, rejectsLength, summary }: Progress): Progress | null {
  if (waiting.size === 0) return null;
  const hasMoved = pass.number === 1 || pass.taken > 0;
  const isLast = !hasMoved && !(pass.isHolding && pass.held > 0);
  const next = { number: pass.number + 1, isHolding: hasMoved, isLast, taken: 0, held: 0 };
  return { pass: next, due: waiting, items: 0, waiting: new ItemNumbers(), rejectsLength, summary };
}

/** Returns the progress after a batch, and the attempts that are final. */
export function afterBatch(
  progress: Progress,
  attempts: Attempt[],
  items: number,
  isLastBatch: boolean,
): { after: Progress; settled: Attempt[] } {
  const pass = { ...progress.pass };
  const summary = structuredClone(progress.summary);
  pass.held += attempts.filter(({ result }) => result === null).length;
  // A batch that is the whole run has been written in the order of types, so no later row can provide a missing
  // reference.
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
