import { type FactRule, maxInputs } from '../db/fact-rule.ts';
import type { ConsentModel, PreferenceModel } from '../db/generated/prisma/models.ts';
import { encodeId } from '../lib/ids.ts';
import { decisionsSql } from './consents/decisions.ts';
import { stateAt } from './in-force.ts';

/** Explains a consent by the decisions for its channel and purpose. */
export const consentRule: FactRule<ConsentModel> = {
  method:
    'Takes the latest decision for the channel and purpose. A withdrawal wins over consent at the same instant, ' +
    'and over consent dated later than it was recorded.',
  async inputs(db, { customerId, channel, purpose }) {
    const decisions = await db.read<{ id: string }>({
      text: `SELECT "id", "status", "capturedAt", "expiresAt" FROM "ConsentEvent" WHERE "workspaceId" = $1::uuid AND "customerId" = $2::uuid
        AND "channel" = $3::"InteractionChannel" AND "purpose" = $4::"ConsentPurpose" ORDER BY ${decisionsSql('"ConsentEvent"').order} LIMIT ${maxInputs}`,
      values: [db.workspaceId, customerId, channel, purpose],
    });
    return decisions.map(({ id, ...value }) => ({ name: 'decision', id: encodeId('ConsentEvent', id), value }));
  },
};

/** Explains a preference by the other values of its key. */
export const preferenceRule: FactRule<PreferenceModel> = {
  method:
    'Compares the values of the key that have started. STATED beats OBSERVED, and OBSERVED beats INFERRED. Within ' +
    'one origin, the newer value wins.',
  status: (row) => stateAt(row, new Date()),
  async inputs(db, { id, customerId, key }) {
    const others = await db.read<PreferenceModel>({
      text: `SELECT "id", "values", "origin", "status", "validFrom", "validUntil", "endedAt" FROM "Preference" WHERE "workspaceId" = $1::uuid AND "customerId" = $2::uuid
        AND "key" = $3 AND "id" <> $4::uuid ORDER BY "validFrom" DESC, "id" DESC LIMIT ${maxInputs}`,
      values: [db.workspaceId, customerId, key, id],
    });
    return others.map((other) => {
      const { id, values, origin, validFrom, endedAt } = other;
      const status = stateAt(other, new Date());
      return {
        name: 'preference',
        id: encodeId('Preference', id),
        value: { values, origin, validFrom, endedAt, status },
      };
    });
  },
};
