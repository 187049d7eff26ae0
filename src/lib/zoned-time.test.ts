import { expect, it } from 'vitest';
import { instantOf, localAt, startOfDay } from './zoned-time.ts';

it.each([
  ['by day', '2026-11-26 10:00:00', 'Asia/Kolkata', '2026-11-26T04:30:00.000Z'],
  ['in the skipped hour as the time of the change', '2026-03-29 02:30:00', 'Europe/Warsaw', '2026-03-29T01:00:00.000Z'],
  ['in the repeated hour as the first of two', '2026-10-25 02:30:00', 'Europe/Warsaw', '2026-10-25T00:30:00.000Z'],
  ['in the repeated hour west of Greenwich', '2026-11-01 01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ['where clocks change by half an hour', '2026-10-04 02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
  ['before 1970', '1960-03-20 02:30:00', 'Europe/Warsaw', '1960-03-20T01:30:00.000Z'],
])('converts a local time %s', (_when, local, zone, instant) => {
  expect(instantOf(local, zone)?.toISOString()).toBe(instant);
});

it('returns the second of two instants if the first is before `from`', () => {
  const from = new Date('2026-11-01T06:15:00Z');

  expect(instantOf('2026-11-01 01:30:00', 'America/New_York', from)?.toISOString()).toBe('2026-11-01T06:30:00.000Z');
});

it.each([
  ['clocks go forward at night', '2026-03-29', 'Europe/Warsaw', '2026-03-29T00:00:00+01:00'],
  ['clocks go forward at midnight', '2017-10-15', 'America/Sao_Paulo', '2017-10-15T01:00:00-02:00'],
  ['clocks go back at midnight', '2018-02-18', 'America/Sao_Paulo', '2018-02-18T00:00:00-03:00'],
  ['clocks go forward at midnight in Cairo', '2026-04-24', 'Africa/Cairo', '2026-04-24T01:00:00+03:00'],
  ['clocks go back at midnight in Cairo', '2026-10-30', 'Africa/Cairo', '2026-10-30T00:00:00+02:00'],
  ['clocks go forward at midnight in Beirut', '2026-03-29', 'Asia/Beirut', '2026-03-29T01:00:00+03:00'],
  ['midnight comes twice', '2026-11-01', 'America/Havana', '2026-11-01T00:00:00-04:00'],
])('finds the start of a day on which %s', (_what, day, zone, start) => {
  const instant = startOfDay(day, zone);

  expect(instant && localAt(instant, zone)).toBe(start);
});

it('returns null for a text that is not a time', () => {
  expect(instantOf('yesterday', 'UTC')).toBeNull();
});
