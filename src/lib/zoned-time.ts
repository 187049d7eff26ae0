import { LRUCache } from 'lru-cache';

const dayMs = 86_400_000;

/**
 * Returns the instant at which a clock in this zone shows `YYYY-MM-DD HH:MM:SS`. Null if the text is not a time. For an
 * hour that repeats because clocks go back, returns the first of the two instants that is not before `from`. For an
 * hour that clocks skip, returns the instant of the change.
 */
export function instantOf(local: string, timeZone: string, from?: Date): Date | null {
  const asUtc = Date.parse(`${local.replace(' ', 'T')}Z`);
  if (Number.isNaN(asUtc)) return null;
  const [before, after] = offsetsAround(Math.floor(asUtc / dayMs), timeZone);
  if (before === after) return new Date(asUtc - before);
  const instants = [asUtc - before, asUtc - after].filter((each) => each + offsetAt(each, timeZone) === asUtc);
  instants.sort((a, b) => a - b);
  if (instants.length === 0) return new Date(changeWithin(asUtc - after, asUtc - before, timeZone));
  const next = instants.find((each) => !from || each >= from.getTime()) ?? instants.at(-1);
  return next === undefined ? null : new Date(next);
}

// No zone is more than a day from UTC, and clocks do not change twice within three days.
function offsetsAround(day: number, timeZone: string): [before: number, after: number] {
  return [offsetAt((day - 1) * dayMs, timeZone), offsetAt((day + 2) * dayMs, timeZone)];
}

/** Returns the first instant of a day `YYYY-MM-DD` in this zone: midnight, unless clocks go forward at midnight. */
export function startOfDay(day: string, timeZone: string): Date | null {
  return instantOf(`${day} 00:00:00`, timeZone);
}

// Finds the time at which the clocks of a zone change, to the second.
function changeWithin(start: number, end: number, timeZone: string): number {
  const offset = offsetAt(start, timeZone);
  let [unchanged, changed] = [start, end];
  while (changed - unchanged > 1_000) {
    const middle = Math.floor((unchanged + changed) / 2_000) * 1_000;
    if (offsetAt(middle, timeZone) === offset) unchanged = middle;
    else changed = middle;
  }
  return changed;
}

/** Returns the local time in this zone at an instant, with its offset: `2026-11-24T13:05:00+01:00`. */
export function localAt(instant: Date, timeZone: string): string {
  const second = Math.floor(instant.getTime() / 1_000) * 1_000;
  const offset = offsetAt(second, timeZone);
  const minutes = Math.abs(offset) / 60_000;
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  const local = new Date(second + offset).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** A time zone, and its latest offsets by second. Most requests ask for the same second several times. */
type Zone = { format: Intl.DateTimeFormat; offsets: LRUCache<number, number> };

// A time zone has many spellings in upper and lower case, and a format takes tens of kilobytes.
const zones = new LRUCache<string, Zone>({ max: 100 });

function offsetAt(instant: number, timeZone: string): number {
  const { format, offsets } = zoneOf(timeZone);
  const second = Math.floor(instant / 1_000) * 1_000;
  const known = offsets.get(second);
  if (known !== undefined) return known;
  const part = Object.fromEntries(format.formatToParts(second).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = part;
  const offset = Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
  offsets.set(second, offset);
  return offset;
}

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known) return known;
  const dateAndTime = { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' } as const;
  const zone = {
    format: new Intl.DateTimeFormat('en-GB', { timeZone, ...dateAndTime }),
    offsets: new LRUCache<number, number>({ max: 20 }),
  };
  zones.set(timeZone, zone);
  return zone;
}
