import { describe, expect, it } from 'vitest';
import { gesturesOf, type Known } from './gestures.ts';

const now = new Date('2026-11-24T12:00:00Z');
const marketing = { channel: 'EMAIL', purpose: 'MARKETING', status: 'GRANTED', expiresAt: null };

const nobody: Known = {
  customerId: 'c',
  timezone: 'Europe/Warsaw',
  birthMonth: null,
  birthDay: null,
  quiet: null,
  decisions: [marketing],
  lastOutboundAt: null,
  hasOpenComplaint: false,
  lastOrder: null,
  resolvedCase: null,
  brokenPromise: null,
  overdueSince: null,
};
const order = { id: 'o', placedAt: '2026-11-20T10:00:00Z' };
const everything: Known = {
  ...nobody,
  lastOrder: order,
  birthMonth: 11,
  birthDay: 24,
  resolvedCase: { id: 'k', resolvedAt: '2026-11-10T10:00:00Z' },
  brokenPromise: { id: 'p', dueAt: '2026-11-01T10:00:00Z' },
  overdueSince: '2026-11-22T10:00:00Z',
};

const kindsOf = (known: Known, at = now) => gesturesOf(known, null, at).map(({ kind }) => kind);
const suppressionsOf = (known: Known) =>
  Object.fromEntries(gesturesOf(known, null, now).map(({ kind, suppressedBy }) => [kind, suppressedBy]));

it('finds nothing due where nothing is', () => {
  expect(gesturesOf(nobody, null, now)).toEqual([]);
});

it('says what each rests on, the weightiest first', () => {
  expect(gesturesOf(everything, null, now)).toEqual([
    { kind: 'APOLOGY', since: '2026-11-01T10:00:00Z', suppressedBy: null, grounds: [{ type: 'Case', id: 'p' }] },
    { kind: 'FOLLOW_UP', since: '2026-11-10T10:00:00Z', suppressedBy: null, grounds: [{ type: 'Case', id: 'k' }] },
    { kind: 'THANK_YOU', since: '2026-11-20T10:00:00Z', suppressedBy: null, grounds: [{ type: 'Order', id: 'o' }] },
    {
      kind: 'BIRTHDAY',
      since: '2026-11-23T23:00:00.000Z',
      suppressedBy: null,
      grounds: [{ type: 'Customer', id: 'c' }],
    },
    { kind: 'WIN_BACK', since: '2026-11-22T10:00:00Z', suppressedBy: null, grounds: [{ type: 'Order', id: 'o' }] },
  ]);
});

it.each([
  ['a purchase of three weeks ago', { lastOrder: { id: 'o', placedAt: '2026-11-03T10:00:00Z' } }],
  ['a case resolved two months ago', { resolvedCase: { id: 'k', resolvedAt: '2026-09-20T10:00:00Z' } }],
  ['a birthday of tomorrow', { birthMonth: 11, birthDay: 25 }],
])('lets %s be', (_what, known) => {
  expect(kindsOf({ ...nobody, ...known })).toEqual([]);
});

describe('a birthday', () => {
  it.each([
    ['of 29 February, on the 28th', 2, 29, '2026-02-28T12:00:00Z', true],
    ['of 29 February, not on 1 March', 2, 29, '2026-03-01T12:00:00Z', false],
    ['of 29 February in a leap year', 2, 29, '2028-02-29T12:00:00Z', true],
    ['of 29 February in a leap year, not on the 28th', 2, 29, '2028-02-28T12:00:00Z', false],
    ['that has begun where they are', 11, 25, '2026-11-24T23:30:00Z', true],
    ['that is over where they are', 11, 24, '2026-11-24T23:30:00Z', false],
  ])('%s', (_what, birthMonth, birthDay, at, isToday) => {
    expect(kindsOf({ ...nobody, birthMonth, birthDay }, new Date(at))).toEqual(isToday ? ['BIRTHDAY'] : []);
  });

  it.each([
    ['one second before it begins', '2026-02-27T22:59:59Z', false],
    ['at its first second', '2026-02-27T23:00:00Z', true],
    ['at its last second', '2026-02-28T22:59:59Z', true],
    ['one second after', '2026-02-28T23:00:00Z', false],
    ['in 2100, which is no leap year', '2100-02-28T12:00:00Z', true],
    ['in 2000, which is one', '2000-02-28T12:00:00Z', false],
  ])('of 29 February on 28 February %s', (_when, at, isToday) => {
    expect(kindsOf({ ...nobody, birthMonth: 2, birthDay: 29 }, new Date(at))).toEqual(isToday ? ['BIRTHDAY'] : []);
  });

  it.each([
    ['go forward at night', 'Europe/Warsaw', 3, 29, '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z'],
    ['go back at night', 'Europe/Warsaw', 10, 25, '2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z'],
    ['go forward at midnight', 'Africa/Cairo', 4, 24, '2026-04-24T12:00:00Z', '2026-04-23T22:00:00.000Z'],
    ['went forward at midnight', 'America/Sao_Paulo', 10, 15, '2017-10-15T12:00:00Z', '2017-10-15T03:00:00.000Z'],
    ['went back at midnight', 'America/Sao_Paulo', 2, 18, '2018-02-18T12:00:00Z', '2018-02-18T03:00:00.000Z'],
    ['go forward at midnight, right then', 'Asia/Beirut', 3, 29, '2026-03-28T22:00:00Z', '2026-03-28T22:00:00.000Z'],
  ])('begins where their day does when clocks %s', (_what, timezone, birthMonth, birthDay, at, since) => {
    const gestures = gesturesOf({ ...nobody, timezone, birthMonth, birthDay }, null, new Date(at));

    expect(gestures).toMatchObject([{ kind: 'BIRTHDAY', since }]);
  });

  it('is not taken for greeted by a message of the evening before, though clocks changed since', () => {
    const birthday = { ...nobody, birthMonth: 10, birthDay: 25 };
    const suppressedBy = (lastOutboundAt: string) =>
      gesturesOf({ ...birthday, lastOutboundAt }, null, new Date('2026-10-25T12:00:00Z'))[0]?.suppressedBy;

    expect(suppressedBy('2026-10-24T21:59:59Z')).toBeNull();
    expect(suppressedBy('2026-10-24T22:30:00Z')).toBe('TOO_RECENT');
  });
});

describe('is suppressed', () => {
  it('by what they decided', () => {
    const service = { channel: 'EMAIL', purpose: 'SERVICE', status: 'DENIED', expiresAt: null };

    expect(suppressionsOf({ ...everything, decisions: [service] })).toEqual({
      APOLOGY: 'NO_CONSENT',
      FOLLOW_UP: 'NO_CONSENT',
      THANK_YOU: 'NO_CONSENT',
      BIRTHDAY: null,
      WIN_BACK: 'NO_CONSENT',
    });
  });

  it('by a complaint that is open, but for what answers it', () => {
    expect(suppressionsOf({ ...everything, hasOpenComplaint: true })).toEqual({
      APOLOGY: null,
      FOLLOW_UP: null,
      THANK_YOU: 'OPEN_COMPLAINT',
      BIRTHDAY: 'OPEN_COMPLAINT',
      WIN_BACK: 'OPEN_COMPLAINT',
    });
  });

  it('by having spoken since', () => {
    expect(suppressionsOf({ ...everything, lastOutboundAt: '2026-11-21T00:00:00Z' })).toEqual({
      APOLOGY: 'TOO_RECENT',
      FOLLOW_UP: 'TOO_RECENT',
      THANK_YOU: 'TOO_RECENT',
      BIRTHDAY: null,
      WIN_BACK: null,
    });
  });

  it('by quiet hours', () => {
    const quiet = { from: '12:00', until: '15:00' };

    expect(new Set(Object.values(suppressionsOf({ ...everything, quiet })))).toEqual(new Set(['QUIET_HOURS']));
  });
});
