import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { runScheduledJobs } from '../../jobs/scheduled-jobs.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const upsert = `mutation ($input: UpsertCustomerInput!) {
  upsertCustomer(input: $input) {
    outcome
    customer { id displayName contactPoints { nodes { kind value normalizedValue isPrimary } } }
  }
}`;
const find = 'query ($by: CustomerKey!) { customer(by: $by) { id displayName } }';

async function write(input: object) {
  return (await shop.data(upsert, { input })).upsertCustomer;
}

const phonesOf = ({ customer }: Awaited<ReturnType<typeof write>>) =>
  customer.contactPoints.nodes.map((point: { normalizedValue: string }) => point.normalizedValue);
const external = (value: string) => ({ externalId: { source: 'identity', value } });
const phone = (value: string) => ({ kind: 'PHONE', value });

describe('a phone number', () => {
  it('with a different extension belongs to a different customer', async () => {
    const alice = await write({ key: { phone: '+1 650-555-0123 ext. 101' }, displayName: 'Alice' });
    const bob = await write({ key: { phone: '+1 650-555-0123 ext. 102' }, displayName: 'Bob' });
    const desk = await write({ key: { phone: '+1 650-555-0123' }, displayName: 'Desk' });

    expect([alice.outcome, bob.outcome, desk.outcome]).toEqual(['CREATED', 'CREATED', 'CREATED']);
    for (const spelling of ['+1 650-555-0123 x101', 'tel:+16505550123;ext=101', '0016505550123 #101'])
      expect((await shop.data(find, { by: { phone: spelling } })).customer).toMatchObject({ displayName: 'Alice' });
    expect((await write({ key: { phone: '+1 (650) 555 0123, extension 101' }, displayName: 'Alice' })).outcome).toBe(
      'NOOP',
    );
  });

  it('without a country code is parsed in the customer’s country', async () => {
    const london = await write({ key: external('london'), country: 'GB', contactPoints: [phone('020 7946 0958')] });
    const stockholm = await write({
      key: external('stockholm'),
      addresses: [
        { kind: 'BILLING', lines: [], countryCode: 'NO' },
        { kind: 'BILLING', lines: [], countryCode: 'SE', isDefault: true },
      ],
      contactPoints: [phone('0921-123 465')],
    });
    const warsaw = await write({ key: external('warsaw'), contactPoints: [phone('512 345 679')] });
    const antarctica = await write({ key: external('pole'), country: 'AQ', contactPoints: [phone('512 345 670')] });

    expect([london, stockholm, warsaw, antarctica].map(phonesOf)).toEqual([
      ['+442079460958'],
      ['+46921123465'],
      ['+48512345679'],
      ['+48512345670'],
    ]);
  });

  it('without a country code is parsed in the stored country', async () => {
    await write({ key: external('known'), country: 'GB' });
    await write({ key: external('addressed'), addresses: [{ kind: 'HOME', lines: [], countryCode: 'GB' }] });

    const known = await write({ key: external('known'), contactPoints: [phone('020 7946 0001')] });
    const again = await write({ key: external('known'), contactPoints: [phone('020 7946 0001')] });
    const addressed = await write({ key: external('addressed'), contactPoints: [phone('020 7946 0002')] });
    const moved = await write({ key: external('known'), country: 'FR', contactPoints: [phone('01 02 03 04 05')] });
    const { addContactPoint } = await shop.data(
      `mutation ($input: AddContactPointInput!) { addContactPoint(input: $input) { customer { contactPoints { nodes { normalizedValue } } } } }`,
      { input: { customer: external('addressed'), kind: 'PHONE', value: '020 7946 0003' } },
    );

    expect(phonesOf(known)).toEqual(['+442079460001']);
    expect(again.outcome).toBe('NOOP');
    expect(phonesOf(addressed)).toEqual(['+442079460002']);
    expect(phonesOf(moved)).toEqual(['+442079460001', '+33102030405']);
    expect(addContactPoint.customer.contactPoints.nodes).toEqual([
      { normalizedValue: '+442079460002' },
      { normalizedValue: '+442079460003' },
    ]);
  });

  it('in a key is parsed in the country of the same input, or else in the workspace’s country', async () => {
    const given = await write({ key: { phone: '020 7946 0100' }, country: 'GB' });
    const { customer } = await shop.data(find, { by: { phone: '+44 20 7946 0100' } });

    expect(customer.id).toBe(given.customer.id);
    expect(phonesOf(await write({ key: { phone: '512 345 671' } }))).toEqual(['+48512345671']);
  });

  it.each(['call me at 512 345 678 after 5', '2024-05-01', '01.05.2024', '512 345 678, 601 234 762'])(
    'cannot be %j',
    async (value) => {
      const inKey = await shop.error(upsert, { input: { key: { phone: value } } });
      const inPoint = await shop.error(upsert, { input: { key: external('text'), contactPoints: [phone(value)] } });

      expect(inKey.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['key', 'phone'] });
      expect(inPoint.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['contactPoints', 0, 'value'] });
      expect(inKey.message).not.toContain(value);
    },
  );

  it('is masked without its extension', async () => {
    const { customer } = await write({ key: { phone: '+1 650-555-0199 ext. 4711' } });

    expect(customer.displayName).toBe('+16***99');
  });
});

describe('an email address', () => {
  it.each([
    ['a leading zero-width space', '\u200bzw@example.com'],
    ['a trailing zero-width space', 'zw@example.com\u200b'],
    ['a direction mark', '\u202azw@example.com'],
    ['direction isolates', '\u2066zw@example.com\u2069'],
    ['a soft hyphen', 'z\u00adw@example.com'],
    ['a word joiner and a byte-order mark', 'zw\u2060@exam\ufeffple.com'],
  ])('with %s is the same address', async (_what, email) => {
    const { customer } = await write({ key: { email: 'zw@example.com' } });

    expect(await write({ key: { email } })).toMatchObject({ outcome: 'NOOP', customer: { id: customer.id } });
  });

  it('with an international domain is the same in Unicode and ASCII', async () => {
    const { customer } = await write({ key: { email: 'jan@bücher.example' } });

    for (const email of ['jan@xn--bcher-kva.example', 'JAN@XN--BCHER-KVA.example', 'jan@BÜCHER。example'])
      expect(await write({ key: { email } })).toMatchObject({ outcome: 'NOOP', customer: { id: customer.id } });
    const asked = `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { customerId } }`;
    expect((await shop.data(asked, { by: { email: 'jan@xn--bcher-kva.example' } })).customerContext).toEqual({
      customerId: customer.id,
    });
    const taken = { key: external('other'), contactPoints: [{ kind: 'EMAIL', value: 'jan@xn--bcher-kva.example' }] };
    expect((await shop.error(upsert, { input: taken })).extensions).toMatchObject({
      code: 'CONFLICT',
      conflictingId: customer.id,
    });
  });

  it('stays erased in every spelling', async () => {
    const erase = `mutation ($customer: CustomerKey!) { requestErasure(input: { customer: $customer, afterDays: 0 }) { outcome } }`;
    await write({ key: { email: 'gone@bücher.example' }, contactPoints: [phone('+1 650-555-0150 ext. 7')] });
    await shop.data(erase, { customer: { email: 'gone@xn--bcher-kva.example' } });
    await runScheduledJobs(shop.db);

    for (const key of [
      { email: 'gone@bücher.example' },
      { email: 'gone@xn--bcher-kva.example' },
      { email: '\u200bGONE@BÜCHER.example' },
      { phone: '+16505550150 x7' },
    ])
      expect((await shop.error(upsert, { input: { key } })).extensions.code).toBe('CONFLICT');
    // The number without an extension did not belong to the erased customer.
    expect((await write({ key: { phone: '+1 650-555-0150' } })).outcome).toBe('CREATED');
  });
});

describe('a handle', () => {
  const handle = (value: string) => ({ kind: 'SOCIAL', value });

  it('is the same in any Unicode normalization, with or without invisible characters', async () => {
    await write({ key: external('handle'), contactPoints: [handle('@café')] });

    for (const value of ['@cafe\u0301', '@caf\u200bé', '\u202a@CAFÉ\u202c', ' @café\ufeff']) {
      const again = { key: external('handle'), contactPoints: [handle(value)] };
      expect(await write(again)).toMatchObject({ outcome: 'NOOP' });
      const other = { key: external('other handle'), contactPoints: [handle(value)] };
      expect((await shop.error(upsert, { input: other })).extensions).toMatchObject({ code: 'CONFLICT' });
    }
  });

  it.each(['', ' ', '\u200b', '\u202a\u202c', '\u2800'])('%j is rejected as blank', async (value) => {
    const { message, extensions } = await shop.error(upsert, {
      input: { key: external('blank'), contactPoints: [handle(value)] },
    });

    expect(message).toBe('Must not be empty.');
    expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['contactPoints', 0, 'value'] });
  });
});

describe('a key', () => {
  it.each([
    ['an empty email', { email: '' }, ['email'], 'Must not be empty.'],
    ['a blank email', { email: ' ' }, ['email'], 'Must not be empty.'],
    ['a malformed email', { email: 'nobody' }, ['email'], 'Not a valid email address.'],
    ['an empty phone', { phone: '' }, ['phone'], 'Must not be empty.'],
    ['an empty ID', { id: '' }, ['id'], undefined],
    ['an empty source', { externalId: { source: '', value: 'x' } }, ['externalId', 'source'], 'Must not be empty.'],
    ['an empty value', { externalId: { source: 'x', value: '' } }, ['externalId', 'value'], 'Must not be empty.'],
  ])('with %s is rejected with the path of the field', async (_what, key, path, message) => {
    const written = await shop.error(upsert, { input: { key } });
    const found = await shop.error(find, { by: key });
    const asked = await shop.error(
      'query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { customerId } }',
      { by: key },
    );

    expect(written.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['key', ...path] });
    for (const { extensions } of [found, asked])
      expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['by', ...path] });
    if (message !== undefined) expect(written.message).toBe(message);
  });

  it('needs exactly one field', async () => {
    for (const by of [{}, { email: null }, { email: 'a@example.com', phone: '512345678' }])
      expect((await shop.error(find, { by })).extensions.code).toBe('INVALID_INPUT');
  });
});
