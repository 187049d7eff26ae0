import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unlimited, useApi } from '../../../test/api.ts';
import {
  exactly,
  type Filters,
  holds,
  instant,
  number,
  oneOf,
  type Row,
  some,
  someValue,
  text,
  type Where,
  wheres,
} from '../../../test/filter-model.ts';
import { channels, read, titles, writeFilterRows } from '../../../test/filter-rows.ts';
import { encodeId, type IdType } from '../../lib/ids.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const { products, customers, orders, cases, interactions } = await writeFilterRows(shop.db);
const idOf = (type: IdType) => (row: Row) => encodeId(type, String(row.id));

const orderFilters: Filters = {
  number: text('number', ...titles),
  source: text('source', ...titles),
  placedAt: instant('placedAt'),
  updatedAt: instant('updatedAt'),
  total: number('total'),
  currencyCode: oneOf('currencyCode', 'PLN', 'EUR'),
  status: oneOf('status', 'UNFULFILLED', 'FULFILLED'),
  paymentStatus: oneOf('paymentStatus', 'PAID', 'PENDING'),
  channel: oneOf('channel', ...channels),
};

const lists = [
  {
    type: 'Customer',
    name: 'customers',
    rows: customers,
    filters: {
      purchased: some(
        'purchased',
        {
          productId: exactly('productId', products.map(idOf('Product'))),
          category: text('category', ...titles),
          timesBought: number('timesBought'),
          lastBoughtAt: instant('lastBoughtAt'),
        },
        [],
        ['category'],
      ),
      displayName: text('displayName', ...titles),
      country: oneOf('country', 'PL', 'DE', 'GB'),
      status: oneOf('status', 'ACTIVE', 'ERASED'),
      createdAt: instant('createdAt'),
      search: {
        values: fc.constantFrom('', 'a', 'b', 'a b', '%'),
        holds: (search: string, { searchText }) => search.split(' ').every((word) => String(searchText).includes(word)),
      },
      tag: someValue('tags', 'tag', text('tag', ...titles)),
      boughtVia: someValue('orders', 'channel', oneOf('channel', ...channels)),
      contacted: some('interactions', {
        channel: oneOf('channel', 'EMAIL', 'PHONE'),
        occurredAt: instant('occurredAt'),
      }),
      statistics: some(
        'statistics',
        {
          currencyCode: exactly('currencyCode', ['PLN', 'EUR']),
          numberOfOrders: number('numberOfOrders'),
          amountSpent: number('amountSpent'),
          lastOrderAt: instant('lastOrderAt'),
        },
        ['currencyCode'],
        ['lastOrderAt'],
      ),
    } as Filters,
  },
  {
    type: 'Order',
    name: 'orders',
    rows: orders,
    filters: {
      ...orderFilters,
      customerId: {
        values: fc.constantFrom(...customers.slice(0, 3).map(idOf('Customer'))),
        holds: (id: string, row: Row) => row.customerId !== null && encodeId('Customer', String(row.customerId)) === id,
      },
      productId: {
        values: fc.constantFrom(...products.map(idOf('Product'))),
        holds: (id: string, row: Row) =>
          (row.products as string[]).some((each) => each !== null && encodeId('Product', each) === id),
      },
    } as Filters,
  },
  {
    type: 'Case',
    name: 'cases',
    rows: cases,
    filters: {
      status: oneOf('status', 'OPEN', 'RESOLVED'),
      kind: oneOf('kind', 'QUESTION', 'COMPLAINT'),
      priority: oneOf('priority', 'LOW', 'HIGH'),
      subject: text('subject', ...titles),
      assignee: text('assignee', ...titles),
      openedAt: instant('openedAt'),
      updatedAt: instant('updatedAt'),
    } as Filters,
  },
  {
    type: 'Interaction',
    name: 'interactions',
    rows: interactions,
    filters: {
      occurredAt: instant('occurredAt'),
      channel: oneOf('channel', 'EMAIL', 'PHONE'),
      direction: oneOf('direction', 'INBOUND', 'OUTBOUND'),
      kind: oneOf('kind', 'MESSAGE', 'CALL'),
      sentiment: oneOf('sentiment', 'POSITIVE', 'NEGATIVE', 'NEUTRAL'),
      subject: text('subject', ...titles),
      body: text('body', ...titles),
      source: text('source', ...titles),
    } as Filters,
  },
];

type Connection = {
  totalCount: number;
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
};

it.each(lists)(
  'finds the same $name as a filter in plain JavaScript',
  async ({ type, name, rows, filters }) => {
    const query = `query ($where: ${type}Where, $first: Int, $after: String) {
    ${name}(first: $first, after: $after, where: $where) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`;
    const page = async (where: Where, first: number, after?: string): Promise<Connection> =>
      (await shop.data(query, { where, first, after }))[name];

    const check = fc.asyncProperty(wheres(filters), async (where) => {
      const expected = rows.filter((row) => holds(filters, where, read(row))).map(idOf(type as IdType));
      const { totalCount, nodes, pageInfo } = await page(where, 100);

      expect(nodes.map(({ id }) => id).sort()).toEqual(expected.sort());
      expect([totalCount, pageInfo.hasNextPage]).toEqual([expected.length, false]);

      const first = await page(where, Math.ceil(nodes.length / 2));
      const rest = nodes.length > 0 ? (await page(where, 100, first.pageInfo.endCursor)).nodes : [];
      expect([...first.nodes, ...rest]).toEqual(nodes);
    });
    await fc.assert(check, { numRuns: 150 });
  },
  120_000,
);

it('finds the same orders of a customer as a filter in plain JavaScript', async () => {
  const query = `query ($where: OrderWhere) { customers(first: 30) { nodes { id
    orders(first: 50, where: $where) { totalCount nodes { id } } } } }`;

  const check = fc.asyncProperty(wheres(orderFilters), async (where) => {
    const found = (await shop.data(query, { where })).customers.nodes;

    for (const customer of customers) {
      const id = encodeId('Customer', String(customer.id));
      const expected = orders
        .filter((row) => row.customerId === customer.id && holds(orderFilters, where, read(row)))
        .map(idOf('Order'));
      const { orders: list } = found.find((each: { id: string }) => each.id === id);
      expect([list.totalCount, list.nodes.map((each: { id: string }) => each.id).sort()]).toEqual([
        expected.length,
        expected.sort(),
      ]);
    }
  });
  await fc.assert(check, { numRuns: 20 });
}, 120_000);
