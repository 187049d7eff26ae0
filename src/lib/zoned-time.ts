const formats = new Map<string, Intl.DateTimeFormat>();

/** The instant at which a clock in this zone shows `YYYY-MM-DD HH:MM:SS`; null where that is no time. */
export function instantOf(local: string, timeZone: string): Date | null {
  const asUtc = Date.parse(`${local.replace(' ', 'T')}Z`);
  if (Number.isNaN(asUtc)) return null;
  // A first guess is off by the zone's offset; near a change of clocks the second one is needed.
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return new Date(asUtc - offsetAt(guess, timeZone));
}

/** What a clock in this zone shows at an instant, with its offset: `2026-11-24T13:05:00+01:00`. */
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
