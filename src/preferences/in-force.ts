import { PreferenceStatus } from '../db/generated/prisma/enums.ts';
import type { PreferenceModel, PreferenceWhereInput } from '../db/generated/prisma/models.ts';

// A preference is in force from `validFrom` until `endedAt` or `validUntil`, whichever comes first. The stored status
// is the final status of the row, and the clock decides until then. So a scheduled value comes into force without a
// write.

/** State of a preference at a point in time. */
export type PreferenceState = PreferenceStatus | 'SCHEDULED' | 'EXPIRED';

/** All states. A preference is in exactly one of them at any time. */
export const preferenceStates: PreferenceState[] = [...Object.values(PreferenceStatus), 'SCHEDULED', 'EXPIRED'];

type Timed = Pick<PreferenceModel, 'status' | 'validFrom' | 'validUntil' | 'endedAt'>;

export function stateAt({ status, validFrom, validUntil, endedAt }: Timed, at: Date): PreferenceState {
  if (isProposal(status) || (endedAt && endedAt <= at)) return status;
  if (validFrom > at) return 'SCHEDULED';
  return validUntil && validUntil <= at ? 'EXPIRED' : 'ACTIVE';
}

/** Returns the same rule as a condition on the table. */
export function whereState(state: PreferenceState, at: Date): PreferenceWhereInput {
  const hasNotEnded = { status: { in: accepted }, OR: [{ endedAt: null }, { endedAt: { gt: at } }] };
  const hasBegun = { validFrom: { lte: at } };
  switch (state) {
    case 'ACTIVE':
      return { AND: [hasNotEnded, hasBegun, { OR: [{ validUntil: null }, { validUntil: { gt: at } }] }] };
    case 'EXPIRED':
      return { AND: [hasNotEnded, hasBegun, { validUntil: { lte: at } }] };
    case 'SCHEDULED':
      return { AND: [hasNotEnded, { validFrom: { gt: at } }] };
    case 'SUPERSEDED':
    case 'RETRACTED':
      return { status: state, endedAt: { lte: at } };
    default:
      return { status: state };
  }
}

/** Returns ACTIVE as an SQL condition on a preference with this alias. The caller must check `validFrom`. */
export function inForceSql(alias: string, at: string): string {
  return `${alias}."status" IN (${accepted.map((status) => `'${status}'`).join(', ')})
   AND (${alias}."endedAt" IS NULL OR ${alias}."endedAt" > ${at}) AND (${alias}."validUntil" IS NULL OR ${alias}."validUntil" > ${at})`;
}

export function isProposal(status: PreferenceStatus): boolean {
  return !accepted.includes(status);
}

const accepted: PreferenceStatus[] = ['ACTIVE', 'SUPERSEDED', 'RETRACTED'];
