import * as z from 'zod';
import { erasedError } from '../customers/identity/erased-keys.ts';
import { erasedAmong } from '../customers/identity/keys.ts';
import type { Db } from '../db/database.ts';
import { ActorKind } from '../db/generated/prisma/enums.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { idOf, name, parseInput, pastInstant } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';

const acknowledgement = z.strictObject({
  id: idOf('CaseHandoff'),
  byKind: z.enum(ActorKind),
  byName: name(),
  acknowledgedAt: pastInstant().nullish(),
});

/**
 * Acknowledges a hand-off. Returns NOOP if the same actor acknowledged it before, and fails with CONFLICT if someone else
 * did.
 */
export async function acknowledgeHandoff(db: Db, input: unknown): Promise<UpsertResult> {
  const { id, byKind, byName, acknowledgedAt } = parseInput(acknowledgement, input);
  return transact(db, async (tx) => {
    const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
    await lockRows(tx, 'CaseHandoff', [id]);
    const handoff = await tx.caseHandoff.findUnique({ where });
    if (!handoff) throw new DomainError('NOT_FOUND', 'No hand-off has this ID.', { field: ['id'] });
    const { customerId, occurredAt } = handoff;
    if (customerId && (await erasedAmong(tx, [customerId])).size > 0) throw erasedError('id');
    if (handoff.acknowledgedAt) {
      if (handoff.acknowledgedByKind === byKind && handoff.acknowledgedByName === byName)
        return { id, outcome: 'NOOP' };
      throw new DomainError(
        'CONFLICT',
        'Someone else acknowledged this hand-off. To take the case over from them, record a new hand-off.',
        { field: ['id'], conflictingId: encodeId('CaseHandoff', id) },
      );
    }
    if (acknowledgedAt && acknowledgedAt < occurredAt)
      throw invalid('Must not be before the hand-off. Send the time of the acknowledgement.', 'acknowledgedAt');
    const data = {
      acknowledgedAt: acknowledgedAt ?? new Date(),
      acknowledgedByKind: byKind,
      acknowledgedByName: byName,
    };
    await tx.caseHandoff.update({ where, data });
    return { id, outcome: 'UPDATED' };
  });
}
