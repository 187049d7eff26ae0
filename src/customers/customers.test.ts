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

it('creates, then finds nothing to change, then updates', async () => {
  const input = { key: { email: 'ada@example.com' }, givenName: 'Ada', tags: ['vip', 'press'] };

  const created = await write(input);
  const repeated = await write({ ...input, tags: ['press', 'vip'] });
  const changed = await write({ ...input, note: 'Likes brevity.' });

  expect([created.outcome, repeated.outcome, changed.outcome]).toEqual(['CREATED', 'NOOP', 'UPDATED']);
  expect(changed.customer).toMatchObject({ id: created.customer.id, displayName: 'Ada', note: 'Likes brevity.' });
});

it.each(['ADA2@example.com', ' ada2@Example.COM '])('knows %j as the e-mail ada2@example.com', async (email) => {
  const { customer } = await write({ key: { email: 'ada2@example.com' } });

  const found = await shop.data('query ($by: CustomerKey!) { customer(by: $by) { id } }', { by: { email } });

  expect(found.customer.id).toBe(customer.id);
});

it('reads a phone number without a country code as one of the workspace', async () => {
  const { customer } = await write({ key: { phone: '512 345 678' } });

  expect(customer.contactPoints.nodes).toMatchObject([
    { kind: 'PHONE', normalizedValue: '+48512345678', isPrimary: true },
  ]);
});

it('refuses a contact point of somebody else, names them, and writes nothing', async () => {
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

it('keeps what is left out and takes away what is null', async () => {
  await write({ key: { email: 'keep@example.com' }, givenName: 'Kim', note: 'A note.' });

  const { customer } = await write({ key: { email: 'keep@example.com' }, note: null });

  expect(customer).toMatchObject({ displayName: 'Kim', note: null });
});

it.each([
  ['a malformed e-mail', { key: { email: 'nobody' } }, ['key', 'email']],
  ['a malformed phone', { key: { phone: '12' } }, ['key', 'phone']],
  ['an id of another type', { key: { id: 'order_01h455vb4pex5vsknk084sn02q' } }, ['key', 'id']],
  ['U+0000', { key: { email: 'x@example.com' }, note: 'a\u0000b' }, ['note']],
  ['a lone surrogate', { key: { email: 'x@example.com' }, note: 'a\ud800b' }, ['note']],
  ['a day that does not exist', { key: { email: 'x@example.com' }, birthday: { month: 2, day: 30 } }, ['birthday']],
  ['a name of blanks', { key: { email: 'x@example.com' }, displayName: '  ' }, ['displayName']],
])('refuses %s, says where, and writes nothing', async (_what, input, field) => {
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
])('refuses a malformed %s before anything runs', async (field, value) => {
  const { extensions } = await shop.error(upsert, {
    input: { key: { email: 'x@example.com' }, [field]: value },
  });

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: expect.arrayContaining([field]) });
});

it('refuses an unknown id as it refuses one of another workspace', async () => {
  const other = await api.tenant('other');
  const { upsertCustomer } = await other.data(upsert, { input: { key: { email: 'a@example.com' } } });

  const foreign = await shop.error(upsert, { input: { key: { id: upsertCustomer.customer.id } } });
  const unknown = await shop.error(upsert, { input: { key: { id: 'customer_01h455vb4pex5vsknk084sn02q' } } });

  expect(foreign).toEqual(unknown);
  expect(foreign.extensions.code).toBe('NOT_FOUND');
});

it('keeps 29 February without a year, and any text exactly', async () => {
  const note = 'Zażółć 👩‍👩‍👧 \\ % _ "quoted"\n\ttabbed é ї';
  const salutations = [{ locale: 'pl', text: 'Panie Łukaszu' }];

  await write({ key: { email: 'exact@example.com' }, birthday: { month: 2, day: 29 }, note, salutations });

  const { customer } = await shop.data(
    '{ customer(by: { email: "exact@example.com" }) { note birthday { month day year } salutations { locale text } } }',
  );
  expect(customer).toEqual({ note, birthday: { month: 2, day: 29, year: null }, salutations });
});

it('searches any part of a name, e-mail or phone, without case and diacritics', async () => {
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

it('makes the oldest contact point of a kind the primary one when that is removed', async () => {
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

it('gives one e-mail to one customer however many ask at once', async () => {
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

it('makes one customer of an e-mail that many write at once', async () => {
  const writes = Array.from({ length: 8 }, (_, i) =>
    shop.send(upsert, { input: { key: { email: 'same@example.com' }, note: `${i}` } }),
  );

  const answers = await Promise.all(writes);

  const ids = answers.map(({ data }) => data.upsertCustomer.customer.id);
  expect(new Set(ids).size).toBe(1);
  expect(answers.filter(({ data }) => data.upsertCustomer.outcome === 'CREATED')).toHaveLength(1);
});
