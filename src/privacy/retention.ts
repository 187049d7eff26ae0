import { z } from 'zod';
import type { Db } from '../db/database.ts';
import { transact } from '../db/transact.ts';
import { parseInput } from '../lib/fields.ts';
import type { Written } from '../lib/written.ts';

const rules = z.strictObject({
  interactionRetentionDays: z.int().min(1, 'Must be at least 1.').max(36_500, 'Must be at most 36500.').nullish(),
});

/** Says how long the workspace keeps what passed between it and its customers. Null: for ever. */
export async function setRetention(db: Db, input: unknown): Promise<Written> {
  const { interactionRetentionDays = null } = parseInput(rules, input);
  return transact(db, async (tx) => {
    const { workspaceId: id } = tx;
    const before = await tx.workspace.findUniqueOrThrow({ where: { id }, select: { interactionRetentionDays: true } });
    if (before.interactionRetentionDays === interactionRetentionDays) return { id, outcome: 'NOOP' };
    await tx.workspace.update({ where: { id }, data: { interactionRetentionDays } });
    return { id, outcome: 'UPDATED' };
  });
}

const batch = 1_000;

/** Removes interactions older than the workspace keeps them, a thousand in a transaction. How many. */
export async function applyRetention(db: Db, now = new Date()): Promise<number> {
  const { workspaceId } = db;
  const select = { interactionRetentionDays: true };
  const workspace = await db.workspace.findUnique({ where: { id: workspaceId }, select });
  const days = workspace?.interactionRetentionDays ?? null;
  if (days === null) return 0;
  const occurredAt = { lt: new Date(now.getTime() - days * 24 * 3_600_000) };
  for (let removed = 0; ; ) {
    const rows = await db.interaction.findMany({
      where: { workspaceId, occurredAt },
      select: { id: true },
      orderBy: { occurredAt: 'asc' },
      take: batch,
    });
    const ids = { in: rows.map(({ id }) => id) };
    await transact(db, async (tx) => {
      await tx.surveyResponse.updateMany({ where: { workspaceId, interactionId: ids }, data: { interactionId: null } });
      await tx.interaction.deleteMany({ where: { workspaceId, id: ids } });
    });
    removed += rows.length;
    if (rows.length < batch) return removed;
  }
}
