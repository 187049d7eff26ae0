import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'ada@example.com' };
const named = (value: string) => ({ externalId: { source: 'desk', value } });

await shop.data(
  `mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key, timezone: "Europe/Warsaw",
    quietHours: { from: "21:00", until: "08:00" } }) { outcome } }`,
  { key: customer },
);

const selection = '{ outcome followUp { id kind status isOpen completedAt canceledAt version } }';
const schedule = `mutation ($input: ScheduleFollowUpInput!) { scheduleFollowUp(input: $input) ${selection} }`;
const later = '2062-01-10T12:00:00Z';
const input = (value: string, rest: object = {}) => ({
  key: named(value),
  customer,
  text: 'Call about the lamp',
  dueAt: later,
  ...rest,
});
const write = async (value: string, rest: object = {}) =>
  (await shop.data(schedule, { input: input(value, rest) })).scheduleFollowUp;
const refusalOf = async (rest: object) => {
  const { message, extensions } = await shop.error(schedule, { input: input('refused', rest) });
  return { message, ...extensions };
};
const complete = `mutation ($input: CompleteFollowUpInput!) { completeFollowUp(input: $input) ${selection} }`;
const cancel = `mutation ($input: CancelFollowUpInput!) { cancelFollowUp(input: $input) ${selection} }`;

// A promise of the past: made on the first, due on the third.
const past = { kind: 'PROMISE', madeAt: '2026-01-01T12:00:00Z', dueAt: '2026-01-03T12:00:00Z' };

describe('a follow-up', () => {
  it('is created, changed and repeated by its external ID', async () => {
    const { followUp, outcome } = await write('repeated');

    expect(outcome).toBe('CREATED');
    expect(followUp).toMatchObject({ kind: 'FOLLOW_UP', status: 'OPEN', isOpen: true, version: 1 });
    expect((await write('repeated')).outcome).toBe('NOOP');
    expect(await write('repeated', { text: 'Write about the lamp' })).toMatchObject({
      outcome: 'UPDATED',
      followUp: { id: followUp.id, version: 2 },
    });
  });

  it.each([
    ['customer', { customer: null }],
    ['text', { text: null }],
    ['dueAt', { dueAt: null }],
    ['dueAt', { dueAt: '2026-01-01T00:00:00Z' }],
    ['canceledAt', { ...past, completedAt: past.madeAt, canceledAt: past.madeAt }],
  ])('is refused for its %s: %j', async (field, rest) => {
    expect(await refusalOf(rest)).toMatchObject({ code: 'INVALID_INPUT', field: [field] });
  });

  it('is completed once, and cannot be canceled then', async () => {
    await write('done');
    const key = named('done');

    expect((await shop.data(complete, { input: { key } })).completeFollowUp).toMatchObject({
      outcome: 'UPDATED',
      followUp: { status: 'KEPT', isOpen: false },
    });
    expect((await shop.data(complete, { input: { key } })).completeFollowUp.outcome).toBe('NOOP');
    const { message, extensions } = await shop.error(cancel, { input: { key } });
    expect(extensions).toEqual({ code: 'CONFLICT', field: ['key'] });
    expect(message).toContain('completedAt: null');
    expect(await write('done', { completedAt: null })).toMatchObject({ followUp: { status: 'OPEN', isOpen: true } });
  });

  it('is canceled once, and cannot be completed then', async () => {
    await write('off');
    const key = named('off');

    expect((await shop.data(cancel, { input: { key } })).cancelFollowUp.followUp.status).toBe('CANCELED');
    expect((await shop.data(cancel, { input: { key } })).cancelFollowUp.outcome).toBe('NOOP');
    expect((await shop.error(complete, { input: { key } })).extensions.code).toBe('CONFLICT');
  });

  it.each([complete, cancel])('fails with NOT_FOUND for an unknown key: %s', async (document) => {
    expect((await shop.error(document, { input: { key: named('nothing') } })).extensions).toEqual({
      code: 'NOT_FOUND',
      field: ['key'],
    });
  });
});

it.each(['completedAt', 'canceledAt'])('cannot have a `%s` before it was made', async (time) => {
  const { message, extensions } = await shop.error(schedule, {
    input: input('too early', { ...past, [time]: '2025-12-31T12:00:00Z' }),
  });

  expect(message).toBe('Must not be before `madeAt`.');
  expect(extensions).toEqual({ code: 'INVALID_INPUT', field: [time] });
});

describe('contact', () => {
  // Half past ten in the evening, in Warsaw. Quiet hours end at eight, which is seven in UTC.
  const quiet = '2062-01-10T21:30:00Z';
  const nextAllowedAt = '2062-01-11T07:00:00.000Z';

  it('is refused in quiet hours with the next allowed time, which is accepted', async () => {
    expect(await refusalOf({ dueAt: quiet })).toEqual({
      message: `The due time is within the customer’s quiet hours. Send \`dueAt: ${nextAllowedAt}\` or a later time.`,
      code: 'CONFLICT',
      field: ['dueAt'],
      refusal: 'QUIET_HOURS',
      nextAllowedAt,
    });
    expect((await write('allowed', { dueAt: nextAllowedAt })).outcome).toBe('CREATED');
  });

  it('is not needed for a promise without a channel', async () => {
    expect((await write('quiet promise', { kind: 'PROMISE', dueAt: quiet })).outcome).toBe('CREATED');
    expect(await refusalOf({ kind: 'PROMISE', dueAt: quiet, channel: 'EMAIL' })).toMatchObject({
      refusal: 'QUIET_HOURS',
    });
  });

  it('is refused without consent, for the channel and the purpose', async () => {
    await shop.data(
      `mutation ($customer: CustomerKey!) { recordConsent(input: { customer: $customer, channel: PHONE, purpose: SERVICE,
        status: DENIED }) { outcome } }`,
      { customer },
    );

    expect(await refusalOf({ channel: 'PHONE' })).toMatchObject({
      code: 'CONFLICT',
      field: ['channel'],
      refusal: 'NO_CONSENT',
    });
    expect(await refusalOf({ channel: 'EMAIL', purpose: 'MARKETING' })).toMatchObject({ refusal: 'NO_CONSENT' });
    expect((await write('by email', { channel: 'EMAIL' })).outcome).toBe('CREATED');
  });

  it('is checked again when a follow-up is reopened', async () => {
    await write('reopened', { channel: 'SMS' });
    await shop.data(cancel, { input: { key: named('reopened') } });
    await shop.data(
      `mutation ($customer: CustomerKey!) { recordConsent(input: { customer: $customer, channel: SMS, purpose: SERVICE,
        status: DENIED }) { outcome } }`,
      { customer },
    );

    const { extensions } = await shop.error(schedule, { input: { key: named('reopened'), canceledAt: null } });

    expect(extensions).toMatchObject({ code: 'CONFLICT', refusal: 'NO_CONSENT' });
  });

  it('that lies in the past is recorded as it was', async () => {
    expect((await write('history', { ...past, dueAt: '2026-01-03T22:00:00Z', channel: 'PHONE' })).outcome).toBe(
      'CREATED',
    );
  });
});

describe('a promise', () => {
  it.each([
    ['kept in time', '2026-01-03T12:00:00Z', 'KEPT', false],
    ['kept late', '2026-01-04T12:00:00Z', 'BROKEN', false],
    ['not kept', null, 'BROKEN', true],
  ])('%s at %s is %s', async (name, completedAt, status, isOpen) => {
    expect((await write(name, { ...past, completedAt })).followUp).toMatchObject({ status, isOpen });
  });

  it('is found by the status that it shows', async () => {
    for (const status of ['OPEN', 'KEPT', 'BROKEN', 'CANCELED']) {
      const { found, others, all } = await shop.data(
        `query ($status: FollowUpStatus!) {
          found: followUps(first: 100, where: { status: { eq: $status } }) { nodes { status } }
          others: followUps(first: 100, where: { NOT: { status: { in: [$status] } } }) { nodes { status } }
          all: followUps { totalCount } }`,
        { status },
      );

      expect(new Set(found.nodes.map((each: { status: string }) => each.status))).toEqual(new Set([status]));
      expect(others.nodes.filter((each: { status: string }) => each.status === status)).toEqual([]);
      expect(found.nodes.length + others.nodes.length).toBe(all.totalCount);
    }
  });

  it('is listed until it is done, earliest due first', async () => {
    const { followUps } = await shop.data(
      '{ followUps(where: { isOpen: true, kind: { eq: PROMISE } }) { nodes { dueAt status } } }',
    );
    const times = followUps.nodes.map(({ dueAt }: { dueAt: string }) => dueAt);

    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual([...times].sort());
    expect(followUps.nodes[0].status).toBe('BROKEN');
  });

  it('shows in the context of the past as it was then', async () => {
    const bob = { email: 'bob@example.com' };
    await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: bob });
    await write('of bob', { ...past, customer: bob });
    await write('of bob', { ...past, customer: bob, completedAt: '2026-01-05T12:00:00Z' });
    const contextAt = async (asOf: string | null) => {
      const { customerContext } = await shop.data(
        `query ($by: CustomerKey!, $asOf: DateTime) { customerContext(by: $by, purpose: SUPPORT, asOf: $asOf) {
          now { openFollowUps { status } } gestures { kind factIds } history { followUps { status } } } }`,
        { by: bob, asOf },
      );
      const { now, gestures, history } = customerContext;
      return [now.openFollowUps[0]?.status, gestures[0]?.kind, history.followUps[0]?.status];
    };

    expect(await contextAt('2025-12-31T12:00:00Z')).toEqual([undefined, undefined, undefined]);
    expect(await contextAt('2026-01-02T12:00:00Z')).toEqual(['OPEN', undefined, 'OPEN']);
    expect(await contextAt('2026-01-04T12:00:00Z')).toEqual(['BROKEN', 'APOLOGY', 'BROKEN']);
    expect(await contextAt(null)).toEqual([undefined, undefined, 'BROKEN']);
  });

  it('is the only kind that the customer sees', async () => {
    const { createCustomerToken } = await shop.data(
      'mutation ($customer: CustomerKey!) { createCustomerToken(input: { customer: $customer }) { token } }',
      { customer },
    );
    const { data } = await api.sendAs(createCustomerToken.token, '{ followUps(first: 100) { nodes { kind } } }');

    expect(data.followUps.nodes.length).toBeGreaterThan(2);
    expect(new Set(data.followUps.nodes.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(['PROMISE']));
  });
});
