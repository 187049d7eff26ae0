import type { ConsentEventModel } from '../db/generated/prisma/models.ts';
import { clockSkewMs } from '../lib/fields.ts';

// Which decision of a customer about one channel and purpose holds. A decision counts from when it was captured, and never
// later than when it was recorded: so a withdrawal wins over every consent recorded before it, even one dated later.
// Versions up to 0.1.0 recorded consents dated in the future. Those count for nothing once there is another decision.

type Decision = Pick<ConsentEventModel, 'id' | 'status' | 'capturedAt' | 'createdAt'>;

/** Since when a decision counts. */
export function effectiveAt({ capturedAt, createdAt }: Pick<Decision, 'capturedAt' | 'createdAt'>): Date {
  return capturedAt < createdAt ? capturedAt : createdAt;
}

/** The decision that holds, with the instant from which it does as `capturedAt`. There is at least one. */
export function decisionHeld<Event extends Decision>(events: Event[]): Event {
  const [first, ...rest] = events;
  if (!first) throw new Error('There is no decision.');
  const held = rest.reduce((best, each) => (isAfter(each, best) ? each : best), first);
  return isMisdated(held) ? held : { ...held, capturedAt: effectiveAt(held) };
}

// At one instant a withdrawal wins, then what was recorded last.
function isAfter(a: Decision, b: Decision): boolean {
  const order = (event: Decision) => [
    isMisdated(event) ? 0 : 1,
    effectiveAt(event).getTime(),
    event.status === 'GRANTED' ? 0 : 1,
    event.createdAt.getTime(),
    event.id,
  ];
  const [ofA, ofB] = [order(a), order(b)];
  const i = ofA.findIndex((value, place) => value !== ofB[place]);
  return i >= 0 && (ofA[i] ?? 0) > (ofB[i] ?? 0);
}

function isMisdated({ status, capturedAt, createdAt }: Decision): boolean {
  return status === 'GRANTED' && capturedAt.getTime() > createdAt.getTime() + clockSkewMs;
}

/** The same rule in SQL, for decisions with this alias: since when one counts, and an order that puts the one held first. */
export function decisionsSql(alias: string): { heldFrom: string; order: string } {
  const column = (name: string) => `${alias}."${name}"`;
  const effective = `least(${column('capturedAt')}, ${column('createdAt')})`;
  const misdated = `(${column('status')} = 'GRANTED' AND ${column('capturedAt')} > ${column('createdAt')} + interval '${clockSkewMs} ms')`;
  return {
    heldFrom: `CASE WHEN ${misdated} THEN ${column('capturedAt')} ELSE ${effective} END`,
    order: `${misdated}, ${effective} DESC, ${column('status')} = 'GRANTED', ${column('createdAt')} DESC, ${column('id')} DESC`,
  };
}
