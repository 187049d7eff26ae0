import { LRUCache } from 'lru-cache';

const dayMs = 86_400_000;
// A time zone has many spellings in upper and lower case, and a format takes tens of kilobytes.
const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

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

let latest = { day: Number.NaN, timeZone: '', offsets: [0, 0] as [before: number, after: number] };

// No zone is more than a day from UTC, and clocks do not change twice within three days. The latest result is cached,
// because consecutive rows of a file usually have the same day.
function offsetsAround(day: number, timeZone: string): [before: number, after: number] {
  if (day !== latest.day || timeZone !== latest.timeZone) {
    const offsets: typeof latest.offsets = [
      offsetAt((day - 1) * dayMs, timeZone),
      offsetAt((day + 2) * dayMs, timeZone),
    ];
    latest = { day, timeZone, offsets };
  }
  return latest.offsets;
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

function offsetAt(instant: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant + (instant % 1000);
}
