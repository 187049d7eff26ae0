import { type GraphQLInputObjectType, isInputObjectType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { unlimited, useApi } from '../../../test/api.ts';
import { importExamples, writeOneOfEverything } from '../../../test/dataset.ts';
import { writeLines } from '../../../test/run-import.ts';
import { createApiKey } from '../../access/api-keys.ts';
import { schema } from '../../server/schema.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const all = await api.tenant('one-of-everything');
const related = await api.tenant('related');

const upsert = (email: string, more: object = {}) =>
  shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
    input: { key: { email: `${email}@example.com` }, displayName: email, ...more },
  });

/** Returns the names of the customers that match a filter. */
async function find(where: object, secret = shop.secret): Promise<string[]> {
  const query = 'query ($where: CustomerWhere) { customers(where: $where) { totalCount nodes { displayName } } }';
  const { data, errors } = await api.sendAs(secret, query, { where });
  if (errors) throw new Error(JSON.stringify(errors));
  expect(data.customers.totalCount).toBe(data.customers.nodes.length);
  return data.customers.nodes.map(({ displayName }: { displayName: string }) => displayName).sort();
}

const refusal = async (where: object) =>
  shop.error('query ($where: CustomerWhere) { customers(where: $where) { totalCount } }', { where });

beforeAll(async () => {
  await upsert('ada', { country: 'PL', tags: ['vip'] });
  await upsert('bob', { country: 'DE', tags: ['vip', 'new'] });
  await upsert('cyd');
  const write = (operation: string, input: object) => shop.data(operation, { input });
  await write('mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { outcome } }', {
    customer: { email: 'ada@example.com' },
    key: 'size',
    value: { string: 'M' },
    origin: 'STATED',
  });
  await write('mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { outcome } }', {
    customer: { email: 'bob@example.com' },
    channel: 'EMAIL',
    purpose: 'MARKETING',
    status: 'GRANTED',
  });
  await writeOneOfEverything(all);
  await importExamples(all);
  await writeLines(related.db, linesOfRelated, 'test');
});

// Ada was contacted, Bob bought a product without a category, and Cyd has no related rows.
const linesOfRelated = [
  { type: 'customer', key: { externalId: 'ada' }, displayName: 'ada', tags: ['vip'] },
  { type: 'customer', key: { externalId: 'bob' }, displayName: 'bob', tags: ['vip', 'new'] },
  { type: 'customer', key: { externalId: 'cyd' }, displayName: 'cyd' },
  {
    type: 'interaction',
    key: { externalId: 'mail' },
    customer: { externalId: 'ada' },
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: '2026-01-05T00:00:00Z',
  },
  { type: 'product', key: { externalId: 'lamp' }, title: 'Lamp' },
  {
    type: 'order',
    key: { externalId: 'order' },
    customer: { externalId: 'bob' },
    placedAt: '2026-01-05T00:00:00Z',
    currencyCode: 'PLN',
    lines: [{ product: { externalId: 'lamp' }, title: 'Lamp', quantity: 1, unitPrice: '10' }],
  },
];

const everybody = ['ada', 'bob', 'cyd'];

describe('NOT', () => {
  it.each<[string, object, string[]]>([
    ['a country', { country: { eq: 'PL' } }, ['bob', 'cyd']],
    ['a list of countries', { country: { in: ['PL', 'DE'] } }, ['cyd']],
    ['a part of a country', { country: { contains: 'p' } }, ['bob', 'cyd']],
    ['a known country', { country: { isNull: false } }, ['cyd']],
    ['an unknown country', { country: { isNull: true } }, ['ada', 'bob']],
    ['either of two conditions', { OR: [{ country: { eq: 'PL' } }, { displayName: { eq: 'bob' } }] }, ['cyd']],
    ['both of two conditions', { AND: [{ country: { eq: 'PL' } }, { displayName: { eq: 'bob' } }] }, everybody],
    ['two fields of one object', { country: { eq: 'PL' }, displayName: { eq: 'bob' } }, everybody],
    ['NOT', { NOT: { country: { eq: 'PL' } } }, ['ada']],
    ['a double negation', { NOT: { NOT: { country: { eq: 'PL' } } } }, ['bob', 'cyd']],
    ['a tag', { tag: { eq: 'vip' } }, ['cyd']],
    ['any tag', { tag: {} }, ['cyd']],
    ['a preference', { preference: { key: 'size', value: { string: 'M' } } }, ['bob', 'cyd']],
    ['a consent', { consent: { channel: 'EMAIL', status: 'GRANTED' } }, ['ada', 'cyd']],
    ['a purchase', { purchased: { category: { eq: 'toys' } } }, everybody],
    ['statistics', { statistics: { currencyCode: 'PLN', numberOfOrders: { gte: 1 } } }, everybody],
    ['a contact', { contacted: { channel: { eq: 'EMAIL' } } }, everybody],
    ['an order of a channel', { boughtVia: { eq: 'WEB' } }, everybody],
    ['a search', { search: 'ada' }, ['bob', 'cyd']],
    ['a blank search', { search: ' ' }, []],
    ['an instant', { createdAt: { lt: '2000-01-01T00:00:00Z' } }, everybody],
    ['an empty object', {}, []],
    ['an empty AND', { AND: [] }, []],
    ['an empty OR', { OR: [] }, everybody],
    ['an empty filter', { country: {} }, []],
  ])('matches every other customer: %s', async (_what, condition, others) => {
    expect(await find({ NOT: condition })).toEqual(others);
    expect(await find({ NOT: { NOT: condition } })).toEqual(everybody.filter((name) => !others.includes(name)));
  });

  it('is the only operator that adds a null check', async () => {
    const sqlOf = async (where: object) => {
      api.statements.length = 0;
      await find(where);
      return api.statements.map(({ sql }) => sql).join();
    };

    expect(await sqlOf({ NOT: { country: { eq: 'PL' } } })).toContain('"country" IS NULL');
    expect(await sqlOf({ country: { eq: 'PL' } })).not.toContain('"country" IS NULL');
    expect(await sqlOf({ NOT: { NOT: { country: { eq: 'PL' } } } })).not.toContain('"country" IS NULL');
    expect(await sqlOf({ NOT: { displayName: { eq: 'ada' } } })).not.toContain('"displayName" IS NULL');
  });

  it('works inside AND and OR', async () => {
    const other = { NOT: { country: { eq: 'PL' } } };

    expect(await find({ AND: [other, { tag: { eq: 'vip' } }] })).toEqual(['bob']);
    expect(await find({ OR: [other, { displayName: { eq: 'ada' } }] })).toEqual(everybody);
    expect(await find({ ...other, displayName: { contains: 'B' } })).toEqual(['bob']);
  });
});

describe('an empty condition', () => {
  it.each<[object, string[]]>([
    [{}, everybody],
    [{ AND: [] }, everybody],
    [{ AND: [{}] }, everybody],
    [{ OR: [] }, []],
    [{ OR: [{}] }, everybody],
    [{ OR: [{ country: { eq: 'PL' } }, {}] }, everybody],
    [{ OR: [{ country: { eq: 'PL' } }, { OR: [] }] }, ['ada']],
    [{ OR: [{ country: { eq: 'PL' } }, { country: {} }] }, everybody],
    [{ AND: [{ country: { eq: 'PL' } }, { OR: [] }] }, []],
    [{ country: { eq: 'PL' }, OR: [] }, []],
    [{ country: { in: [] } }, []],
    [{ country: { in: [], eq: 'PL' } }, []],
    [{ country: { contains: '' } }, ['ada', 'bob']],
    [{ tag: { in: [] } }, []],
    [{ statistics: { currencyCode: 'PLN', numberOfOrders: { in: [] } } }, []],
  ])('follows Boolean logic: %j', async (where, found) => {
    expect(await find(where)).toEqual(found);
  });
});

describe('isNull', () => {
  // Every list on Query and Customer with a `where` argument, and each field of that filter with `isNull`.
  const listsOf = (type: string) => {
    const object = schema.getType(type);
    return (isObjectType(object) ? Object.values(object.getFields()) : []).flatMap(({ name, args }) => {
      const where = args.find((arg) => arg.name === 'where')?.type;
      return isInputObjectType(where) ? [{ of: type, name, where }] : [];
    });
  };
  const lists = [...listsOf('Query'), ...listsOf('Customer')];
  const offering = (where: GraphQLInputObjectType) =>
    Object.values(where.getFields()).flatMap(({ name, type }) =>
      isInputObjectType(type) && 'isNull' in type.getFields() ? [name] : [],
    );

  it('exists on every filter on a value', () => {
    const values = Object.values(schema.getTypeMap()).filter(
      (type) => isInputObjectType(type) && 'eq' in type.getFields(),
    ) as GraphQLInputObjectType[];

    expect(values.length).toBeGreaterThan(15);
    for (const type of values) expect(Object.keys(type.getFields())).toContain('isNull');
  });

  it.each(
    lists.flatMap(({ of, name, where }) => offering(where).map((field) => [of, name, field, where.name] as const)),
  )('splits %s.%s by %s', async (of, name, field, type) => {
    const list = `${name}(where: $where) { totalCount }`;
    const query = `query ($where: ${type}) { ${of === 'Query' ? list : `customers { nodes { ${list} } }`} }`;
    const count = async (where: object) => {
      const data = await all.data(query, { where });
      const found: Record<string, { totalCount: number }>[] = of === 'Query' ? [data] : data.customers.nodes;
      return found.reduce((sum, each) => sum + (each[name]?.totalCount ?? 0), 0);
    };
    const [total, without, having] = [
      await count({}),
      await count({ [field]: { isNull: true } }),
      await count({ [field]: { isNull: false } }),
    ];

    expect(total).toBeGreaterThan(0);
    expect(without + having).toBe(total);
  });

  it.each<[object, string[]]>([
    [{ tag: { isNull: true } }, ['cyd']],
    [{ tag: { isNull: false } }, ['ada', 'bob']],
    [{ NOT: { tag: { isNull: true } } }, ['ada', 'bob']],
    [{ tag: { isNull: false, eq: 'new' } }, ['bob']],
    [{ tag: { isNull: true, eq: 'new' } }, []],
    [{ NOT: { tag: { isNull: true, eq: 'new' } } }, everybody],
    [{ boughtVia: { isNull: true } }, ['ada', 'cyd']],
    [{ boughtVia: { isNull: false } }, ['bob']],
    [{ contacted: { channel: { isNull: true } } }, ['bob', 'cyd']],
    [{ contacted: { channel: { isNull: false } } }, ['ada']],
    [{ contacted: { channel: { eq: 'EMAIL' }, occurredAt: { isNull: true } } }, ['bob', 'cyd']],
    [{ contacted: { channel: { eq: 'PHONE' }, occurredAt: { isNull: true } } }, everybody],
    [{ contacted: { channel: { isNull: true }, occurredAt: { gte: '2026-02-01T00:00:00Z' } } }, everybody],
    [{ contacted: { channel: { isNull: true }, occurredAt: { isNull: true } } }, ['bob', 'cyd']],
    [{ statistics: { currencyCode: 'PLN', numberOfOrders: { isNull: true } } }, ['ada', 'cyd']],
    [{ purchased: { timesBought: { isNull: true } } }, ['ada', 'cyd']],
    [{ purchased: { category: { isNull: true } } }, ['bob']],
    [{ NOT: { purchased: { category: { isNull: true } } } }, ['ada', 'cyd']],
    [{ purchased: { category: { isNull: false } } }, []],
  ])('applies to related rows: %j', async (where, found) => {
    expect(await find(where, related.secret)).toEqual(found);
  });

  it('matches no customer on a non-nullable field', async () => {
    for (const field of ['displayName', 'status', 'createdAt', 'updatedAt']) {
      expect(await find({ [field]: { isNull: true } })).toEqual([]);
      expect(await find({ [field]: { isNull: false } })).toEqual(everybody);
    }
  });
});

describe('null', () => {
  it.each<[object, (string | number)[]]>([
    [{ country: { eq: null } }, ['where', 'country', 'eq']],
    [{ country: { contains: null } }, ['where', 'country', 'contains']],
    [{ country: { in: null } }, ['where', 'country', 'in']],
    [{ country: { isNull: null } }, ['where', 'country', 'isNull']],
    [{ createdAt: { gte: null } }, ['where', 'createdAt', 'gte']],
    [{ status: { eq: null } }, ['where', 'status', 'eq']],
    [{ country: null }, ['where', 'country']],
    [{ search: null }, ['where', 'search']],
    [{ NOT: null }, ['where', 'NOT']],
    [{ OR: null }, ['where', 'OR']],
    [{ OR: [{}, { NOT: { country: { eq: null } } }] }, ['where', 'OR', 1, 'NOT', 'country', 'eq']],
    [{ consent: { channel: null } }, ['where', 'consent', 'channel']],
    [{ purchased: { timesBought: { gte: null } } }, ['where', 'purchased', 'timesBought', 'gte']],
    [{ country: { in: ['PL', null] } }, ['country', 'in', 1]],
  ])('is rejected with a hint: %j', async (where, field) => {
    const { message, extensions } = await refusal(where);

    expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field });
    expect(message).toContain('`isNull: true`');
  });

  it('matches everything as the whole filter', async () => {
    expect(await shop.data('{ customers(where: null) { totalCount } }')).toEqual({ customers: { totalCount: 3 } });
  });
});

describe('a masked name', () => {
  it('matches no condition, and therefore every negated one', async () => {
    const { secret } = await createApiKey(shop.db, { name: 'masked', scopes: ['customers:read'] });
    await shop.data(
      'mutation { upsertCustomer(input: { key: { email: "zoe@example.com" }, displayName: "zoe@example.com" }) { outcome } }',
    );
    const [full, masked] = [
      (where: object) => find(where),
      async (where: object) => (await find(where, secret)).map((name) => (name.includes('*') ? 'hidden' : name)).sort(),
    ];

    expect(await full({ displayName: { contains: 'zoe' } })).toHaveLength(1);
    expect(await masked({ displayName: { contains: 'zoe' } })).toEqual([]);
    expect(await masked({ NOT: { displayName: { contains: 'zoe' } } })).toEqual(['ada', 'bob', 'cyd', 'hidden']);
    expect(await masked({ NOT: { displayName: { contains: 'nobody' } } })).toEqual(['ada', 'bob', 'cyd', 'hidden']);
    expect(await masked({ displayName: { isNull: false } })).toEqual(['ada', 'bob', 'cyd', 'hidden']);
    expect(await masked({ displayName: {} })).toEqual(['ada', 'bob', 'cyd', 'hidden']);
    await shop.db.customer.deleteMany({ where: { displayName: 'zoe@example.com' } });
  });

  it.each([
    'zoe＠example.com',
    '＋４８ ６０１ ２３４ ７６２',
    '(+48) 601 234 762',
    '\u202a+48 601 234 762\u202c',
    'TEL:+48601234762',
    '+٤٨٦٠١٢٣٤٧٦٢',
  ])('matches no condition: %j', async (displayName) => {
    const { secret } = await createApiKey(shop.db, { name: 'masked', scopes: ['customers:read'] });
    await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
      input: { key: { externalId: { source: 'masked', value: 'zoe' } }, displayName },
    });
    const start = { displayName: { contains: displayName.slice(0, 3) } };

    expect(await find(start)).toEqual([displayName]);
    expect(await find(start, secret)).toEqual([]);
    expect((await find({}, secret)).filter((name) => name.includes('***'))).toHaveLength(1);
    await shop.db.customer.deleteMany({ where: { displayName } });
  });
});
