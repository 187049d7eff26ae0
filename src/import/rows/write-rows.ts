import type { Tx } from '../../db/database.ts';
import { decodeIdOf } from '../../lib/ids.ts';
import { refused } from '../../lib/upsert-result.ts';
import { recordTypes } from '../format.ts';
import { hinted } from '../hints.ts';
import { type Attempt, type ImportRow, lacksReference } from './import-row.ts';
import type { Reject } from './rejects.ts';
import type { WaitingSubjects } from './waiting-subjects.ts';
import { writers } from './writers.ts';

/**
 * Writes rows type by type, so that references find their targets. `held` holds the subjects of waiting rows; null
 * means that no row waits for an earlier one.
 */
export async function writeRows(tx: Tx, rows: ImportRow[], held: WaitingSubjects | null): Promise<Attempt[]> {
  const attempts = rows.flatMap((row): Attempt[] => (refused(row.item) ? [{ row, result: row.item }] : []));
  const heldHere = new Set<string>();
  const isHeld = ({ subject }: ImportRow) =>
    held !== null && subject !== null && (heldHere.has(subject) || held.has(subject));
  for (const type of recordTypes) {
    for (const layer of layersOf(rows.filter((row) => row.type === type && !refused(row.item)))) {
      const ready = layer.filter((row) => !isHeld(row));
      for (const row of layer) if (isHeld(row)) attempts.push({ row, result: null });
      if (ready.length === 0) continue;
      const results = await writers[type].write(
        tx,
        ready.map(({ item }) => item),
      );
      for (const [i, row] of ready.entries()) {
        const result = results[i];
        if (!result) throw new Error('A write returned fewer results than items.');
        if (lacksReference(result) && row.subject !== null) heldHere.add(row.subject);
        attempts.push({ row, result: hinted(result, row.hints) });
      }
    }
  }
  return attempts.sort((a, b) => a.row.number - b.row.number);
}

// Puts rows about the same subject into different layers, so the outcome of the first is known before the second is
// written.
function layersOf(rows: ImportRow[]): ImportRow[][] {
  const layers: ImportRow[][] = [];
  const times = new Map<string, number>();
  for (const row of rows) {
    const layer = row.subject === null ? 0 : (times.get(row.subject) ?? 0);
    if (row.subject !== null) times.set(row.subject, layer + 1);
    layers[layer] ??= [];
    layers[layer].push(row);
  }
  return layers;
}

/** Returns the lines for the rejects file: errors, and warnings about parts that were left out. */
export async function rejectsOf(tx: Tx, attempts: Attempt[]): Promise<Reject[]> {
  const rejects = attempts.flatMap(({ row, result }): Reject[] => {
    if (result === null) return [];
    const { typeName: type, key, reportAt: rows } = row;
    if (refused(result)) return [{ rows, type, key, error: result, isWarning: false }];
    return (result.warnings ?? []).map((error) => ({ rows, type, key, error, isWarning: true }));
  });
  const names = await externalIdsOf(
    tx,
    rejects.flatMap(({ error }) => decodeIdOf('Customer', error.details.conflictingId ?? '') ?? []),
  );
  return rejects.map((reject) => {
    const id = decodeIdOf('Customer', reject.error.details.conflictingId ?? '');
    const conflictingExternalId = names.get(id ?? '');
    return conflictingExternalId ? { ...reject, conflictingExternalId } : reject;
  });
}

async function externalIdsOf(tx: Tx, customerIds: string[]): Promise<Map<string, { source: string; value: string }>> {
  if (customerIds.length === 0) return new Map();
  const rows = await tx.customerExternalId.findMany({
    where: { workspaceId: tx.workspaceId, customerId: { in: [...new Set(customerIds)] } },
    // The oldest comes last, so it wins in the map.
    orderBy: [{ createdAt: 'desc' }, { source: 'desc' }, { value: 'desc' }],
  });
  return new Map(rows.map(({ customerId, source, value }) => [customerId, { source, value }]));
}
