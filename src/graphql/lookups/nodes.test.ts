import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { createApiKey } from '../../access/api-keys.ts';
import { encodeId, type IdType, newId } from '../../lib/ids.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const other = await api.tenant('other');

const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
const one = 'query ($id: ID!) { node(id: $id) { id } }';
const upsert = `mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) {
  customer { id contactPoints { nodes { id } } } } }`;
let [mine, theirs] = ['', ''];
let order = '';

beforeAll(async () => {
  mine = (await shop.data(upsert)).upsertCustomer.customer.id;
  theirs = (await other.data(upsert)).upsertCustomer.customer.id;
  const write = 'mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { order { id } } }';
  const input = {
    key: { externalId: { source: 'shop', value: '1' } },
    channel: 'WEB',
    placedAt: '2026-01-01T00:00:00Z',
    currencyCode: 'PLN',
    lines: [{ title: 'Mug', quantity: 1, unitPrice: '10' }],
  };
  order = (await shop.data(write, { input })).upsertOrder.order.id;
});

describe('nodes', () => {
  it.each<[string, () => string]>([
    ['an unknown ID', () => encodeId('Customer', newId())],
    ['an ID of another workspace', () => theirs],
    ['an unknown ID of another type', () => encodeId('Order', newId())],
    ['an ID of a type that is not a Node', () => encodeId('ContactPoint', newId())],
    ['an unknown prefix', () => mine.replace('customer', 'person')],
    ['a UUID', newId],
    ['an ID in upper case', () => mine.toUpperCase()],
    ['an ID with a trailing space', () => `${mine} `],
    ['an empty string', () => ''],
    ['a number', () => '9007199254740993'],
    ['characters that the database cannot store', () => '\u0000'],
  ])('returns null in place of %s, and the other nodes', async (_what, wrong) => {
    expect(await shop.data(query, { ids: [mine, wrong(), order, mine] })).toEqual({
      nodes: [
        { __typename: 'Customer', id: mine },
        null,
        { __typename: 'Order', id: order },
        { __typename: 'Customer', id: mine },
      ],
    });
  });

  it('returns null and an error for a node that the key cannot read', async () => {
    const { secret } = await createApiKey(shop.db, { name: 'narrow', scopes: ['customers:read'] });

    const { data, errors } = await api.sendAs(secret, query, { ids: [mine, order] });

    expect(data.nodes).toEqual([{ __typename: 'Customer', id: mine }, null]);
    expect(errors).toMatchObject([{ path: ['nodes', 1, 'id'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('returns an empty list for no IDs', async () => {
    expect(await shop.data(query, { ids: [] })).toEqual({ nodes: [] });
  });
});

describe('node', () => {
  it('returns null for an ID of another workspace', async () => {
    expect(await shop.data(one, { id: theirs })).toEqual({ node: null });
    expect(await shop.data(one, { id: mine })).toEqual({ node: { id: mine } });
  });

  it.each([
    ['', 'Not an ID. IDs look like customer_01h455vb4pex5vsknk084sn02q.'],
    ['person_01h455vb4pex5vsknk084sn02q', 'Not an ID. IDs look like customer_01h455vb4pex5vsknk084sn02q.'],
    [
      encodeId('ContactPoint', newId()),
      'ContactPoint objects cannot be read by ID. Read them through their parent object.',
    ],
  ])('rejects %j', async (id, message) => {
    const error = await shop.error(one, { id });

    expect([error.message, error.extensions]).toEqual([message, { code: 'INVALID_INPUT', field: ['id'] }]);
  });
});

describe('a wrong ID', () => {
  const looks = 'look like customer_01h455vb4pex5vsknk084sn02q.';
  const of = (type: IdType) => encodeId(type, newId());

  it.each([
    ['plain text', 'ada', `Not a Customer ID. Customer IDs ${looks}`],
    ['a number', 7, `Not a Customer ID. Customer IDs ${looks}`],
    ['an order ID', of('Order'), `This is the ID of an Order, not of a Customer. Customer IDs ${looks}`],
    ['a case ID', of('Case'), `This is the ID of a Case, not of a Customer. Customer IDs ${looks}`],
  ])('names the expected type and its format: %s', async (_what, id, message) => {
    const error = await shop.error('query ($by: CustomerKey!) { customer(by: $by) { id } }', { by: { id } });

    expect([error.message, error.extensions]).toEqual([message, { code: 'INVALID_INPUT', field: ['by', 'id'] }]);
  });
});
