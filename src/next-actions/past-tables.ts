import { ifPast, type PastTables, rowsUntil, withOverrides } from '../db/past-rows.ts';

/** Gestures at a past instant, by the times of their statuses. */
export const pastTables: PastTables = {
  NextAction: withOverrides('NextAction', rowsUntil('NextAction', 'suggestedAt'), {
    status: `CASE WHEN t."dismissedAt" <= a."at" THEN 'DISMISSED' WHEN t."redeemedAt" <= a."at" THEN 'REDEEMED'
      WHEN t."offeredAt" <= a."at" THEN 'OFFERED' WHEN t."approvedAt" <= a."at" THEN 'APPROVED' ELSE 'SUGGESTED' END`,
    approvedAt: ifPast('approvedAt'),
    offeredAt: ifPast('offeredAt'),
    redeemedAt: ifPast('redeemedAt'),
    dismissedAt: ifPast('dismissedAt'),
    dismissReason: `CASE WHEN t."dismissedAt" <= a."at" THEN t."dismissReason" END`,
  }),
};
