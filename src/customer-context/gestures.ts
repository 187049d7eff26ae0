import { localAt, startOfDay } from '../lib/zoned-time.ts';
import { type Decision, hasConsent, permissionOf, type Quiet } from './contact.ts';

export const gestureKinds = {
  THANK_YOU: 'Thank them for a purchase of the last two weeks.',
  BIRTHDAY: 'It is their birthday where they are; of 29 February, on the 28th in other years.',
  FOLLOW_UP: 'Ask whether what was resolved in the last month still holds.',
  WIN_BACK: 'They are overdue by their own rhythm.',
  APOLOGY: 'A promise was broken, or is past due.',
} as const;

export type GestureKind = keyof typeof gestureKinds;

export const suppressions = {
  NO_CONSENT: 'What they decided does not let it be.',
  OPEN_COMPLAINT: 'They have a complaint that nobody has resolved.',
  QUIET_HOURS: 'It is one of their quiet hours, or nobody knows.',
  TOO_RECENT: 'We have spoken to them since.',
  WITHHELD: 'Something that is not shown for this purpose.',
} as const;

export type Suppression = keyof typeof suppressions;

/** What a gesture rests on: rows by their type and UUID. */
export type Ground = { type: 'Order' | 'Case' | 'Customer'; id: string };

export type Gesture = {
  kind: GestureKind;
  /** Since when. */
  since: string;
  suppressedBy: Suppression | null;
  grounds: Ground[];
};

/** What is known of somebody that gestures follow from. */
export type Known = {
  customerId: string;
  timezone: string | null;
  birthMonth: number | null;
  birthDay: number | null;
  quiet: Quiet;
  decisions: Decision[];
  lastOutboundAt: string | null;
  hasOpenComplaint: boolean;
  lastOrder: { id: string; placedAt: string } | null;
  resolvedCase: { id: string; resolvedAt: string } | null;
  brokenPromise: { id: string; dueAt: string } | null;
  overdueSince: string | null;
};

const dayMs = 86_400_000;

/** Those that may be seen by who sells: of what was said and complained of they learn nothing. */
export function forMarketing(gestures: Gesture[]): Gesture[] {
  return gestures
    .filter(({ kind }) => kind !== 'APOLOGY' && kind !== 'FOLLOW_UP')
    .map((gesture) => {
      const isTelling = gesture.suppressedBy === 'OPEN_COMPLAINT' || gesture.suppressedBy === 'TOO_RECENT';
      return isTelling ? { ...gesture, suppressedBy: 'WITHHELD' } : gesture;
    });
}

/** Every gesture that is due, each with what it rests on; suppressed ones with the reason. */
export function gesturesOf(known: Known, channel: string | null, now: Date): Gesture[] {
  const { lastOrder, resolvedCase, brokenPromise, overdueSince, customerId } = known;
  const isWithin = (at: string, days: number) => {
    const age = now.getTime() - Date.parse(at);
    return age >= 0 && age <= days * dayMs;
  };
  const due: Omit<Gesture, 'suppressedBy'>[] = [];
  if (brokenPromise)
    due.push({ kind: 'APOLOGY', since: brokenPromise.dueAt, grounds: [{ type: 'Case', id: brokenPromise.id }] });
  if (resolvedCase && isWithin(resolvedCase.resolvedAt, 30))
    due.push({ kind: 'FOLLOW_UP', since: resolvedCase.resolvedAt, grounds: [{ type: 'Case', id: resolvedCase.id }] });
  if (lastOrder && isWithin(lastOrder.placedAt, 14))
    due.push({ kind: 'THANK_YOU', since: lastOrder.placedAt, grounds: [{ type: 'Order', id: lastOrder.id }] });
  const birthday = birthdayOf(known, now);
  if (birthday) due.push({ kind: 'BIRTHDAY', since: birthday, grounds: [{ type: 'Customer', id: customerId }] });
  if (overdueSince && lastOrder)
    due.push({ kind: 'WIN_BACK', since: overdueSince, grounds: [{ type: 'Order', id: lastOrder.id }] });
  return due.map((gesture) => ({ ...gesture, suppressedBy: suppressionOf(gesture, known, channel, now) }));
}

// What each is for, in the words of consents.
const purposes: Record<GestureKind, string> = {
  THANK_YOU: 'SUPPORT',
  BIRTHDAY: 'PERSONALISATION',
  FOLLOW_UP: 'SUPPORT',
  WIN_BACK: 'MARKETING',
  APOLOGY: 'SUPPORT',
};

function suppressionOf(
  { kind, since }: Omit<Gesture, 'suppressedBy'>,
  { decisions, quiet, timezone, hasOpenComplaint, lastOutboundAt }: Known,
  channel: string | null,
  now: Date,
): Suppression | null {
  if (!hasConsent(decisions, purposes[kind], channel, now)) return 'NO_CONSENT';
  if (hasOpenComplaint && kind !== 'APOLOGY' && kind !== 'FOLLOW_UP') return 'OPEN_COMPLAINT';
  if (lastOutboundAt && Date.parse(lastOutboundAt) >= Date.parse(since)) return 'TOO_RECENT';
  const { isAllowedNow } = permissionOf(decisions, quiet, timezone, purposes[kind], channel, now);
  return isAllowedNow ? null : 'QUIET_HOURS';
}

// The start of their birthday where it is today where they are; null on any other day.
function birthdayOf({ birthMonth, birthDay, timezone }: Known, now: Date): string | null {
  if (birthMonth === null || birthDay === null) return null;
  const today = localAt(now, timezone ?? 'UTC');
  const [year = 0, month, day] = today.slice(0, 10).split('-').map(Number);
  const isLeapYear = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  const dayThisYear = birthMonth === 2 && birthDay === 29 && !isLeapYear ? 28 : birthDay;
  if (month !== birthMonth || day !== dayThisYear) return null;
  return startOfDay(today.slice(0, 10), timezone ?? 'UTC')?.toISOString() ?? null;
}
