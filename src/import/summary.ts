import * as z from 'zod';
import type { Outcome } from '../lib/upsert-result.ts';
import type { RecordType } from './format.ts';

const outcomes = z.object({ CREATED: z.number(), UPDATED: z.number(), NOOP: z.number(), REFUSED: z.number() });

/** Result of an import: counts of rows, and counts of records by type and outcome. */
export const importSummary = z.object({
  rows: z.number(),
  rowsWritten: z.number(),
  rowsRefused: z.number(),
  /** Number of row parts that were left out. */
  warnings: z.number().default(0),
  records: z.record(z.string(), outcomes),
});

export type ImportSummary = z.output<typeof importSummary>;

export function emptySummary(): ImportSummary {
  return { rows: 0, rowsWritten: 0, rowsRefused: 0, warnings: 0, records: {} };
}

export function count(
  summary: ImportSummary,
  type: RecordType | null,
  outcome: Outcome | 'REFUSED',
  rows: number,
): void {
  summary.rows += rows;
  if (outcome === 'REFUSED') summary.rowsRefused += rows;
  else summary.rowsWritten += rows;
  if (type === null) return;
  summary.records[type] ??= { CREATED: 0, UPDATED: 0, NOOP: 0, REFUSED: 0 };
  summary.records[type][outcome] += 1;
}
