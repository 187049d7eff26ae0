import type { FactRule } from '../db/fact-rule.ts';
import type { FollowUpStatus } from '../db/generated/prisma/enums.ts';
import type { FollowUpModel } from '../db/generated/prisma/models.ts';

/** Returns the status to store. It changes with the row only, so an open row stays open when it is due. */
export function storedStatus(dueAt: Date, completedAt: Date | null, canceledAt: Date | null): FollowUpStatus {
  if (canceledAt) return 'CANCELED';
  if (!completedAt) return 'OPEN';
  return completedAt <= dueAt ? 'KEPT' : 'BROKEN';
}

/** Returns the status at a time. What is still open after its due time is broken. */
export function statusAt({ status, dueAt }: Pick<FollowUpModel, 'status' | 'dueAt'>, at: Date): FollowUpStatus {
  return status === 'OPEN' && dueAt < at ? 'BROKEN' : status;
}

/** Explains the status of a follow-up by its times. */
export const followUpRule: FactRule<FollowUpModel> = {
  method:
    'Compares the due time with the time of completion, or with now. Completed by the due time is KEPT, and later or ' +
    'not yet is BROKEN.',
  status: (row) => statusAt(row, new Date()),
  inputs: async () => [],
};
