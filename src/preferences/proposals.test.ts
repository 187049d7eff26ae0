import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { encodeId, newId } from '../lib/ids.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'ada@example.com' };
await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', {
  key: customer,
});

async function set(key: string, value: string, rest: object = {}) {
  const input = { customer, key, origin: 'STATED', value: { string: value }, ...rest };
  const mutation =
    'mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { outcome preference { id status } } }';
  return (await shop.data(mutation, { input })).setPreference;
}

async function propose(key: string, value: string, rest: object = {}) {
  return set(key, value, { origin: 'INFERRED', confidence: 0.6, isProposed: true, ...rest });
}

const decision = (name: 'confirm' | 'reject') =>
  `mutation ($input: ${name === 'confirm' ? 'Confirm' : 'Reject'}PreferenceInput!) { ${name}Preference(input: $input) { outcome preference { id status } } }`;

async function decide(name: 'confirm' | 'reject', id: string) {
  return (await shop.data(decision(name), { input: { id } }))[`${name}Preference`];
}

const refusal = async (name: 'confirm' | 'reject', id: string) =>
  (await shop.error(decision(name), { input: { id } })).extensions;

async function values(key: string, status: string) {
  const { customer: read } = await shop.data(
    `query ($by: CustomerKey!, $key: String!, $status: PreferenceStatus!) { customer(by: $by) {
      preferences(where: { key: { eq: $key }, status: { eq: $status } }) { nodes { value } } } }`,
    { by: customer, key, status },
  );
  return read.preferences.nodes.map((node: { value: unknown }) => node.value);
}

it('puts a confirmed proposal into force, replaces any value, and returns NOOP when repeated', async () => {
  await set('size', 'L');
  const { preference } = await propose('size', 'M');
  const before = await values('size', 'ACTIVE');

  const confirmed = await decide('confirm', preference.id);

  expect(confirmed).toEqual({ outcome: 'UPDATED', preference: { id: preference.id, status: 'ACTIVE' } });
  expect(await decide('confirm', preference.id)).toMatchObject({ outcome: 'NOOP' });
  expect([before, await values('size', 'ACTIVE'), await values('size', 'SUPERSEDED')]).toEqual([['L'], ['M'], ['L']]);
});

it('takes effect when confirmed, not when proposed', async () => {
  const { preference } = await propose('since', 'M', { validFrom: '2026-01-01T00:00:00Z' });
  const confirmedAt = Date.now();
  await decide('confirm', preference.id);

  const [row] = await shop.db.preference.findMany({ where: { key: 'since' } });

  expect(row?.validFrom.getTime()).toBeGreaterThanOrEqual(confirmedAt);
});

it('schedules a confirmed proposal with a future start', async () => {
  await set('later', 'L');
  const { preference } = await propose('later', 'M', { validFrom: '2040-01-01T00:00:00Z' });

  expect((await decide('confirm', preference.id)).preference.status).toBe('SCHEDULED');
  expect(await values('later', 'ACTIVE')).toEqual(['L']);
});

it('keeps a rejected proposal out of force, and returns NOOP when repeated', async () => {
  const { preference } = await propose('gift', 'tea');

  const rejected = await decide('reject', preference.id);

  expect(rejected).toEqual({ outcome: 'UPDATED', preference: { id: preference.id, status: 'REJECTED' } });
  expect(await decide('reject', preference.id)).toMatchObject({ outcome: 'NOOP' });
  expect(await values('gift', 'ACTIVE')).toEqual([]);
});

it('fails to confirm a rejected or expired proposal, to reject a value in force, and for unknown IDs', async () => {
  const [rejected, confirmed] = [await propose('one', 'tea'), await propose('two', 'tea')];
  await decide('reject', rejected.preference.id);
  await decide('confirm', confirmed.preference.id);
  const expired = await propose('three', 'tea', {
    validFrom: '2026-01-01T00:00:00Z',
    validUntil: '2026-02-01T00:00:00Z',
  });
  const conflict = { code: 'CONFLICT', field: ['id'] };

  expect(await refusal('confirm', rejected.preference.id)).toMatchObject(conflict);
  expect(await refusal('reject', confirmed.preference.id)).toMatchObject(conflict);
  expect(await refusal('confirm', expired.preference.id)).toMatchObject(conflict);
  expect(await refusal('confirm', encodeId('Preference', newId()))).toMatchObject({ code: 'NOT_FOUND', field: ['id'] });
  expect(await refusal('reject', 'x')).toMatchObject({ code: 'INVALID_INPUT', field: ['id'] });
});

it('confirms a proposal when its value is stated, and keeps its evidence', async () => {
  const { preference } = await propose('stated', 'M', { evidence: { orders: 3 } });

  const stated = await set('stated', 'M');
  const [row] = await shop.db.preference.findMany({ where: { key: 'stated' } });

  expect(stated).toEqual({ outcome: 'UPDATED', preference: { id: preference.id, status: 'ACTIVE' } });
  expect(row).toMatchObject({ origin: 'STATED', evidence: { orders: 3 } });
  expect((await set('stated', 'M')).outcome).toBe('NOOP');
});

it('rejects a proposal when another value is stated, but not when one is only observed', async () => {
  await propose('other', 'M');
  await set('other', 'S', { origin: 'OBSERVED' });
  const observed = await values('other', 'PROPOSED');
  await set('other', 'L');

  expect([observed, await values('other', 'PROPOSED'), await values('other', 'REJECTED')]).toEqual([['M'], [], ['M']]);
});

it('leaves a proposal open when an older statement arrives later', async () => {
  await propose('older', 'M', { validFrom: '2026-05-01T00:00:00Z' });
  await set('older', 'L', { validFrom: '2026-01-01T00:00:00Z' });

  expect([await values('older', 'ACTIVE'), await values('older', 'PROPOSED')]).toEqual([['L'], ['M']]);
});

it('settles all proposals for a key with one confirmation', async () => {
  const { preference } = await propose('many', 'M');
  await propose('many', 'M', { confidence: 0.7 });
  await propose('many', 'L');
  await decide('confirm', preference.id);

  const all = await Promise.all(
    ['ACTIVE', 'PROPOSED', 'REJECTED', 'SUPERSEDED'].map((status) => values('many', status)),
  );
  expect(all).toEqual([['M'], [], ['L'], ['M']]);
});

it.each([undefined, '2026-01-01T00:00:00Z'])('returns NOOP when repeated, with validFrom %s', async (validFrom) => {
  const key = `known.${validFrom ? 'dated' : 'undated'}`;
  const again = async () => (await propose(key, 'M', { validFrom })).outcome;
  const { preference } = await propose(key, 'M', { validFrom });
  const outcomes = [await again()];
  await decide('confirm', preference.id);
  outcomes.push(await again());
  const rejected = await propose(key, 'L', { validFrom });
  await decide('reject', rejected.preference.id);
  outcomes.push((await propose(key, 'L', { validFrom })).outcome);

  expect(outcomes).toEqual(['NOOP', 'NOOP', 'NOOP']);
});

it('proposes a rejected value again with a later start', async () => {
  const { preference } = await propose('insist', 'M', { validFrom: '2026-01-01T00:00:00Z' });
  await decide('reject', preference.id);

  expect((await propose('insist', 'M', { validFrom: '2040-01-01T00:00:00Z' })).preference.status).toBe('PROPOSED');
});
