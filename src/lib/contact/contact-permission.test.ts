import { describe, expect, it } from 'vitest';
import { type Decision, hasConsent, permissionOf } from './contact-permission.ts';

const decision = (purpose: string, status: string, more: Partial<Decision> = {}): Decision => ({
  channel: 'EMAIL',
  expiresAt: null,
  ...more,
  purpose,
  status,
});
const noon = new Date('2026-11-24T12:00:00Z');

describe('consent', () => {
  it.each([
    ['MARKETING', [], false],
    ['MARKETING', [decision('MARKETING', 'GRANTED')], true],
    ['MARKETING', [decision('MARKETING', 'REVOKED')], false],
    ['MARKETING', [decision('MARKETING', 'GRANTED', { channel: 'SMS' })], false],
    ['MARKETING', [decision('MARKETING', 'GRANTED', { expiresAt: '2026-11-24T11:59:59Z' })], false],
    ['SUPPORT', [], true],
    ['SUPPORT', [decision('SERVICE', 'DENIED')], false],
    ['SUPPORT', [decision('SERVICE', 'DENIED', { expiresAt: '2026-11-24T11:59:59Z' })], true],
    ['SUPPORT', [decision('MARKETING', 'DENIED')], true],
    ['PERSONALISATION', [decision('PERSONALISATION', 'REVOKED')], false],
  ])('for %s by email after %j is %s', (purpose, decisions, isGiven) => {
    expect(hasConsent(decisions, purpose, 'EMAIL', noon)).toBe(isGiven);
  });

  it('is given if any channel has it and none is requested', () => {
    const decisions = [decision('MARKETING', 'REVOKED'), decision('MARKETING', 'GRANTED', { channel: 'SMS' })];

    expect(hasConsent(decisions, 'MARKETING', null, noon)).toBe(true);
  });
});

describe('the next allowed contact time', () => {
  const night = { from: '21:00', until: '08:00' };
  const siesta = { from: '12:30', until: '14:00' };

  it.each([
    // Warsaw is one hour ahead of UTC in winter and two in summer.
    ['during the day', night, 'Europe/Warsaw', '2026-11-24T12:00:00Z', '2026-11-24T12:00:00.000Z', 'ALLOWED'],
    ['in the evening', night, 'Europe/Warsaw', '2026-11-24T20:30:00Z', '2026-11-25T07:00:00.000Z', 'QUIET_HOURS'],
    ['after midnight', night, 'Europe/Warsaw', '2026-11-25T03:00:00Z', '2026-11-25T07:00:00.000Z', 'QUIET_HOURS'],
    ['when quiet hours end', night, 'Europe/Warsaw', '2026-11-25T07:00:00Z', '2026-11-25T07:00:00.000Z', 'ALLOWED'],
    [
      'in the night the clocks go forward',
      night,
      'Europe/Warsaw',
      '2026-03-28T22:00:00Z',
      '2026-03-29T06:00:00.000Z',
      'QUIET_HOURS',
    ],
    [
      'in the night the clocks go back',
      night,
      'Europe/Warsaw',
      '2026-10-24T22:00:00Z',
      '2026-10-25T07:00:00.000Z',
      'QUIET_HOURS',
    ],
    [
      'when quiet hours end in the hour that clocks skip',
      { from: '22:00', until: '02:30' },
      'Europe/Warsaw',
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:00:00.000Z',
      'QUIET_HOURS',
    ],
    [
      'when the end time occurs twice and has passed once',
      { from: '22:00', until: '01:30' },
      'America/New_York',
      '2026-11-01T06:15:00Z',
      '2026-11-01T06:30:00.000Z',
      'QUIET_HOURS',
    ],
    [
      'when the clocks skip midnight',
      { from: '20:00', until: '00:00' },
      'Africa/Cairo',
      '2026-04-23T20:00:00Z',
      '2026-04-23T22:00:00.000Z',
      'QUIET_HOURS',
    ],
    ['at noon', siesta, 'Asia/Kolkata', '2026-11-24T07:30:00Z', '2026-11-24T08:30:00.000Z', 'QUIET_HOURS'],
    ['on New Year’s Eve', night, 'America/New_York', '2027-01-01T03:00:00Z', '2027-01-01T13:00:00.000Z', 'QUIET_HOURS'],
  ])('is correct %s', (_when, quiet, timezone, now, nextAllowedAt, reason) => {
    const permission = permissionOf([], quiet, timezone, 'SUPPORT', null, new Date(now));

    expect(permission).toEqual({ isAllowedNow: reason === 'ALLOWED', nextAllowedAt, reason });
  });

  it('is null without a time zone and without consent', () => {
    expect(permissionOf([], night, null, 'SUPPORT', null, noon)).toMatchObject({
      nextAllowedAt: null,
      reason: 'NO_TIME_ZONE',
    });
    expect(permissionOf([], null, null, 'MARKETING', null, noon)).toMatchObject({
      nextAllowedAt: null,
      reason: 'NO_CONSENT',
    });
  });
});
