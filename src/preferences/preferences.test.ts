import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
await shop.data('mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) { outcome } }');

const customer = { email: 'ada@example.com' };
const set = `mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { outcome preference { status value } } }`;

async function write(key: string, origin: string, text: string, rest: object = {}) {
  return (await shop.data(set, { input: { customer, key, origin, value: { string: text }, ...rest } })).setPreference;
}

async function inForce(key: string) {
  const { customer } = await shop.data(
    'query ($key: String!) { customer(by: { email: "ada@example.com" }) { preferences(where: { key: { eq: $key }, status: { eq: ACTIVE } }) { nodes { value } } } }',
    { key },
  );
  return customer.preferences.nodes.map((node: { value: unknown }) => node.value);
}

it.each([
  ['INFERRED', 'STATED', 'second'],
  ['STATED', 'INFERRED', 'first'],
  ['OBSERVED', 'INFERRED', 'first'],
  ['OBSERVED', 'STATED', 'second'],
  ['STATED', 'STATED', 'second'],
])('after %s then %s, keeps the %s value in force', async (first, second, winner) => {
  const key = `${first}.${second}`;

  await write(key, first, 'first');
  await write(key, second, 'second');

  expect(await inForce(key)).toEqual([winner]);
});

it('does not replace a newer value with an older one of the same origin, and keeps both', async () => {
  await write('size', 'STATED', 'M', { validFrom: '2026-02-01T00:00:00Z' });

  const older = await write('size', 'STATED', 'S', { validFrom: '2026-01-01T00:00:00Z' });

  expect(older.preference.status).toBe('SUPERSEDED');
  expect(await inForce('size')).toEqual(['M']);
  expect(await shop.db.preference.count({ where: { key: 'size' } })).toBe(2);
});

it('returns NOOP for a known value', async () => {
  await write('tone', 'STATED', 'brief');

  expect((await write('tone', 'STATED', 'brief')).outcome).toBe('NOOP');
});

it('keeps a proposed value out of force', async () => {
  await write('gift', 'OBSERVED', 'tea', { isProposed: true });

  expect(await inForce('gift')).toEqual([]);
});

it('ends a value without a replacement', async () => {
  await write('colour', 'STATED', 'red');

  await shop.data(
    'mutation { retractPreference(input: { customer: { email: "ada@example.com" }, key: "colour" }) { preference { status } } }',
  );

  expect(await inForce('colour')).toEqual([]);
});

it('keeps one value in force when many are set at once', async () => {
  await Promise.all(Array.from({ length: 10 }, (_, i) => write('race', 'STATED', `${i}`)));

  expect(await inForce('race')).toHaveLength(1);
  expect(api.faults).toEqual([]);
});

it('rejects values that the definition of the key does not allow', async () => {
  await shop.data('mutation { definePreference(input: { key: "shoe.size", valueType: NUMBER }) { __typename } }');
  await shop.data(
    'mutation { definePreference(input: { key: "fit", valueType: STRING, allowedValues: ["slim", "wide"] }) { __typename } }',
  );

  const wrongType = await shop.error(set, {
    input: { customer, key: 'shoe.size', origin: 'STATED', value: { string: '42' } },
  });
  const wrongValue = await shop.error(set, {
    input: { customer, key: 'fit', origin: 'STATED', value: { string: 'tight' } },
  });

  expect([wrongType, wrongValue].map(({ extensions }) => extensions)).toMatchObject([
    { code: 'INVALID_INPUT', field: ['value'] },
    { code: 'INVALID_INPUT', field: ['value'] },
  ]);
  expect(wrongValue.message).toBe('Must be one of: slim, wide.');
});

it.each([
  ['a value', {}],
  ['a proposal', { isProposed: true }],
  ['a value with a later start', { validFrom: '2026-03-01T00:00:00Z' }],
])('rejects %s that ends before it starts, and keeps the value in force', async (what, rest) => {
  const key = `ended.${what.replaceAll(' ', '.')}`;
  await write(key, 'STATED', 'tea');
  const ended = { customer, key, origin: 'STATED', value: { string: 'milk' }, validUntil: '2026-02-01T00:00:00Z' };

  const { extensions } = await shop.error(set, { input: { ...ended, ...rest } });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['validUntil'] });
  expect(await inForce(key)).toEqual(['tea']);
});

it('returns NOOP for a repeated value that has expired since', async () => {
  const validUntil = new Date(Date.now() + 300).toISOString();
  await write('ended.since', 'STATED', 'tea', { validUntil });
  await new Promise((resolve) => setTimeout(resolve, 350));

  expect((await write('ended.since', 'STATED', 'tea', { validUntil })).outcome).toBe('NOOP');
});

it.each([
  ['string', 'tea', 'STRING'],
  ['number', 42.5, 'NUMBER'],
  ['boolean', false, 'BOOLEAN'],
  ['stringList', ['a', 'b'], 'STRING_LIST'],
  ['date', '2026-11-21', 'DATE'],
])('round-trips a %s', async (field, value, valueType) => {
  const input = { customer, key: `typed.${field}`, origin: 'STATED', value: { [field]: value } };

  const { setPreference } = await shop.data(
    'mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { preference { value valueType } } }',
    { input },
  );

  expect(setPreference.preference).toEqual({ value, valueType });
});

it.each([
  ['leading and trailing spaces', { string: ' tea ' }],
  ['line breaks', { string: 'tea\r\nmilk' }],
  ['spaces within a list', { stringList: [' a', 'b\n'] }],
])('keeps %s as sent', async (name, value) => {
  const input = { customer, key: `kept.${name.replaceAll(' ', '-')}`, origin: 'STATED', value };
  const { setPreference } = await shop.data(
    'mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { preference { value } } }',
    { input },
  );

  expect([setPreference.preference.value]).toEqual(Object.values(value));
});

it.each([
  [{ string: ' \n' }, ['value', 'string']],
  [{ stringList: ['a', '\t'] }, ['value', 'stringList', 1]],
  [{ string: '\u200b\u202c' }, ['value', 'string']],
  [{ stringList: ['a', '\ufeff'] }, ['value', 'stringList', 1]],
])('rejects the blank value %j', async (value, field) => {
  const { message, extensions } = await shop.error(set, { input: { customer, key: 'blank', origin: 'STATED', value } });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field });
  expect(message).toContain('blank');
});

it('compares lists item by item', async () => {
  const list = (stringList: string[]) =>
    shop.data(set, { input: { customer, key: 'list', origin: 'STATED', value: { stringList } } });

  await list(['a', 'b\nc']);
  const other = await list(['a\nb', 'c']);
  const repeated = await list(['a\nb', 'c']);

  expect([other.setPreference.outcome, repeated.setPreference.outcome]).toEqual(['CREATED', 'NOOP']);
});

it('records the same value with another source or other evidence, and keeps omitted fields', async () => {
  const said = (rest: object) =>
    shop.data(
      'mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { outcome preference { source evidence } } }',
      { input: { customer, key: 'proof', origin: 'STATED', value: { string: 'x' }, ...rest } },
    );

  const first = await said({ source: 'desk', evidence: { form: 1 } });
  const repeated = await said({});
  const proven = await said({ evidence: { form: 2 } });

  expect([first, repeated, proven].map(({ setPreference }) => setPreference)).toEqual([
    { outcome: 'CREATED', preference: { source: 'desk', evidence: { form: 1 } } },
    { outcome: 'NOOP', preference: { source: 'desk', evidence: { form: 1 } } },
    { outcome: 'CREATED', preference: { source: 'desk', evidence: { form: 2 } } },
  ]);
});

it('does not record a weaker value twice', async () => {
  await write('weak', 'STATED', 'tea');
  const first = await write('weak', 'INFERRED', 'coffee');
  const again = await write('weak', 'INFERRED', 'coffee');

  expect([first.outcome, first.preference.status, again.outcome]).toEqual(['CREATED', 'SUPERSEDED', 'NOOP']);
});
