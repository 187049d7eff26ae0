import { expect, it } from 'vitest';
import { Confirmations } from './confirmations.ts';

const key = Buffer.from('secret');
const confirmations = new Confirmations(() => key, 'code');
const at = new Date('2026-01-01T09:00:00.500Z');
const call = { tool: 'cancel_order', args: { orderId: 'a', reason: 'b' } };
const { code, expiresAt } = confirmations.issue(call, { at, version: 36 });
const minutes = (count: number) => new Date(at.getTime() + count * 60_000);

it('confirms a call for a quarter of an hour, with the state of its preview', () => {
  expect(expiresAt).toBe('2026-01-01T09:15:00.000Z');
  expect(confirmations.check(call, code, minutes(14))).toEqual({ at: new Date('2026-01-01T09:00:00Z'), version: 36 });
  expect(() => confirmations.check(call, code, minutes(15))).toThrow('This code has expired.');
});

it('confirms a call whose object has no version, with its arguments in any order', () => {
  const { code } = confirmations.issue(call, { at, version: null });
  const same = { tool: 'cancel_order', args: { reason: 'b', orderId: 'a' } };

  expect(confirmations.check(same, code, at).version).toBeNull();
});

it('confirms no other call', () => {
  const [seconds, version, mac] = code.split('.');
  const later = (Number.parseInt(seconds ?? '', 36) + 3_600).toString(36);
  const refused = 'This code does not confirm this call.';

  expect(() => confirmations.check({ ...call, tool: 'request_return' }, code, at)).toThrow(refused);
  expect(() => confirmations.check({ ...call, args: { orderId: 'b', reason: 'b' } }, code, at)).toThrow(refused);
  expect(() => new Confirmations(() => key, 'person').check(call, code, at)).toThrow(refused);
  expect(() => new Confirmations(() => Buffer.from('other'), 'code').check(call, code, at)).toThrow(refused);
  for (const forged of [
    `${later}.${version}.${mac}`,
    `${seconds}.11.${mac}`,
    `${seconds}..${mac}`,
    '',
    'yes',
    `${code}=`,
  ])
    expect(() => confirmations.check(call, forged, at)).toThrow(refused);
});
