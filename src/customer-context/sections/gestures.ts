import { type ContactFacts, hasConsent, permissionOf } from '../../lib/contact/contact-permission.ts';
import { type GestureKind, purposeOfGesture, waitsForComplaint } from '../../lib/gesture-kinds.ts';
import { localAt, startOfDay } from '../../lib/zoned-time.ts';

export const suppressions = {
  NO_CONSENT: 'Consent for the gesture is missing, refused or withdrawn.',
  OPEN_COMPLAINT: 'Unresolved complaint from the customer.',
  QUIET_HOURS: 'Quiet hours of the customer, or quiet hours in an unknown time zone.',
  TOO_RECENT: 'Outbound contact since the gesture became due.',
  WITHHELD: 'Reason withheld for this purpose.',
} as const;

export type Suppression = keyof typeof suppressions;

/** Row that a gesture is based on, by type and UUID. */
export type GestureSource = { type: 'Order' | 'Case' | 'FollowUp' | 'Customer'; id: string };

export type Gesture = {
  kind: GestureKind;
  /** When the gesture became due. */
  since: string;
  suppressedBy: Suppression | null;
  grounds: GestureSource[];
};

/** Latest next action of each kind, with its UUID. */
export type LedgerEntry = { id: string; kind: GestureKind; status: string; suggestedAt: string };

/** Returns the next action that was suggested for a gesture since it became due. */
export function ledgerEntryOf({ kind, since }: Gesture, ledger: LedgerEntry[]): LedgerEntry | null {
  const entry = ledger.find((each) => each.kind === kind);
  return entry && Date.parse(entry.suggestedAt) >= Date.parse(since) ? entry : null;
}

/** Data about a customer from which gestures are derived. */
export type CustomerFacts = ContactFacts & {
  customerId: string;
  birthMonth: number | null;
  birthDay: number | null;
  lastOutboundAt: string | null;
  hasOpenComplaint: boolean;
  lastOrder: { id: string; placedAt: string } | null;
  resolvedCase: { id: string; resolvedAt: string } | null;
  /** Latest promise that is broken and not yet kept. */
  brokenPromise: { type: 'Case' | 'FollowUp'; id: string; dueAt: string } | null;
  overdueSince: string | null;
};

const dayMs = 86_400_000;

/** Removes what marketing must not see: gestures and reasons that reveal conversations or complaints. */
export function forMarketing(gestures: Gesture[]): Gesture[] {
  return gestures
    .filter(({ kind }) => kind !== 'APOLOGY' && kind !== 'FOLLOW_UP')
    .map((gesture) => {
      const isTelling = gesture.suppressedBy === 'OPEN_COMPLAINT' || gesture.suppressedBy === 'TOO_RECENT';
      return isTelling ? { ...gesture, suppressedBy: 'WITHHELD' } : gesture;
    });
}

/** Returns every gesture that is due, with the rows it is based on and, if it is suppressed, the reason. */
export function gesturesOf(known: CustomerFacts, channel: string | null, now: Date): Gesture[] {
  const { lastOrder, resolvedCase, brokenPromise, overdueSince, customerId } = known;
  const isWithin = (at: string, days: number) => {
    const age = now.getTime() - Date.parse(at);
    return age >= 0 && age <= days * dayMs;
  };
  const due: Omit<Gesture, 'suppressedBy'>[] = [];
  if (brokenPromise) {
    const { type, id, dueAt } = brokenPromise;
    due.push({ kind: 'APOLOGY', since: dueAt, grounds: [{ type, id }] });
  }
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

function suppressionOf(
  { kind, since }: Omit<Gesture, 'suppressedBy'>,
  { decisions, quiet, timezone, hasOpenComplaint, lastOutboundAt }: CustomerFacts,
  channel: string | null,
  now: Date,
): Suppression | null {
  if (!hasConsent(decisions, purposeOfGesture[kind], channel, now)) return 'NO_CONSENT';
  if (hasOpenComplaint && waitsForComplaint(kind)) return 'OPEN_COMPLAINT';
  if (lastOutboundAt && Date.parse(lastOutboundAt) >= Date.parse(since)) return 'TOO_RECENT';
  const { isAllowedNow } = permissionOf(decisions, quiet, timezone, purposeOfGesture[kind], channel, now);
  return isAllowedNow ? null : 'QUIET_HOURS';
}

// The start of the customer's birthday in their time zone, or in UTC if it is unknown. Null on any other day.
function birthdayOf({ birthMonth, birthDay, timezone }: CustomerFacts, now: Date): string | null {
  if (birthMonth === null || birthDay === null) return null;
  const today = localAt(now, timezone ?? 'UTC');
  const [year = 0, month, day] = today.slice(0, 10).split('-').map(Number);
  const isLeapYear = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  const dayThisYear = birthMonth === 2 && birthDay === 29 && !isLeapYear ? 28 : birthDay;
  if (month !== birthMonth || day !== dayThisYear) return null;
  return startOfDay(today.slice(0, 10), timezone ?? 'UTC')?.toISOString() ?? null;
}
