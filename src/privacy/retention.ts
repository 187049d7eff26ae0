import * as z from 'zod';
import type { Db } from '../db/database.ts';
import type { BatchOptions } from '../db/write/batches.ts';
import { transact } from '../db/write/transact.ts';
import { parseInput } from '../lib/fields.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { deleteRecords } from './delete-records.ts';

const rules = z.strictObject({
  interactionRetentionDays: z.int().min(1, 'Must be at least 1.').max(36_500, 'Must be at most 36500.').nullish(),
});

/** Sets how many days the workspace keeps interactions. Null keeps them forever. */
export async function setRetention(db: Db, input: unknown): Promise<UpsertResult> {
  const { interactionRetentionDays = null } = parseInput(rules, input);
  return transact(db, async (tx) => {
    const { workspaceId: id } = tx;
    const before = await tx.workspace.findUniqueOrThrow({ where: { id }, select: { interactionRetentionDays: true } });
    if (before.interactionRetentionDays === interactionRetentionDays) return { id, outcome: 'NOOP' };
    await tx.workspace.update({ where: { id }, data: { interactionRetentionDays } });
    return { id, outcome: 'UPDATED' };
  });
}

/** Removes interactions that are older than the retention period. Returns the number of removed interactions. */
export async function applyRetention(db: Db, now = new Date(), batches: BatchOptions = {}): Promise<number> {
  const { workspaceId } = db;
  const select = { interactionRetentionDays: true };
  const workspace = await db.workspace.findUnique({ where: { id: workspaceId }, select });
  const days = workspace?.interactionRetentionDays ?? null;
  if (days === null) return 0;
  const keptFrom = new Date(now.getTime() - days * 24 * 3_600_000);
  return deleteRecords(
    db,
    { table: 'Interaction', where: '"occurredAt" < $2', values: [keptFrom], order: ['occurredAt', 'id'] },
    batches,
  );
}
