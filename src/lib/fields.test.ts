import { expect, it } from 'vitest';
import { instant, parseInput } from './fields.ts';

it.each(['2026-11-21T10:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-11-21T10:00:00.123+02:00'])(
  'reads %s as an instant',
  (written) => {
    expect(parseInput(instant(), written)).toEqual(new Date(written));
  },
);

it.each([
  '2026-11-21',
  '2026-11-21T10:00:00',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-14:00',
  new Date(Number.NaN),
  5,
])('refuses %s as an instant', (written) => {
  expect(() => parseInput(instant(), written)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});
