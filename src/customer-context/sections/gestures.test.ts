import { describe, expect, it } from 'vitest';
import { type CustomerFacts, gesturesOf } from './gestures.ts';

const now = new Date('2026-11-24T12:00:00Z');
const marketing = { channel: 'EMAIL', purpose: 'MARKETING', status: 'GRANTED', expiresAt: null };

const nobody: CustomerFacts = {
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
const everything: CustomerFacts = {
  ...nobody,
  lastOrder: order,
  birthMonth: 11,
  birthDay: 24,
  resolvedCase: { id: 'k', resolvedAt: '2026-11-10T10:00:00Z' },
  brokenPromise: { type: 'Case', id: 'p', dueAt: '2026-11-01T10:00:00Z' },
  overdueSince: '2026-11-22T10:00:00Z',
};

const kindsOf = (known: CustomerFacts, at = now) => gesturesOf(known, null, at).map(({ kind }) => kind);
const suppressionsOf = (known: CustomerFacts) =>
  Object.fromEntries(gesturesOf(known, null, now).map(({ kind, suppressedBy }) => [kind, suppressedBy]));

it('returns no gesture if none is due', () => {
  expect(gesturesOf(nobody, null, now)).toEqual([]);
});

it('returns the rows behind each gesture, most important gesture first', () => {
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
  ['a birthday tomorrow', { birthMonth: 11, birthDay: 25 }],
])('ignores %s', (_what, known) => {
  expect(kindsOf({ ...nobody, ...known })).toEqual([]);
});

describe('a birthday', () => {
  it.each([
    ['on 29 February is due on the 28th', 2, 29, '2026-02-28T12:00:00Z', true],
    ['on 29 February is not due on 1 March', 2, 29, '2026-03-01T12:00:00Z', false],
    ['on 29 February is due on that day in a leap year', 2, 29, '2028-02-29T12:00:00Z', true],
    ['on 29 February is not due on the 28th in a leap year', 2, 29, '2028-02-28T12:00:00Z', false],
    ['is due once it has begun in their time zone', 11, 25, '2026-11-24T23:30:00Z', true],
    ['is not due once it is over in their time zone', 11, 24, '2026-11-24T23:30:00Z', false],
  ])('%s', (_what, birthMonth, birthDay, at, isToday) => {
    expect(kindsOf({ ...nobody, birthMonth, birthDay }, new Date(at))).toEqual(isToday ? ['BIRTHDAY'] : []);
  });

  it.each([
    ['is not due one second before 28 February', '2026-02-27T22:59:59Z', false],
    ['is due at the first second of 28 February', '2026-02-27T23:00:00Z', true],
    ['is due at the last second of 28 February', '2026-02-28T22:59:59Z', true],
    ['is not due one second after 28 February', '2026-02-28T23:00:00Z', false],
    ['is due on 28 February 2100, not a leap year', '2100-02-28T12:00:00Z', true],
    ['is not due on 28 February 2000, a leap year', '2000-02-28T12:00:00Z', false],
  ])('on 29 February %s', (_when, at, isToday) => {
    expect(kindsOf({ ...nobody, birthMonth: 2, birthDay: 29 }, new Date(at))).toEqual(isToday ? ['BIRTHDAY'] : []);
  });

  it.each([
    ['go forward at night', 'Europe/Warsaw', 3, 29, '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z'],
    ['go back at night', 'Europe/Warsaw', 10, 25, '2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z'],
    ['go forward at midnight', 'Africa/Cairo', 4, 24, '2026-04-24T12:00:00Z', '2026-04-23T22:00:00.000Z'],
    ['went forward at midnight', 'America/Sao_Paulo', 10, 15, '2017-10-15T12:00:00Z', '2017-10-15T03:00:00.000Z'],
    ['went back at midnight', 'America/Sao_Paulo', 2, 18, '2018-02-18T12:00:00Z', '2018-02-18T03:00:00.000Z'],
    ['go forward at midnight, just then', 'Asia/Beirut', 3, 29, '2026-03-28T22:00:00Z', '2026-03-28T22:00:00.000Z'],
  ])('begins with the local day when clocks %s', (_what, timezone, birthMonth, birthDay, at, since) => {
    const gestures = gesturesOf({ ...nobody, timezone, birthMonth, birthDay }, null, new Date(at));

    expect(gestures).toMatchObject([{ kind: 'BIRTHDAY', since }]);
  });

  it('is not suppressed by a message of the previous evening, even if clocks changed since', () => {
    const birthday = { ...nobody, birthMonth: 10, birthDay: 25 };
    const suppressedBy = (lastOutboundAt: string) =>
      gesturesOf({ ...birthday, lastOutboundAt }, null, new Date('2026-10-25T12:00:00Z'))[0]?.suppressedBy;

    expect(suppressedBy('2026-10-24T21:59:59Z')).toBeNull();
    expect(suppressedBy('2026-10-24T22:30:00Z')).toBe('TOO_RECENT');
  });
});

describe('a gesture', () => {
  it('is suppressed if consent is refused or missing', () => {
    const service = { channel: 'EMAIL', purpose: 'SERVICE', status: 'DENIED', expiresAt: null };

    expect(suppressionsOf({ ...everything, decisions: [service] })).toEqual({
      APOLOGY: 'NO_CONSENT',
      FOLLOW_UP: 'NO_CONSENT',
      THANK_YOU: 'NO_CONSENT',
      BIRTHDAY: null,
      WIN_BACK: 'NO_CONSENT',
    });
  });

  it('is suppressed by an open complaint, except apologies and follow-ups', () => {
    expect(suppressionsOf({ ...everything, hasOpenComplaint: true })).toEqual({
      APOLOGY: null,
      FOLLOW_UP: null,
      THANK_YOU: 'OPEN_COMPLAINT',
      BIRTHDAY: 'OPEN_COMPLAINT',
      WIN_BACK: 'OPEN_COMPLAINT',
    });
  });

  it('is suppressed by a later outbound message', () => {
    expect(suppressionsOf({ ...everything, lastOutboundAt: '2026-11-21T00:00:00Z' })).toEqual({
      APOLOGY: 'TOO_RECENT',
      FOLLOW_UP: 'TOO_RECENT',
      THANK_YOU: 'TOO_RECENT',
      BIRTHDAY: null,
      WIN_BACK: null,
    });
  });

  it('is suppressed during quiet hours', () => {
    const quiet = { from: '12:00', until: '15:00' };

    expect(new Set(Object.values(suppressionsOf({ ...everything, quiet })))).toEqual(new Set(['QUIET_HOURS']));
  });
});
