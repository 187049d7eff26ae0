import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const named = (value: string) => ({ externalId: { source: 'desk', value } });

async function newCustomer(name: string, more: object = {}) {
  const key = { email: `${name}@example.com` };
  await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
    input: { key, ...more },
  });
  return key;
}

const selection =
  '{ outcome nextAction { id kind status blockedBy cost { amount currencyCode } approvedAt dismissReason version } }';
const suggestDocument = `mutation ($input: SuggestNextActionInput!) { suggestNextAction(input: $input) ${selection} }`;
const moveDocument = `mutation ($input: UpdateNextActionStatusInput!) { updateNextActionStatus(input: $input) ${selection} }`;

const suggest = async (value: string, customer: object, more: object = {}) =>
  (
    await shop.data(suggestDocument, {
      input: { key: named(value), customer, kind: 'APOLOGY', text: 'A voucher', ...more },
    })
  ).suggestNextAction;
const move = async (value: string, status: string, more: object = {}) =>
  (await shop.data(moveDocument, { input: { key: named(value), status, ...more } })).updateNextActionStatus;
const refusal = async (value: string, status: string, more: object = {}) => {
  const { message, extensions } = await shop.error(moveDocument, { input: { key: named(value), status, ...more } });
  return { message, ...extensions };
};
const voucher = (cost: string) => ({ cost, currencyCode: 'PLN' });

describe('a gesture', () => {
  it('goes from its suggestion to its redemption, and repeats nothing', async () => {
    const customer = await newCustomer('ada');

    expect(await suggest('a', customer, voucher('20'))).toMatchObject({
      outcome: 'CREATED',
      nextAction: { status: 'SUGGESTED', blockedBy: [], cost: { amount: '20.00', currencyCode: 'PLN' } },
    });
    expect((await suggest('a', customer, voucher('20.00'))).outcome).toBe('NOOP');
    for (const status of ['APPROVED', 'OFFERED', 'REDEEMED']) {
      expect(await move('a', status)).toMatchObject({ outcome: 'UPDATED', nextAction: { status } });
      expect((await move('a', status)).outcome).toBe('NOOP');
    }
    expect(await shop.db.nextAction.count({ where: { externalId: 'a' } })).toBe(1);
  });

  it.each([
    ['SUGGESTED', ['OFFERED', 'REDEEMED']],
    ['APPROVED', ['SUGGESTED', 'REDEEMED']],
    ['OFFERED', ['SUGGESTED', 'APPROVED']],
    ['REDEEMED', ['SUGGESTED', 'APPROVED', 'OFFERED', 'DISMISSED']],
    ['DISMISSED', ['SUGGESTED', 'APPROVED', 'OFFERED', 'REDEEMED']],
  ])('that is %s cannot become %j', async (status, others) => {
    const value = `from ${status}`;
    await suggest(value, await newCustomer('bob'));
    const steps = ['APPROVED', 'OFFERED', 'REDEEMED'];
    const path = status === 'DISMISSED' ? ['DISMISSED'] : steps.slice(0, steps.indexOf(status) + 1);
    for (const step of path) await move(value, step);

    for (const other of others) {
      const { code, field, message } = await refusal(value, other);
      expect([code, field]).toEqual(['CONFLICT', ['status']]);
      expect(message).toContain(`cannot become ${other}`);
    }
    expect((await move(value, status)).outcome).toBe('NOOP');
  });

  it('changes only while it is a suggestion', async () => {
    const customer = await newCustomer('bob');
    await suggest('fixed', customer);

    expect((await suggest('fixed', customer, { text: 'Two vouchers' })).outcome).toBe('UPDATED');
    await move('fixed', 'DISMISSED', { reason: 'Not needed' });
    expect(await move('fixed', 'DISMISSED')).toMatchObject({
      outcome: 'NOOP',
      nextAction: { dismissReason: 'Not needed' },
    });
    const input = { key: named('fixed'), text: 'Three vouchers' };
    expect((await shop.error(suggestDocument, { input })).extensions).toEqual({ code: 'CONFLICT', field: ['key'] });
  });

  it.each([
    [{ kind: null }, ['kind']],
    [{ text: null }, ['text']],
    [{ cost: '5' }, ['currencyCode']],
    [{ cost: '-5', currencyCode: 'PLN' }, ['cost']],
  ])('is refused for %j', async (more, field) => {
    const customer = await newCustomer('bob');
    const input = { key: named('wrong'), customer, kind: 'APOLOGY', text: 'A voucher', ...more };

    expect((await shop.error(suggestDocument, { input })).extensions).toMatchObject({ code: 'INVALID_INPUT', field });
  });

  it('cannot get a status before the one it has, nor a reason unless it is dismissed', async () => {
    await suggest('times', await newCustomer('bob'));

    expect(await refusal('times', 'APPROVED', { at: '2020-01-01T00:00:00Z' })).toMatchObject({ field: ['at'] });
    expect(await refusal('times', 'APPROVED', { reason: 'x' })).toMatchObject({
      code: 'INVALID_INPUT',
      field: ['reason'],
    });
    expect(await refusal('nothing', 'APPROVED')).toMatchObject({ code: 'NOT_FOUND', field: ['key'] });
  });
});

describe('blockedBy', () => {
  it('names missing consent, which prevents an approval', async () => {
    const customer = await newCustomer('cyd');

    expect((await suggest('win back', customer, { kind: 'WIN_BACK' })).nextAction.blockedBy).toEqual(['NO_CONSENT']);
    expect(await refusal('win back', 'APPROVED')).toMatchObject({ code: 'CONFLICT', refusal: 'NO_CONSENT' });
    await shop.data('mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { outcome } }', {
      input: { customer, channel: 'EMAIL', purpose: 'MARKETING', status: 'GRANTED' },
    });
    expect((await move('win back', 'APPROVED')).nextAction.blockedBy).toEqual([]);
  });

  it('names an open complaint, except for an apology', async () => {
    const customer = await newCustomer('dan');
    await shop.data('mutation ($input: OpenCaseInput!) { openCase(input: $input) { outcome } }', {
      input: { customer, kind: 'COMPLAINT', subject: 'Late' },
    });

    expect((await suggest('thanks', customer, { kind: 'THANK_YOU' })).nextAction.blockedBy).toEqual(['OPEN_COMPLAINT']);
    expect((await suggest('sorry', customer)).nextAction.blockedBy).toEqual([]);
    expect(await refusal('thanks', 'APPROVED')).toMatchObject({ refusal: 'OPEN_COMPLAINT' });
  });

  it('names quiet hours, which prevent an offer but no approval', async () => {
    const quietHours = { from: '00:00', until: '23:59' };
    const customer = await newCustomer('eve', { timezone: 'Etc/UTC', quietHours });
    await suggest('night', customer);

    expect((await move('night', 'APPROVED')).nextAction.blockedBy).toEqual(['QUIET_HOURS']);
    expect(await refusal('night', 'OFFERED')).toMatchObject({
      refusal: 'QUIET_HOURS',
      nextAllowedAt: expect.stringMatching(/T23:59:00\.000Z$/),
    });
  });

  it('names the cap once the approved costs of the customer reach it', async () => {
    const [customer, other] = [await newCustomer('fay'), await newCustomer('gus')];
    const cap = (input: object) =>
      shop.data(
        'mutation ($input: SetNextActionCapInput!) { setNextActionCap(input: $input) { outcome nextActionCap { periodDays amount { amount } } } }',
        { input: { currencyCode: 'PLN', periodDays: 30, ...input } },
      );
    expect((await cap({ amount: '50' })).setNextActionCap).toMatchObject({ outcome: 'CREATED' });
    expect((await cap({ amount: '50.00' })).setNextActionCap.outcome).toBe('NOOP');
    await suggest('first', customer, voucher('30'));
    await suggest('second', customer, voucher('20'));
    await suggest('third', customer, voucher('0.01'));
    await suggest('euros', customer, { cost: '99', currencyCode: 'EUR' });
    await suggest('of another', other, voucher('50'));
    const blocked = async (value: string) =>
      (await suggest(value, value === 'of another' ? other : customer)).nextAction.blockedBy;

    await move('first', 'APPROVED');
    expect(await blocked('second')).toEqual([]);
    await move('second', 'APPROVED');

    expect(await blocked('third')).toEqual(['CAP_REACHED']);
    expect(await refusal('third', 'APPROVED')).toMatchObject({ code: 'CONFLICT', refusal: 'CAP_REACHED' });
    expect([await blocked('euros'), await blocked('of another')]).toEqual([[], []]);
    await move('first', 'DISMISSED');
    expect((await move('third', 'APPROVED')).outcome).toBe('UPDATED');
    expect((await shop.data('{ nextActionCaps { nodes { amount { amount } } } }')).nextActionCaps.nodes).toEqual([
      { amount: { amount: '50.00' } },
    ]);
  });

  it('lets only one of two approvals at the same time spend the rest of the cap', async () => {
    const customer = await newCustomer('hal');
    for (const value of ['one', 'other']) await suggest(value, customer, voucher('40'));

    const answers = await Promise.all(
      ['one', 'other'].map((value) => shop.send(moveDocument, { input: { key: named(value), status: 'APPROVED' } })),
    );

    expect(answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.refusal))).toEqual([
      'CAP_REACHED',
    ]);
  });
});

it('shows in the gestures of a context, as it was at the time', async () => {
  const customer = await newCustomer('ivy');
  await shop.data('mutation ($input: OpenCaseInput!) { openCase(input: $input) { outcome } }', {
    input: {
      ...{ customer, subject: 'Label', openedAt: '2026-01-01T00:00:00Z' },
      promise: { text: 'A label', dueAt: '2026-01-02T00:00:00Z' },
    },
  });
  await suggest('of ivy', customer, { suggestedAt: '2026-01-03T00:00:00Z' });
  await move('of ivy', 'APPROVED', { at: '2026-01-04T00:00:00Z' });
  const contextAt = async (asOf: string | null) => {
    const { customerContext } = await shop.data(
      `query ($by: CustomerKey!, $asOf: DateTime) { customerContext(by: $by, purpose: SUPPORT, asOf: $asOf) {
        gestures { kind status nextActionId } history { nextActions { id status } } } }`,
      { by: customer, asOf },
    );
    const [gesture] = customerContext.gestures;
    const [entry] = customerContext.history.nextActions;
    if (entry) expect(gesture.nextActionId).toBe(entry.id);
    return [gesture.kind, gesture.status, entry?.status];
  };

  expect(await contextAt('2026-01-02T12:00:00Z')).toEqual(['APOLOGY', null, undefined]);
  expect(await contextAt('2026-01-03T12:00:00Z')).toEqual(['APOLOGY', 'SUGGESTED', 'SUGGESTED']);
  expect(await contextAt(null)).toEqual(['APOLOGY', 'APPROVED', 'APPROVED']);
});
