import type { PreferenceModel } from '../db/generated/prisma/models.ts';
import { isProposal } from './in-force.ts';

/** Outcome for a new value, and the values of its key that it ends. */
export type Succession = {
  status: 'ACTIVE' | 'SUPERSEDED';
  endedAt: Date | null;
  ends: { id: string; endedAt: Date }[];
};

type Value = Pick<PreferenceModel, 'origin' | 'validFrom'>;

/**
 * Places a new value among the values of its key. Values in force now and later follow one another without overlap, and
 * only the last one has no end. The new value ends the one before it, and ends itself when the next one begins.
 * Scheduled values of weaker origin are superseded. A confirmed value always wins over the one before it.
 */
export function succession(value: Value, stored: PreferenceModel[], now: Date, isConfirmed = false): Succession {
  const from = value.validFrom;
  const at = latest(from, now);
  const open = openValues(stored, now);
  const before = open.findLast(({ validFrom }) => validFrom <= at);
  if (before && !isConfirmed && !takesPrecedence(value, before, at)) {
    // The new value was in force at most until the stronger or newer value began.
    return { status: 'SUPERSEDED', endedAt: from > now ? now : latest(from, before.validFrom), ends: [] };
  }
  const later = open.filter(({ validFrom }) => validFrom > at);
  const successor = later.find(({ origin }) => strength[origin] >= strength[value.origin]);
  const weaker = successor ? later.slice(0, later.indexOf(successor)) : later;
  // A value that never takes effect ends now, so that nothing remains of it in the future.
  const endOfBefore = before && before.validFrom < from ? from : earliest(from, now);
  return {
    status: successor ? 'SUPERSEDED' : 'ACTIVE',
    endedAt: successor?.validFrom ?? null,
    ends: [
      ...(before ? [{ id: before.id, endedAt: endOfBefore }] : []),
      ...weaker.map(({ id }) => ({ id, endedAt: now })),
    ],
  };
}

/** Returns the values of a key that are in force, scheduled, or expired without a replacement, by `validFrom`. */
export function openValues(stored: PreferenceModel[], now: Date): PreferenceModel[] {
  return stored
    .filter(({ status, endedAt }) => !isProposal(status) && (endedAt === null || endedAt > now))
    .sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime());
}

const strength = { STATED: 3, OBSERVED: 2, INFERRED: 1 };

// Stated beats observed, observed beats inferred. Within one origin, the newer value wins. An expired value loses.
function takesPrecedence(value: Value, before: PreferenceModel, at: Date): boolean {
  if (before.validUntil && before.validUntil <= at) return true;
  const advantage = strength[value.origin] - strength[before.origin];
  return advantage > 0 || (advantage === 0 && value.validFrom >= before.validFrom);
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function earliest(a: Date, b: Date): Date {
  return a < b ? a : b;
}
