import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const upsert = `mutation ($input: UpsertCustomerInput!) {
  upsertCustomer(input: $input) {
    outcome
    customer { id displayName note tags contactPoints { nodes { id kind value normalizedValue isPrimary } } }
  }
}`;

async function write(input: object) {
  return (await shop.data(upsert, { input })).upsertCustomer;
}

it('creates a customer, ignores an identical write, and updates changed fields', async () => {
  const input = { key: { email: 'ada@example.com' }, givenName: 'Ada', tags: ['vip', 'press'] };

  const created = await write(input);
  const repeated = await write({ ...input, tags: ['press', 'vip'] });
  const changed = await write({ ...input, note: 'Likes brevity.' });

  expect([created.outcome, repeated.outcome, changed.outcome]).toEqual(['CREATED', 'NOOP', 'UPDATED']);
  expect(changed.customer).toMatchObject({ id: created.customer.id, displayName: 'Ada', note: 'Likes brevity.' });
});

it.each(['ADA2@example.com', ' ada2@Example.COM '])('finds the email ada2@example.com by %j', async (email) => {
  const { customer } = await write({ key: { email: 'ada2@example.com' } });

  const found = await shop.data('query ($by: CustomerKey!) { customer(by: $by) { id } }', { by: { email } });

  expect(found.customer.id).toBe(customer.id);
});

it('parses a phone number without a country code in the workspace’s country', async () => {
  const { customer } = await write({ key: { phone: '512 345 678' } });

  expect(customer.contactPoints.nodes).toMatchObject([
    { kind: 'PHONE', normalizedValue: '+48512345678', isPrimary: true },
  ]);
});

it('rejects a contact point of another customer, returns that customer’s ID, and writes nothing', async () => {
  const owner = await write({ key: { email: 'owner@example.com' } });
  const other = {
    key: { externalId: { source: 'test', value: 'other' } },
    contactPoints: [{ kind: 'EMAIL', value: 'Owner@example.com' }],
  };

  const { extensions } = await shop.error(upsert, { input: other });

  expect(extensions).toMatchObject({
    code: 'CONFLICT',
    field: ['contactPoints', 0, 'value'],
    conflictingId: owner.customer.id,
  });
  expect(await shop.db.customerExternalId.count({ where: { value: 'other' } })).toBe(0);
});

it('keeps omitted fields and clears fields that are null', async () => {
  await write({ key: { email: 'keep@example.com' }, givenName: 'Kim', note: 'A note.' });

  const { customer } = await write({ key: { email: 'keep@example.com' }, note: null });

  expect(customer).toMatchObject({ displayName: 'Kim', note: null });
});

it.each([
  ['a malformed email', { key: { email: 'nobody' } }, ['key', 'email']],
  ['a malformed phone', { key: { phone: '12' } }, ['key', 'phone']],
  ['an ID of another type', { key: { id: 'order_01h455vb4pex5vsknk084sn02q' } }, ['key', 'id']],
  ['U+0000', { key: { email: 'x@example.com' }, note: 'a\u0000b' }, ['note']],
  ['a lone surrogate', { key: { email: 'x@example.com' }, note: 'a\ud800b' }, ['note']],
  ['a date that does not exist', { key: { email: 'x@example.com' }, birthday: { month: 2, day: 30 } }, ['birthday']],
  ['a blank name', { key: { email: 'x@example.com' }, displayName: '  ' }, ['displayName']],
])('rejects %s, names the field, and writes nothing', async (_what, input, field) => {
  const before = await shop.db.customer.count();

  const { extensions } = await shop.error(upsert, { input });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field });
  expect(await shop.db.customer.count()).toBe(before);
});

it.each([
  ['locale', 'not a locale'],
  ['timezone', 'Mars/Olympus'],
  ['country', 'XX'],
  ['register', 'ROYAL'],
  ['quietHours', { from: '25:00', until: '08:00' }],
  ['quietHours', { from: '22:00', until: '22:00' }],
])('rejects a malformed %s before anything runs', async (field, value) => {
  const { extensions } = await shop.error(upsert, {
    input: { key: { email: 'x@example.com' }, [field]: value },
  });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: expect.arrayContaining([field]) });
});

it('rejects an ID of another workspace with the same error as an unknown ID', async () => {
  const other = await api.tenant('other');
  const { upsertCustomer } = await other.data(upsert, { input: { key: { email: 'a@example.com' } } });

  const foreign = await shop.error(upsert, { input: { key: { id: upsertCustomer.customer.id } } });
  const unknown = await shop.error(upsert, { input: { key: { id: 'customer_01h455vb4pex5vsknk084sn02q' } } });

  expect(foreign).toEqual(unknown);
  expect(foreign.extensions.code).toBe('NOT_FOUND');
});

it('stores 29 February without a year, and stores text unchanged', async () => {
  const note = 'Zażółć 👩‍👩‍👧 \\ % _ "quoted"\n\ttabbed é ї';
  const salutations = [{ locale: 'pl', text: 'Panie Łukaszu' }];

  await write({ key: { email: 'exact@example.com' }, birthday: { month: 2, day: 29 }, note, salutations });

  const { customer } = await shop.data(
    '{ customer(by: { email: "exact@example.com" }) { note birthday { month day year } salutations { locale text } } }',
  );
  expect(customer).toEqual({ note, birthday: { month: 2, day: 29, year: null }, salutations });
});

it('searches any part of a name, email or phone number, ignoring case and diacritics', async () => {
  await write({
    key: { email: 'zofia@kwiaty.pl' },
    displayName: 'Zofia Żółkiewska',
    contactPoints: [{ kind: 'PHONE', value: '600700800' }],
  });
  await write({ key: { email: 'ivha@kvity.ua' }, displayName: 'Ївга Є%_б' });
  const names = async (search: string) =>
    (
      await shop.data('query ($search: String) { customers(where: { search: $search }) { nodes { displayName } } }', {
        search,
      })
    ).customers.nodes.map((node: { displayName: string }) => node.displayName);

  expect(await names('zolk zof')).toEqual(['Zofia Żółkiewska']);
  expect(await names('KWIATY')).toEqual(['Zofia Żółkiewska']);
  expect(await names('0070')).toEqual(['Zofia Żółkiewska']);
  expect(await names('івга е%_')).toEqual(['Ївга Є%_б']);
  expect(await names('Z%')).toEqual([]);
});

it('makes the oldest contact point of a kind primary when the primary one is removed', async () => {
  await write({ key: { email: 'first@example.com' }, contactPoints: [{ kind: 'EMAIL', value: 'second@example.com' }] });
  const added = await shop.data(
    'mutation { addContactPoint(input: { customer: { email: "first@example.com" }, kind: EMAIL, value: "third@example.com", isPrimary: true }) { customer { contactPoints { nodes { id value isPrimary } } } } }',
  );
  const [third] = added.addContactPoint.customer.contactPoints.nodes.filter(
    (point: { isPrimary: boolean }) => point.isPrimary,
  );

  const removed = await shop.data(
    'mutation ($id: ID!) { removeContactPoint(input: { id: $id }) { customer { contactPoints { nodes { value isPrimary } } } } }',
    { id: third.id },
  );

  expect(third.value).toBe('third@example.com');
  expect(removed.removeContactPoint.customer.contactPoints.nodes).toEqual([
    { value: 'first@example.com', isPrimary: true },
    { value: 'second@example.com', isPrimary: false },
  ]);
});

it('gives an email to only one of several customers that claim it concurrently', async () => {
  const claims = Array.from({ length: 8 }, (_, i) =>
    shop.send(upsert, {
      input: {
        key: { externalId: { source: 'race', value: `${i}` } },
        contactPoints: [{ kind: 'EMAIL', value: 'race@example.com' }],
      },
    }),
  );

  const answers = await Promise.all(claims);

  expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
  expect(new Set(answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []))).toEqual(
    new Set(['CONFLICT']),
  );
  expect(await shop.db.customerExternalId.count({ where: { source: 'race' } })).toBe(1);
  expect(api.faults).toEqual([]);
});

it('creates one customer when many requests write the same email concurrently', async () => {
  const writes = Array.from({ length: 8 }, (_, i) =>
    shop.send(upsert, { input: { key: { email: 'same@example.com' }, note: `${i}` } }),
  );

  const answers = await Promise.all(writes);

  const ids = answers.map(({ data }) => data.upsertCustomer.customer.id);
  expect(new Set(ids).size).toBe(1);
  expect(answers.filter(({ data }) => data.upsertCustomer.outcome === 'CREATED')).toHaveLength(1);
});
