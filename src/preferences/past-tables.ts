import { ifPast, type PastTables, rowsUntil, withOverrides } from '../db/past-rows.ts';
import { decisionsSql } from './consents/decisions.ts';

const decisions = decisionsSql('e', 'a."at"');

/** Preferences and consents at a past instant. */
export const pastTables: PastTables = {
  Preference: withOverrides('Preference', rowsUntil('Preference', 'validFrom'), { endedAt: ifPast('endedAt') }),
  // The decision in force, under the ID of the `Consent` row.
  Consent: `SELECT DISTINCT ON (e."channel", e."purpose") e."workspaceId", e."customerId", n."id", e."channel", e."purpose", e."status",
      e."source", e."evidence", ${decisions.heldFrom} AS "capturedAt", e."expiresAt" FROM asked a JOIN "ConsentEvent" e USING ("workspaceId", "customerId")
    JOIN "Consent" n USING ("workspaceId", "customerId", "channel", "purpose") WHERE ${decisions.heldFrom} <= a."at"
    ORDER BY e."channel", e."purpose", ${decisions.order}`,
};
