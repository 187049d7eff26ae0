import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { stateAt } from './in-force.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'ada@example.com' };
await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', {
  key: customer,
});

const set =
  'mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { outcome preference { id status } } }';
const [y2040, y2050, y2060] = ['2040', '2050', '2060'].map((year) => `${year}-01-01T00:00:00Z`);

async function state(key: string, value: string, rest: object = {}) {
  const input = { customer, key, origin: 'STATED', value: { string: value }, ...rest };
  return (await shop.data(set, { input })).setPreference;
}

/** Reads the values in force from the context, the list and the customer filter, which must agree. */
async function inForce(key: string): Promise<string[]> {
  const { customer: read, customerContext } = await shop.data(
    `query ($by: CustomerKey!, $key: String!) {
      customer(by: $by) { preferences(where: { key: { eq: $key }, status: { eq: ACTIVE } }) { nodes { value } } }
      customerContext(by: $by, purpose: SUPPORT) { preferences { inForce { key value } } } }`,
    { by: customer, key },
  );
  const listed = read.preferences.nodes.map((node: { value: unknown }) => node.value);
  const known = customerContext.preferences.inForce.filter((each: { key: string }) => each.key === key);
  const { customers } = await shop.data(
    'query ($key: String!) { customers(where: { preference: { key: $key } }) { nodes { id } } }',
    { key },
  );

  expect(known.map(({ value }: { value: unknown }) => value)).toEqual(listed);
  expect(customers.nodes).toHaveLength(listed.length);
  return listed;
}

/** Returns the values that will be in force at these times. */
async function later(key: string, ...instants: (string | undefined)[]) {
  const rows = await shop.db.preference.findMany({ where: { key } });
  return instants.map((at) =>
    rows.filter((row) => stateAt(row, new Date(at ?? 0)) === 'ACTIVE').flatMap(({ values }) => values),
  );
}

/** Returns the current status of each value of the key, first recorded first. */
async function statuses(key: string) {
  const { customer: read } = await shop.data(
    `query ($by: CustomerKey!, $key: String!) { customer(by: $by) {
      preferences(where: { key: { eq: $key } }) { nodes { status } } } }`,
    { by: customer, key },
  );
  return read.preferences.nodes.map(({ status }: { status: string }) => status).reverse();
}

it('keeps the current value in force until the scheduled one starts', async () => {
  await state('diet', 'vegan');
  const scheduled = await state('diet', 'none', { validFrom: y2040 });

  expect(scheduled.preference.status).toBe('SCHEDULED');
  expect(await inForce('diet')).toEqual(['vegan']);
  expect(await statuses('diet')).toEqual(['ACTIVE', 'SCHEDULED']);
  expect(await later('diet', '2039-12-31T23:59:59Z', y2040)).toEqual([['vegan'], ['none']]);
});

it('brings a scheduled value into force without a write', async () => {
  await state('clock', 'old');
  await state('clock', 'new', { validFrom: new Date(Date.now() + 1_500).toISOString() });
  const before = await inForce('clock');
  await new Promise((resolve) => setTimeout(resolve, 1_700));

  expect([before, await inForce('clock')]).toEqual([['old'], ['new']]);
  expect(await statuses('clock')).toEqual(['SUPERSEDED', 'ACTIVE']);
});

it('returns NOOP when a scheduled value or the one before it is sent again', async () => {
  await state('again', 'vegan', { validFrom: '2026-01-01T00:00:00Z' });
  await state('again', 'none', { validFrom: y2040 });

  const outcomes = [
    await state('again', 'none', { validFrom: y2040 }),
    await state('again', 'vegan', { validFrom: '2026-01-01T00:00:00Z' }),
    await state('again', 'vegan'),
  ];

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['NOOP', 'NOOP', 'NOOP']);
});

it('keeps a new value in force until the scheduled one starts', async () => {
  await state('now', 'vegan');
  await state('now', 'none', { validFrom: y2040 });
  await state('now', 'fish');

  expect(await inForce('now')).toEqual(['fish']);
  expect(await later('now', y2040)).toEqual([['none']]);
});

it('keeps scheduled values in order of their start, recorded in any order', async () => {
  await state('chain', 'today');
  await state('chain', 'third', { validFrom: y2060 });
  await state('chain', 'first', { validFrom: y2040 });
  await state('chain', 'second', { validFrom: y2050 });

  expect(await inForce('chain')).toEqual(['today']);
  expect(await later('chain', '2045-01-01', '2055-01-01', '2065-01-01')).toEqual([['first'], ['second'], ['third']]);
});

it('replaces a scheduled value with another for the same time', async () => {
  await state('replaced', 'today');
  await state('replaced', 'one', { validFrom: y2040 });
  await state('replaced', 'other', { validFrom: y2040 });

  expect(await later('replaced', y2040)).toEqual([['other']]);
  expect(await statuses('replaced')).toEqual(['ACTIVE', 'SUPERSEDED', 'SCHEDULED']);
});

it('supersedes a scheduled value of weaker origin', async () => {
  await state('weak', 'tea', { origin: 'STATED' });
  const guessed = await state('weak', 'coffee', { origin: 'INFERRED', validFrom: y2040 });
  await state('weaker', 'coffee', { origin: 'INFERRED', validFrom: y2040 });
  await state('weaker', 'tea', { origin: 'STATED' });

  expect(guessed.preference.status).toBe('SUPERSEDED');
  expect([await later('weak', y2050), await later('weaker', y2050)]).toEqual([[['tea']], [['tea']]]);
});

it('schedules a value when none is in force', async () => {
  await state('alone', 'none', { validFrom: y2040 });

  expect(await inForce('alone')).toEqual([]);
  expect(await later('alone', y2040)).toEqual([['none']]);
});

it('does not restore an earlier value when a later one expires', async () => {
  await state('expired', 'old', { validFrom: '2026-01-01T00:00:00Z' });
  await state('expired', 'new', { validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-03-01T00:00:00Z' });

  expect(await inForce('expired')).toEqual([]);
  expect(await statuses('expired')).toEqual(['SUPERSEDED', 'EXPIRED']);
});

it('retracts the value in force and the scheduled values', async () => {
  const retract =
    'mutation ($input: RetractPreferenceInput!) { retractPreference(input: $input) { outcome preference { status } } }';
  const input = { customer, key: 'retracted' };
  await state('retracted', 'vegan');
  await state('retracted', 'none', { validFrom: y2040 });

  const { retractPreference } = await shop.data(retract, { input });
  const repeated = await shop.error(retract, { input });

  expect(retractPreference).toEqual({ outcome: 'UPDATED', preference: { status: 'RETRACTED' } });
  expect(repeated.extensions.code).toBe('NOT_FOUND');
  expect([await inForce('retracted'), await later('retracted', y2050)]).toEqual([[], [[]]]);
  expect(await statuses('retracted')).toEqual(['RETRACTED', 'RETRACTED']);
});

it('explains a scheduled value as scheduled', async () => {
  await state('explained', 'vegan');
  const { preference } = await state('explained', 'none', { validFrom: y2040 });

  const { fact } = await shop.data('query ($id: ID!) { fact(id: $id) { value inputs { value } } }', preference);

  expect(fact).toMatchObject({ value: { status: 'SCHEDULED' }, inputs: [{ value: { status: 'ACTIVE' } }] });
});
