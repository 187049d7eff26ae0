import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { writeLines } from '../../../test/run-import.ts';

const api = await useApi();
const shop = await api.tenant('shop');

type Decided = {
  status: string;
  capturedAt?: string;
  source?: string;
  evidence?: string | null;
  expiresAt?: string | null;
};

let count = 0;

/** Creates a customer who decides about marketing by email. */
async function somebody() {
  const customer = { email: `somebody-${count++}@example.com` };
  await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', {
    key: customer,
  });
  const input = (decided: Decided) => ({ customer, channel: 'EMAIL', purpose: 'MARKETING', ...decided });
  const record = 'mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { outcome } }';
  return {
    decide: async (decided: Decided) => (await shop.data(record, { input: input(decided) })).recordConsent.outcome,
    refusal: async (decided: Decided) => (await shop.error(record, { input: input(decided) })).extensions,
    async held() {
      const query = `query ($by: CustomerKey!) {
        customer(by: $by) { id consents { nodes { status isInForce source evidence expiresAt history { nodes { status } } } } }
        customerContext(by: $by, purpose: MARKETING, channel: EMAIL) { preferences { contact { isAllowedNow } } }
        customers(where: { consent: { status: GRANTED } }) { nodes { id } } }`;
      const { customer: read, customerContext, customers } = await shop.data(query, { by: customer });
      const [{ history, ...consent }] = read.consents.nodes;
      const isFound = customers.nodes.some(({ id }: { id: string }) => id === read.id);
      const { isAllowedNow } = customerContext.preferences.contact;
      return { consent, decisions: history.nodes.length, isAllowedNow, isFound };
    },
  };
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** Creates a customer with a consent dated in the future, as version 0.1.0 recorded it. */
async function somebodyGrantedFor(capturedAt: string) {
  const person = await somebody();
  await person.decide({ status: 'GRANTED' });
  const { customerId } = await shop.db.consentEvent.findFirstOrThrow({ orderBy: { id: 'desc' } });
  const data = { capturedAt: new Date(capturedAt) };
  await shop.db.consentEvent.updateMany({ where: { customerId }, data });
  await shop.db.consent.updateMany({ where: { customerId }, data });
  return person;
}

it('keeps every decision and puts the latest one in force', async () => {
  const { decide, held } = await somebody();

  await decide({ status: 'GRANTED', capturedAt: '2026-01-01T00:00:00Z' });
  await decide({ status: 'REVOKED', capturedAt: '2026-03-01T00:00:00Z' });
  await decide({ status: 'DENIED', capturedAt: '2026-02-01T00:00:00Z' });
  const repeated = await decide({ status: 'REVOKED', capturedAt: '2026-03-01T00:00:00Z' });

  expect(repeated).toBe('NOOP');
  expect(await held()).toMatchObject({ consent: { status: 'REVOKED' }, decisions: 3 });
});

describe('a decision dated in the future', () => {
  it('is rejected if it grants consent', async () => {
    const { refusal } = await somebody();

    const extensions = await refusal({ status: 'GRANTED', capturedAt: '2062-01-05T10:00:00Z' });

    expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['capturedAt'] });
  });

  it('is in force now if the clock is slightly ahead', async () => {
    const { decide, held } = await somebody();
    const granted = { status: 'GRANTED', capturedAt: inMinutes(3) };

    await decide(granted);

    expect(await decide(granted)).toBe('NOOP');
    expect(await held()).toMatchObject({ isAllowedNow: true, isFound: true });
  });

  it.each(['DENIED', 'REVOKED'])('is in force now if it is %s, and is a NOOP when sent again', async (status) => {
    const { decide, held } = await somebody();
    await decide({ status: 'GRANTED', capturedAt: '2026-01-01T00:00:00Z' });
    const withdrawn = { status, capturedAt: '2062-01-05T10:00:00Z' };

    expect([await decide(withdrawn), await decide(withdrawn)]).toEqual(['CREATED', 'NOOP']);
    expect(await held()).toMatchObject({
      consent: { status, isInForce: true },
      isAllowedNow: false,
      isFound: false,
    });
  });

  it('is not in force if an earlier version recorded it, and allows new consent', async () => {
    const { decide, held } = await somebodyGrantedFor('2062-01-05T10:00:00Z');

    expect(await decide({ status: 'GRANTED' })).toBe('CREATED');
    expect(await held()).toMatchObject({ consent: { status: 'GRANTED', isInForce: true }, isAllowedNow: true });
  });

  it('gives way to consent given later', async () => {
    const { decide, held } = await somebody();

    await decide({ status: 'REVOKED', capturedAt: '2062-01-05T10:00:00Z' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await decide({ status: 'GRANTED' });

    expect(await held()).toMatchObject({ consent: { status: 'GRANTED' }, isAllowedNow: true });
  });
});

describe('a withdrawal', () => {
  it('wins over a stored consent dated in the future, regardless of the date of the withdrawal', async () => {
    const { decide, held } = await somebodyGrantedFor('2062-01-05T10:00:00Z');
    const before = await held();

    await decide({ status: 'REVOKED', capturedAt: '2026-02-01T00:00:00Z' });

    expect(before).toMatchObject({ consent: { isInForce: false }, isAllowedNow: false, isFound: false });
    expect(await held()).toMatchObject({ consent: { status: 'REVOKED' }, isAllowedNow: false, isFound: false });
  });

  it('wins over consent at the same time, in either order', async () => {
    const capturedAt = '2026-02-01T00:00:00Z';
    for (const statuses of [
      ['GRANTED', 'REVOKED'],
      ['REVOKED', 'GRANTED'],
    ]) {
      const { decide, held } = await somebody();
      for (const status of statuses) await decide({ status, capturedAt });

      expect(await held()).toMatchObject({ consent: { status: 'REVOKED' }, isAllowedNow: false });
    }
  });

  it.each([
    ['dated ahead by a fast clock', inMinutes(4), inMinutes(-0.03)],
    ['recorded without a date', undefined, inMinutes(-0.03)],
    ['that seems slightly later', '2026-03-01T00:04:59Z', '2026-03-01T00:00:00Z'],
  ])('wins over earlier consent %s', async (_what, given, capturedAt) => {
    const { decide, held } = await somebody();

    await decide({ status: 'GRANTED', ...(given && { capturedAt: given }) });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await decide({ status: 'REVOKED', capturedAt });

    expect(await held()).toMatchObject({ consent: { status: 'REVOKED' }, isAllowedNow: false, isFound: false });
  });

  it('gives way to consent recorded after it and given slightly later', async () => {
    const { decide, held } = await somebody();

    await decide({ status: 'REVOKED', capturedAt: '2026-03-01T00:00:00Z' });
    await decide({ status: 'GRANTED', capturedAt: '2026-03-01T00:01:00Z' });

    expect(await held()).toMatchObject({ consent: { status: 'GRANTED' }, isAllowedNow: true });
  });

  it('does not undo consent given after it', async () => {
    const { decide, held } = await somebody();

    await decide({ status: 'GRANTED', capturedAt: '2026-03-01T00:00:00Z' });
    await decide({ status: 'REVOKED', capturedAt: '2026-02-01T00:00:00Z' });

    expect(await held()).toMatchObject({ consent: { status: 'GRANTED' }, isAllowedNow: true, decisions: 2 });
  });
});

describe('a repeated decision', () => {
  it('is a NOOP if it has nothing new', async () => {
    const { decide } = await somebody();
    await decide({ status: 'GRANTED', source: 'shop', evidence: 'form 7', expiresAt: '2090-01-01T00:00:00Z' });

    expect(await decide({ status: 'GRANTED' })).toBe('NOOP');
    expect(await decide({ status: 'GRANTED', evidence: 'form 7', source: 'shop' })).toBe('NOOP');
  });

  it('is recorded with another expiry, source or evidence, and keeps omitted fields', async () => {
    const { decide, held } = await somebody();
    await decide({ status: 'GRANTED', evidence: 'form 6' });

    const expiring = await decide({ status: 'GRANTED', expiresAt: '2090-01-01T00:00:00Z' });
    const proven = await decide({ status: 'GRANTED', source: 'shop', evidence: 'form 7' });

    expect([expiring, proven]).toEqual(['CREATED', 'CREATED']);
    expect(await held()).toMatchObject({
      consent: { source: 'shop', evidence: 'form 7', expiresAt: '2090-01-01T00:00:00.000Z' },
      decisions: 3,
    });
  });

  it('loses its expiry when null is sent', async () => {
    const { decide, held } = await somebody();
    await decide({ status: 'GRANTED', expiresAt: '2090-01-01T00:00:00Z' });

    expect(await decide({ status: 'GRANTED', expiresAt: null })).toBe('CREATED');
    expect((await held()).consent.expiresAt).toBeNull();
  });

  it('corrects the decision at its time, and can be corrected back', async () => {
    const { decide, held } = await somebody();
    const first = { status: 'GRANTED', capturedAt: '2026-01-01T00:00:00Z', expiresAt: '2090-01-01T00:00:00.000Z' };
    const second = { ...first, expiresAt: '2091-01-01T00:00:00.000Z' };

    const outcomes: string[] = [];
    for (const each of [first, first, second, second, first, first]) outcomes.push(await decide(each));

    expect(outcomes).toEqual(['CREATED', 'NOOP', 'CREATED', 'NOOP', 'CREATED', 'NOOP']);
    expect((await held()).consent.expiresAt).toBe(first.expiresAt);
  });

  it('has the same result when a file that corrects it is imported twice', async () => {
    const customer = { externalId: 'filed' };
    const decided = { type: 'consent', customer, channel: 'EMAIL', purpose: 'MARKETING', status: 'GRANTED' };
    const lines = [
      { type: 'customer', key: customer, displayName: 'Fil' },
      { ...decided, capturedAt: '2026-01-01T00:00:00Z', evidence: 'form 6' },
      { ...decided, capturedAt: '2026-01-01T00:00:00Z', evidence: 'form 7' },
    ];
    const read = () => shop.db.consent.findMany({ where: { customer: { displayName: 'Fil' } }, omit: { id: true } });
    await writeLines(shop.db, lines, 'file');
    const once = await read();
    await writeLines(shop.db, lines, 'file');

    expect(once).toMatchObject([{ status: 'GRANTED', evidence: 'form 7' }]);
    expect(await read()).toEqual(once);
  });

  it('is recorded after it expired, without the old expiry', async () => {
    const { decide, held } = await somebody();
    await decide({ status: 'GRANTED', capturedAt: '2026-01-01T00:00:00Z', expiresAt: '2026-02-01T00:00:00Z' });

    expect(await decide({ status: 'GRANTED' })).toBe('CREATED');
    expect(await held()).toMatchObject({ consent: { isInForce: true, expiresAt: null }, isAllowedNow: true });
  });
});

it('rejects an expiry before the start of the decision', async () => {
  const { refusal } = await somebody();

  const extensions = await refusal({
    status: 'DENIED',
    capturedAt: '2062-01-01T00:00:00Z',
    expiresAt: '2026-01-01T00:00:00Z',
  });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['expiresAt'] });
});
