import { DomainError, problemsError } from '../../lib/errors.ts';
import { eventLoopYielder } from '../../lib/event-loop.ts';
import { refused } from '../../lib/upsert-result.ts';
import type { ImportItem, ImportRecord } from '../format.ts';
import { hintedError } from '../hints.ts';
import type { Progress } from '../progress.ts';
import type { ImportRow } from './import-row.ts';
import { rowFault } from './row-fault.ts';
import { subjectOf, type WaitingSubjects } from './waiting-subjects.ts';
import { writers } from './writers.ts';

export type BatchWeights = { first: number; most: number };

/**
 * Yields the rows that are due and not read yet. Adds the subjects of rows that have waited since before the
 * interruption to `held`.
 */
export async function* rowsOf(
  items: AsyncIterable<ImportItem>,
  { due, items: read, waiting }: Progress,
  held: WaitingSubjects,
): AsyncGenerator<ImportRow> {
  const [isDue, isWaiting] = [due?.lookup() ?? (() => true), waiting.lookup()];
  let next = 0;
  for await (const item of items) {
    const number = next++;
    if (number < read) {
      const subject = isWaiting(number) && 'type' in item && 'input' in item ? subjectOf(item.type, item.input) : null;
      if (subject !== null) held.add(subject);
    } else if (isDue(number)) yield rowOf(item, number);
  }
}

function rowOf(item: ImportItem, number: number): ImportRow {
  const { rows, key } = item;
  const length = rows.reduce((sum, row) => sum + (row.length ?? 0), 0);
  // Long rows take memory, no matter how few records they become.
  const leastWeight = Math.max(1, length / 1_000);
  if ('error' in item) {
    const { error, type: typeName = null } = item;
    const unread = { item: error, weight: leastWeight, subject: null, hints: [] };
    return { number, type: null, typeName, key, rows, reportAt: rows, ...unread };
  }
  const { type, from, input, hints = [] } = item;
  const read = readInput(item);
  return {
    number,
    type,
    typeName: type,
    key,
    rows,
    reportAt: rows.length === 0 && from ? [from] : rows,
    item: read,
    weight: Math.max(leastWeight, refused(read) ? 1 : writers[type].weigh(read)),
    hints,
    subject: subjectOf(type, input),
  };
}

function readInput({ type, input, problems = [], hints = [] }: ImportRecord): unknown {
  try {
    const read = writers[type].parse(input);
    return problems.length > 0 ? problemsError(problems) : read;
  } catch (error) {
    if (!(error instanceof DomainError)) return rowFault(error);
    const { code, message, details } = hintedError(error, hints);
    return problemsError([...problems, ...(details.problems ?? [{ code, message, field: details.field ?? [] }])]);
  }
}

/** Groups rows into batches and marks the last one. Each batch is read while the database writes the one before. */
export async function* batchesOf(
  rows: AsyncIterable<ImportRow>,
  weights: BatchWeights,
): AsyncGenerator<{ rows: ImportRow[]; isLast: boolean }> {
  let isAwaited = true;
  const upcoming = batches(
    rows,
    weights,
    eventLoopYielder(() => isAwaited),
  );
  let next = upcoming.next();
  for (;;) {
    isAwaited = true;
    const { value, done } = await next;
    if (done) return;
    isAwaited = false;
    next = upcoming.next();
    // If the caller stops early, this promise must not cause an unhandled rejection.
    next.catch(() => undefined);
    yield value;
  }
}

// Batches start small and double in size: after the first ones, the database has statistics to plan the rest.
async function* batches(
  rows: AsyncIterable<ImportRow>,
  { first, most }: BatchWeights,
  yieldToEventLoop: ReturnType<typeof eventLoopYielder>,
): AsyncGenerator<{ rows: ImportRow[]; isLast: boolean }> {
  let batch: ImportRow[] = [];
  let weight = 0;
  let wanted = first;
  for await (const row of rows) {
    await yieldToEventLoop();
    // A batch is the last one only if no other row follows it.
    if (batch.length > 0 && weight >= wanted) {
      yield { rows: batch, isLast: false };
      wanted = Math.min(wanted * 2, most);
      batch = [];
      weight = 0;
    }
    batch.push(row);
    weight += row.weight;
  }
  if (batch.length > 0) yield { rows: batch, isLast: true };
}
