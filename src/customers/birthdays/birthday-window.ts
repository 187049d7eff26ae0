import { invalid } from '../../lib/errors.ts';
import { calendarDate, parseInput } from '../../lib/fields.ts';

/** A birthday that falls on a day of a window. `daysAhead` counts from the first day, which is 0. */
export type Birthday = { daysAhead: number; month: number; day: number };

/** Most days of a window. */
export const maxDays = 31;

/**
 * Returns the birthdays that fall into a window of days. In a year that is no leap year, those of 29 February fall on 28
 * February. Throws INVALID_INPUT for anything but a date and a number of days.
 */
export function birthdaysWithin(from: string, days: number): Birthday[] {
  const first = new Date(`${parseInput(calendarDate(), from, 'from')}T00:00:00Z`);
  if (days < 1 || days > maxDays) throw invalid(`\`days\` must be between 1 and ${maxDays} (got ${days}).`, 'days');
  return Array.from({ length: days }, (_, daysAhead) => {
    const date = new Date(first);
    date.setUTCDate(first.getUTCDate() + daysAhead);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    const isLeapYear = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
    const leapDay = month === 2 && day === 28 && !isLeapYear ? [{ daysAhead, month: 2, day: 29 }] : [];
    return [{ daysAhead, month, day }, ...leapDay];
  }).flat();
}
