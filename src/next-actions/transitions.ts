import * as z from 'zod';
import type { Db } from '../db/database.ts';
import { entityKey } from '../db/entity-keys.ts';
import { NextActionStatus } from '../db/generated/prisma/enums.ts';
import { transact } from '../db/write/transact.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { parseInput, pastInstant, text } from '../lib/fields.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../lib/versions.ts';
import { type Block, blocks, blocksOf, readBlockFacts } from './blocks.ts';
import { noNextAction, readNextAction } from './stored-next-action.ts';

const transition = z.strictObject({
  key: entityKey('NextAction'),
  status: z.enum(NextActionStatus),
  reason: text(1_000).nullish(),
  at: pastInstant().nullish(),
  expectedVersion,
});

/** Statuses that may follow each status. */
const following: Record<NextActionStatus, NextActionStatus[]> = {
  SUGGESTED: ['APPROVED', 'DISMISSED'],
  APPROVED: ['OFFERED', 'DISMISSED'],
  OFFERED: ['REDEEMED', 'DISMISSED'],
  REDEEMED: [],
  DISMISSED: [],
};

// The column with the time of each status.
const timeColumns = {
  SUGGESTED: 'suggestedAt',
  APPROVED: 'approvedAt',
  OFFERED: 'offeredAt',
  REDEEMED: 'redeemedAt',
  DISMISSED: 'dismissedAt',
} as const;

// An approval may be given at night. Only an offer reaches the customer.
const blocking: Partial<Record<NextActionStatus, Block[]>> = {
  APPROVED: ['NO_CONSENT', 'OPEN_COMPLAINT', 'CAP_REACHED'],
  OFFERED: ['NO_CONSENT', 'OPEN_COMPLAINT', 'CAP_REACHED', 'QUIET_HOURS'],
};

/**
 * Moves a gesture to its next status. Returns NOOP if it has the status, and fails with CONFLICT for any other status that
 * does not follow, or if the gesture is blocked.
 */
export async function updateNextActionStatus(db: Db, input: unknown): Promise<UpsertResult> {
  const { key, status, reason, at, expectedVersion: expected } = parseInput(transition, input);
  if (reason && status !== 'DISMISSED') throw invalid('Only DISMISSED takes a `reason`. Omit it.', 'reason');
  return transact(db, async (tx) => {
    const stored = await readNextAction(tx, key);
    if (!stored) throw noNextAction();
    checkVersion(expected, stored);
    const { id } = stored;
    if (stored.status === status) return { id, outcome: 'NOOP' };
    const next = following[stored.status];
    if (!next.includes(status)) {
      const remedy = next.length > 0 ? `Send ${next.join(' or ')}.` : 'Suggest another one instead.';
      throw new DomainError('CONFLICT', `A gesture that is ${stored.status} cannot become ${status}. ${remedy}`, {
        field: ['status'],
      });
    }
    const now = new Date();
    const facts = blocking[status] ? await readBlockFacts(tx, id) : null;
    const blocked = facts && blocksOf(facts, now).find(({ block }) => blocking[status]?.includes(block));
    if (blocked) throw blockedError(blocked.block, blocked.nextAllowedAt);
    const changedAt = at ?? now;
    if (changedAt < (stored[timeColumns[stored.status]] ?? stored.suggestedAt))
      throw invalid(`Must not be before the gesture became ${stored.status}.`, 'at');
    const dismissal = status === 'DISMISSED' ? { dismissReason: reason ?? null } : {};
    const data = { status, [timeColumns[status]]: changedAt, ...dismissal, updatedAt: now };
    await tx.nextAction.update({ where: { workspaceId_id: { workspaceId: tx.workspaceId, id } }, data });
    return { id, outcome: 'UPDATED' };
  });
}

const remedies: Record<Block, (nextAllowedAt: string | null) => string> = {
  NO_CONSENT: () => 'Ask for consent first, or dismiss the gesture.',
  OPEN_COMPLAINT: () => 'Resolve the complaint first.',
  CAP_REACHED: () => 'Suggest one that costs less, or wait until the period is over.',
  QUIET_HOURS: (nextAllowedAt) =>
    nextAllowedAt ? `Offer it at ${nextAllowedAt} or later.` : 'Set the `timezone` of the customer.',
};

function blockedError(block: Block, nextAllowedAt: string | null): DomainError {
  return new DomainError('CONFLICT', `${blocks[block]} ${remedies[block](nextAllowedAt)}`, {
    field: ['status'],
    refusal: block,
    ...(nextAllowedAt && { nextAllowedAt }),
  });
}
