import { instantOf, localAt } from '../zoned-time.ts';

export type Decision = { channel: string; purpose: string; status: string; expiresAt: string | null };

export type QuietHoursValue = { from: string; until: string } | null;

/** What decides whether a customer may be contacted, as JSON from the database. */
export type ContactFacts = { timezone: string | null; quiet: QuietHoursValue; decisions: Decision[] };

export type ContactReason = keyof typeof contactReasons;

export const contactReasons = {
  ALLOWED: 'Neither consent nor quiet hours prevent contact.',
  QUIET_HOURS: 'Current time falls within the customer’s quiet hours.',
  NO_CONSENT: 'Consent was refused or withdrawn or, for marketing, never granted.',
  NO_TIME_ZONE: 'Quiet hours are set, but the customer’s time zone is unknown.',
} as const;

/** Permission to contact a customer: whether it is allowed now and, if not, when. */
export type Permission = { isAllowedNow: boolean; nextAllowedAt: string | null; reason: ContactReason };

// The consent that each purpose depends on. Marketing requires granted consent. The others only require no refusal.
const consentOf: Record<string, string> = {
  SUPPORT: 'SERVICE',
  ORDER_FULFILMENT: 'SERVICE',
  PERSONALISATION: 'PERSONALISATION',
  MARKETING: 'MARKETING',
  ANALYTICS: 'SURVEY',
};

/** Checks whether the customer's decisions allow a purpose on this channel, or on any channel if it is null. */
export function hasConsent(decisions: Decision[], purpose: string, channel: string | null, now: Date): boolean {
  const needed = consentOf[purpose] ?? purpose;
  const valid = decisions.filter(
    (each) =>
      each.purpose === needed &&
      (channel === null || each.channel === channel) &&
      (each.expiresAt === null || Date.parse(each.expiresAt) > now.getTime()),
  );
  const isGranted = valid.some(({ status }) => status === 'GRANTED');
  if (needed === 'MARKETING') return isGranted;
  return isGranted || !valid.some(({ status }) => status !== 'GRANTED');
}

export function permissionOf(
  decisions: Decision[],
  quiet: QuietHoursValue,
  timezone: string | null,
  purpose: string,
  channel: string | null,
  now: Date,
): Permission {
  if (!hasConsent(decisions, purpose, channel, now))
    return { isAllowedNow: false, nextAllowedAt: null, reason: 'NO_CONSENT' };
  if (!quiet) return { isAllowedNow: true, nextAllowedAt: now.toISOString(), reason: 'ALLOWED' };
  if (!timezone) return { isAllowedNow: false, nextAllowedAt: null, reason: 'NO_TIME_ZONE' };
  const end = quietUntil(quiet, timezone, now);
  return end
    ? { isAllowedNow: false, nextAllowedAt: end.toISOString(), reason: 'QUIET_HOURS' }
    : { isAllowedNow: true, nextAllowedAt: now.toISOString(), reason: 'ALLOWED' };
}

/** Returns when the current quiet hours end. Null outside quiet hours. */
function quietUntil({ from, until }: { from: string; until: string }, timezone: string, now: Date): Date | null {
  const local = localAt(now, timezone);
  const [day, time] = [local.slice(0, 10), local.slice(11, 16)];
  const isOverMidnight = from > until;
  const isQuiet = isOverMidnight ? time >= from || time < until : time >= from && time < until;
  if (!isQuiet) return null;
  return instantOf(`${isOverMidnight && time >= from ? dayAfter(day) : day} ${until}:00`, timezone, now);
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
