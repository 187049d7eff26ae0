import * as z from 'zod';
import type { Db } from '../db/database.ts';
import { transact } from '../db/write/transact.ts';
import { differs } from '../lib/changes.ts';
import { currencyCode, parseInput, positiveDecimal } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';

const capInput = z.strictObject({
  currencyCode: currencyCode(),
  amount: positiveDecimal(),
  periodDays: z.int().min(1).max(3_650),
});

/** Sets the most that gestures may cost per customer and period in a currency. Returns NOOP if nothing changes. */
export function setNextActionCap(db: Db, input: unknown): Promise<UpsertResult> {
  const { amount, ...given } = parseInput(capInput, input);
  const cap = { ...given, amount: amount.toString() };
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const now = new Date();
    const stored = await tx.nextActionCap.findFirst({ where: { workspaceId, currencyCode: cap.currencyCode } });
    if (!stored) {
      const id = newId();
      await tx.nextActionCap.create({ data: { workspaceId, id, ...cap, createdAt: now, updatedAt: now } });
      return { id, outcome: 'CREATED' };
    }
    const { id } = stored;
    if (!differs(cap, stored)) return { id, outcome: 'NOOP' };
    await tx.nextActionCap.update({
      where: { workspaceId_id: { workspaceId, id } },
      data: { ...cap, updatedAt: now },
    });
    return { id, outcome: 'UPDATED' };
  });
}
