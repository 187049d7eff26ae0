import { instantOf, localAt } from '../lib/zoned-time.ts';

export type Decision = { channel: string; purpose: string; status: string; expiresAt: string | null };

export type Quiet = { from: string; until: string } | null;

export type ContactReason = keyof typeof contactReasons;

export const contactReasons = {
  ALLOWED: 'Nothing speaks against it.',
  QUIET_HOURS: 'It is one of their quiet hours.',
  NO_CONSENT: 'They refused it or took it back; marketing needs a yes.',
  NO_TIME_ZONE: 'They have quiet hours, and nobody knows where their clock stands.',
} as const;

/** Whether they may be contacted, and if not now, when. */
export type Permission = { isAllowedNow: boolean; nextAllowedAt: string | null; reason: ContactReason };

// What consent a purpose needs. Marketing needs a yes, the others that there is no no.
const consentOf: Record<string, string> = {
  SUPPORT: 'SERVICE',
  ORDER_FULFILMENT: 'SERVICE',
  PERSONALISATION: 'PERSONALISATION',
  MARKETING: 'MARKETING',
  ANALYTICS: 'SURVEY',
};

/** Whether what they decided lets this purpose be, by this channel or any. */
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
  quiet: Quiet,
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

/** When the quiet hours that it is in end; null where it is in none. */
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
