import type { ConsentEventModel } from '../../db/generated/prisma/models.ts';
import { clockSkewMs } from '../../lib/fields.ts';

// Finds the decision of a customer that is in force for one channel and purpose. A decision counts from when it was
// captured, but at the latest from when it was recorded. So a withdrawal wins over all consent recorded before it, even
// if dated later. Clocks differ. A withdrawal also wins over consent recorded before it that seems slightly later, up
// to the clock skew: it takes that consent's place in the order. Versions up to 0.1.0 recorded consent dated in the
// future. It is ignored once there is another decision.

type Decision = Pick<ConsentEventModel, 'id' | 'status' | 'capturedAt' | 'createdAt'>;

/** Returns the time from which a decision counts. */
export function effectiveAt({ capturedAt, createdAt }: Pick<Decision, 'capturedAt' | 'createdAt'>): Date {
  return capturedAt < createdAt ? capturedAt : createdAt;
}

/** Returns the decision in force, with the time from which it counts as `capturedAt`. Needs at least one event. */
export function decisionHeld<Event extends Decision>(events: Event[]): Event {
  const ranked = events.map((event) => ({ event, rank: rankOf(event, events) }));
  const [first, ...rest] = ranked;
  if (!first) throw new Error('Cannot find the decision in force: there are no events.');
  const { event: held } = rest.reduce((best, each) => (isAfter(each.rank, best.rank) ? each : best), first);
  return isMisdated(held) ? held : { ...held, capturedAt: effectiveAt(held) };
}

type Rank = (number | string)[];

// At the same time, a withdrawal wins, and then the latest record.
function rankOf(event: Decision, all: Decision[]): Rank {
  return [
    isMisdated(event) ? 0 : 1,
    placeOf(event, all),
    event.status === 'GRANTED' ? 0 : 1,
    event.createdAt.getTime(),
    event.id,
  ];
}

function placeOf(event: Decision, all: Decision[]): number {
  const own = effectiveAt(event).getTime();
  if (event.status === 'GRANTED') return own;
  const withdrawn = all
    .filter((each) => each.status === 'GRANTED' && !isMisdated(each) && isAfter(recordOf(event), recordOf(each)))
    .map((each) => effectiveAt(each).getTime())
    .filter((at) => at <= own + clockSkewMs);
  return Math.max(own, ...withdrawn);
}

function recordOf({ createdAt, id }: Decision): Rank {
  return [createdAt.getTime(), id];
}

function isAfter(a: Rank, b: Rank): boolean {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i >= 0 && (a[i] ?? 0) > (b[i] ?? 0);
}

function isMisdated({ status, capturedAt, createdAt }: Decision): boolean {
  return status === 'GRANTED' && capturedAt.getTime() > createdAt.getTime() + clockSkewMs;
}

const skew = `interval '${clockSkewMs} ms'`;

function timesOf(alias: string) {
  const effective = `least(${alias}."capturedAt", ${alias}."createdAt")`;
  const misdated = `(${alias}."status" = 'GRANTED' AND ${alias}."capturedAt" > ${alias}."createdAt" + ${skew})`;
  return { effective, misdated };
}

/**
 * Returns the same rule in SQL for decisions with this alias: the time from which one counts, and an order that puts
 * the decision in force first. With an instant, the order only considers decisions that count by then.
 */
export function decisionsSql(alias: string, at = `'infinity'::timestamptz`): { heldFrom: string; order: string } {
  const { effective, misdated } = timesOf(alias);
  const granted = timesOf('granted');
  const withdrawn = `(SELECT max(${granted.effective}) FROM "ConsentEvent" granted
    WHERE ${alias}."status" <> 'GRANTED' AND granted."status" = 'GRANTED' AND NOT ${granted.misdated}
      AND (granted."workspaceId", granted."customerId", granted."channel", granted."purpose")
        = (${alias}."workspaceId", ${alias}."customerId", ${alias}."channel", ${alias}."purpose")
      AND (granted."createdAt", granted."id") < (${alias}."createdAt", ${alias}."id")
      AND ${granted.effective} <= least(${effective} + ${skew}, ${at}))`;
  return {
    heldFrom: `CASE WHEN ${misdated} THEN ${alias}."capturedAt" ELSE ${effective} END`,
    order: `${misdated}, greatest(${effective}, ${withdrawn}) DESC, ${alias}."status" = 'GRANTED', ${alias}."createdAt" DESC, ${alias}."id" DESC`,
  };
}
