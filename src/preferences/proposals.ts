import * as z from 'zod';
import { erasedError } from '../customers/identity/erased-keys.ts';
import { erasedAmong } from '../customers/identity/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import type { PreferenceModel } from '../db/generated/prisma/models.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { DomainError } from '../lib/errors.ts';
import { idOf, parseInput } from '../lib/fields.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { change, endAll, openProposals, readHistory, settle } from './history.ts';
import { succession } from './succession.ts';

const decisionInput = z.strictObject({ id: idOf('Preference') });

/**
 * Puts a proposal into force from now on, replaces any value in force, and settles the other proposals for its key. A
 * proposal for a later time is only scheduled. Returns NOOP if it was already confirmed.
 */
export function confirmPreference(db: Db, input: unknown): Promise<UpsertResult> {
  return decide(db, input, async (tx, proposal, now) => {
    if (proposal.status === 'REJECTED')
      throw conflict('This proposal was rejected. Use `setPreference` to record its value.');
    if (proposal.status !== 'PROPOSED') return 'NOOP';
    if (proposal.validUntil && proposal.validUntil <= now)
      throw conflict('This proposal has expired. Use `setPreference` with a later `validUntil`.');
    const history = await readHistory(tx, proposal.customerId, proposal.key);
    const validFrom = proposal.validFrom > now ? proposal.validFrom : now;
    const next = succession({ origin: proposal.origin, validFrom }, history, now, true);
    await endAll(tx, next);
    if (validFrom === now) await settle(tx, openProposals(history, now, proposal.id), proposal, now);
    await change(tx, proposal.id, { status: next.status, endedAt: next.endedAt, validFrom });
    return 'UPDATED';
  });
}

/** Rejects a proposal. Returns NOOP if it was already rejected. Fails with CONFLICT if it was confirmed. */
export function rejectPreference(db: Db, input: unknown): Promise<UpsertResult> {
  return decide(db, input, async (tx, proposal, now) => {
    if (proposal.status === 'REJECTED') return 'NOOP';
    if (proposal.status !== 'PROPOSED')
      throw conflict('This preference is not an open proposal. Use `retractPreference` to end a value in force.');
    await change(tx, proposal.id, { status: 'REJECTED', endedAt: now });
    return 'UPDATED';
  });
}

type Decide = (tx: Tx, proposal: PreferenceModel, now: Date) => Promise<UpsertResult['outcome']>;

async function decide(db: Db, input: unknown, write: Decide): Promise<UpsertResult> {
  const { id } = parseInput(decisionInput, input);
  return transact(db, async (tx) => {
    const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
    const found = await tx.preference.findUnique({ where, select: { customerId: true } });
    if (!found) throw noPreference();
    // Every write of preferences locks the customer first, so the row must be read after taking that lock.
    await lockRows(tx, 'Customer', [found.customerId]);
    if ((await erasedAmong(tx, [found.customerId])).size > 0) throw erasedError('id');
    const proposal = await tx.preference.findUnique({ where });
    if (!proposal) throw noPreference();
    return { id, outcome: await write(tx, proposal, new Date()) };
  });
}

function noPreference(): DomainError {
  return new DomainError('NOT_FOUND', 'No preference has this ID.', { field: ['id'] });
}

function conflict(message: string): DomainError {
  return new DomainError('CONFLICT', message, { field: ['id'] });
}
