import type { Tx } from '../db/database.ts';
import type { PreferenceModel, PreferenceUncheckedUpdateInput } from '../db/generated/prisma/models.ts';
import type { Succession } from './succession.ts';
import { isSameValue, type PreferenceValue } from './values.ts';

/** Reads a customer's preferences for one key, latest record first. The caller must have locked the customer. */
export function readHistory(tx: Tx, customerId: string, key: string): Promise<PreferenceModel[]> {
  return tx.preference.findMany({
    where: { workspaceId: tx.workspaceId, customerId, key },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
}

export async function change(tx: Tx, id: string, data: PreferenceUncheckedUpdateInput): Promise<void> {
  await tx.preference.update({ where: { workspaceId_id: { workspaceId: tx.workspaceId, id } }, data });
}

/** Ends the values that a new one supersedes. Runs before that is written: only one value per key has no end. */
export async function endAll(tx: Tx, { ends }: Succession): Promise<void> {
  for (const { id, endedAt } of ends) await change(tx, id, { status: 'SUPERSEDED', endedAt });
}

/** Returns the open proposals that a decision at this time may settle. */
export function openProposals(history: PreferenceModel[], at: Date, except?: string): PreferenceModel[] {
  return history.filter(({ id, status, validFrom }) => status === 'PROPOSED' && validFrom <= at && id !== except);
}

/** Settles proposals by a value: proposals of the same value are superseded, the others rejected. */
export async function settle(tx: Tx, proposals: PreferenceModel[], value: Value, now: Date): Promise<void> {
  for (const proposal of proposals) {
    const isSame = isSameValue(proposal, value) && proposal.doNotUse === value.doNotUse;
    await change(
      tx,
      proposal.id,
      isSame ? { status: 'SUPERSEDED', endedAt: proposal.validFrom } : { status: 'REJECTED', endedAt: now },
    );
  }
}

type Value = PreferenceValue & { doNotUse: boolean };
