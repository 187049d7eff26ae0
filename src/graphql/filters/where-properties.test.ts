import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { unlimited, useApi } from '../../../test/api.ts';
import { encodeId, type IdType, newId } from '../../lib/ids.ts';
import { labelKey } from '../../lib/text/fold.ts';
import { sortKey } from '../../lib/text/sort-key.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');

type Row = Record<string, unknown>;
/** A filter: its possible values, and a check in plain JavaScript whether a row matches one of them. */
type Filter = { values: fc.Arbitrary<unknown>; holds: (value: never, row: Row) => boolean };
type Filters = Record<string, Filter>;
type Where = Record<string, unknown>;

const compare: Record<string, (value: never, operand: never) => boolean> = {
  eq: (value, operand) => value === operand,
  in: (value, operand: unknown[]) => operand.includes(value),
  contains: (value: string, operand: string) => value.toLowerCase().includes(operand.toLowerCase()),
  gt: (value, operand) => value > operand,
  gte: (value, operand) => value >= operand,
  lt: (value, operand) => value < operand,
  lte: (value, operand) => value <= operand,
};

/** Creates a filter with operators on a single value. */
function value(name: string, operand: fc.Arbitrary<unknown>, operators: string[], contained = operand): Filter {
  const given = Object.fromEntries(operators.map((each) => [each, each === 'contains' ? contained : operand]));
  const arbitrary = { ...given, in: fc.array(operand, { maxLength: 3 }), isNull: fc.boolean() };
  return {
    // Mostly a single operator, because several rarely match together.
    values: fc
      .tuple(fc.record(arbitrary, { requiredKeys: [] }), fc.constantFrom(...Object.keys(arbitrary)), fc.boolean())
      .map(([all, only, isMany]) => (isMany || !(only in all) ? all : { [only]: (all as Row)[only] })),
    holds: (filter: Row, row) =>
      Object.entries(filter).every(([operator, operand]) =>
        operator === 'isNull'
          ? (row[name] === null) === operand
          : row[name] !== null && compare[operator]?.(row[name] as never, operand as never),
      ),
  };
}

const ranges = ['eq', 'gt', 'gte', 'lt', 'lte'];
const text = (name: string, ...values: string[]) =>
  value(name, fc.constantFrom(...values), ['eq', 'contains'], fc.constantFrom('', 'a', 'B', '%', '_', 'ab'));
const oneOf = (name: string, ...values: string[]) => value(name, fc.constantFrom(...values), ['eq']);
const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map((day) => `${day}T00:00:00.000Z`);
const instant = (name: string) => value(name, fc.constantFrom(...days), ranges);
const number = (name: string) => value(name, fc.integer({ min: 0, max: 3 }), ranges);
const exactly = (name: string, values: unknown[]): Filter => ({
  values: fc.constantFrom(...values),
  holds: (wanted, row) => row[name] === wanted,
});

/**
 * Creates a filter that matches if at least one related row meets all filters. A non-nullable value is null only if
 * there is no row, so `isNull: true` on it means that no row meets the other filters.
 */
function some(name: string, filters: Filters, requiredKeys: string[] = [], nullable: string[] = []): Filter {
  const values = Object.fromEntries(Object.entries(filters).map(([field, filter]) => [field, filter.values]));
  return {
    values: fc.record(values, { requiredKeys }),
    holds: (given: Row, row) => {
      const asked = Object.entries(given) as [string, Row][];
      const absent = asked.filter(([field, { isNull }]) => isNull === true && !nullable.includes(field));
      const rest = Object.fromEntries(asked.filter((each) => !absent.includes(each)));
      const isFound = (row[name] as Row[]).some((each) => allHold(filters, rest, each));
      if (absent.length === 0) return isFound;
      return !isFound && absent.every(([, operators]) => Object.keys(operators).length === 1);
    },
  };
}

/** Like `some`, but the whole filter applies to a single field of the related rows. */
function someValue(name: string, field: string, filter: Filter): Filter {
  const { holds } = some(name, { [field]: filter });
  return { values: filter.values, holds: (given, row) => holds({ [field]: given } as never, row) };
}

function allHold(filters: Filters, given: Row, row: Row): boolean {
  return Object.entries(given).every(([field, operand]) => filters[field]?.holds(operand as never, row));
}

function holds(filters: Filters, where: Where, row: Row): boolean {
  return Object.entries(where).every(([field, operand]) => {
    const each = (operand: unknown) => holds(filters, operand as Where, row);
    if (field === 'AND') return (operand as Where[]).every(each);
    if (field === 'OR') return (operand as Where[]).some(each);
    return field === 'NOT' ? !each(operand) : filters[field]?.holds(operand as never, row);
  });
}

function wheres(filters: Filters): fc.Arbitrary<Where> {
  return fc.letrec<{ where: Where; leaf: Where }>((tie) => ({
    leaf: fc.oneof(
      fc.constant({}),
      ...Object.entries(filters).map(([field, filter]) => filter.values.map((value): Where => ({ [field]: value }))),
    ),
    where: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: tie('leaf'), weight: 3 },
      { arbitrary: tie('where').map((NOT) => ({ NOT })), weight: 3 },
      { arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((AND) => ({ AND })), weight: 1 },
      { arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((OR) => ({ OR })), weight: 2 },
      { arbitrary: fc.tuple(tie('leaf'), tie('where')).map(([leaf, NOT]) => ({ ...leaf, NOT })), weight: 2 },
    ),
  })).where;
}

const titles = ['ab', 'Ba', '50%', 'x_y'];
const channels = ['WEB', 'MARKETPLACE'];
const [products, customers, orders, cases, interactions] = [[], [], [], [], []] as [Row[], Row[], Row[], Row[], Row[]];
const idOf = (type: IdType) => (row: Row) => encodeId(type, String(row.id));

/** Generates rows with random values. */
const draw = (count: number, columns: Record<string, fc.Arbitrary<unknown>>): Row[] =>
  fc.sample(fc.record(columns), count).map((row) => ({ workspaceId: shop.db.workspaceId, id: newId(), ...row }));
const of = (...values: unknown[]) => fc.constantFrom(...values);
const day = of(...days.map((each) => new Date(each)));
const dayOrNull = fc.option(day, { nil: null });

/** Converts a row to the values that GraphQL returns. */
const read = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, each]) => [name, each instanceof Date ? each.toISOString() : each]),
  );

beforeAll(async () => {
  const { db } = shop;
  const dated = { createdAt: day, updatedAt: day };
  products.push(...draw(3, { title: of(...titles), category: of(...titles, null), isActive: fc.boolean(), ...dated }));
  customers.push(
    ...draw(30, {
      displayName: of(...titles),
      searchText: of(...titles),
      country: of('PL', 'DE', null),
      status: of('ACTIVE', 'ERASED'),
      ...dated,
    }),
  );
  const customerId = of(...customers.slice(0, 20).map(({ id }) => id), null);
  const zero = fc.constant(0);
  orders.push(
    ...draw(40, {
      number: of(...titles),
      source: of(...titles, null),
      customerId,
      channel: of(...channels),
      placedAt: day,
      currencyCode: of('PLN', 'EUR'),
      subtotal: zero,
      discount: zero,
      shipping: zero,
      tax: zero,
      total: fc.integer({ min: 0, max: 3 }),
      status: of('UNFULFILLED', 'FULFILLED'),
      statedStatus: of('FULFILLED'),
      paymentStatus: of('PAID', 'PENDING'),
      ...dated,
    }),
  );
  cases.push(
    ...draw(30, {
      customerId,
      kind: of('QUESTION', 'COMPLAINT'),
      status: of('OPEN', 'RESOLVED'),
      priority: of('LOW', 'HIGH'),
      subject: of(...titles),
      assignee: of(...titles, null),
      openedAt: day,
      ...dated,
    }).map((row, index) => ({ ...row, number: index + 1 })),
  );
  interactions.push(
    ...draw(30, {
      customerId,
      channel: of('EMAIL', 'PHONE'),
      direction: of('INBOUND', 'OUTBOUND'),
      kind: of('MESSAGE', 'CALL'),
      occurredAt: day,
      actorKind: of('CUSTOMER'),
      sentiment: of('POSITIVE', 'NEGATIVE', null),
      subject: of(...titles, null),
      body: of(...titles, null),
      source: of(...titles, null),
      ...dated,
    }),
  );
  const withoutId = ({ id: _, ...row }: Row) => row;
  const perCustomer = (count: number, columns: Record<string, fc.Arbitrary<unknown>>, unique: string) => {
    const rows = draw(count, { customerId: customerId.filter(Boolean), ...columns });
    return [...new Map(rows.map((row) => [`${row.customerId} ${row[unique]}`, row])).values()];
  };
  const tags = perCustomer(30, { tag: of(...titles) }, 'tag');
  const amount = fc.integer({ min: 0, max: 3 });
  const statistics = perCustomer(
    30,
    {
      currencyCode: of('PLN', 'EUR'),
      numberOfOrders: amount,
      amountOrdered: amount,
      amountSpent: amount,
      amountReturned: amount,
      lastOrderAt: dayOrNull,
    },
    'currencyCode',
  );
  const purchased = perCustomer(
    30,
    {
      productId: of(...products.map(({ id }) => id)),
      timesBought: amount,
      quantity: amount,
      firstBoughtAt: day,
      lastBoughtAt: day,
    },
    'productId',
  );
  const lines = draw(30, {
    orderId: of(...orders.map(({ id }) => id)),
    productId: of(...products.map(({ id }) => id), null),
    position: zero,
    title: of(...titles),
    quantity: fc.constant(1),
    unitPrice: zero,
    total: zero,
  });
  const write = async (model: string, rows: Row[]) =>
    (db as unknown as Record<string, { createMany(query: object): Promise<unknown> }>)[model]?.createMany({
      data: rows,
    });
  await write('product', products);
  await write(
    'customer',
    customers.map((row) => ({ ...row, status: 'ACTIVE', sortName: sortKey(String(row.displayName)) })),
  );
  await write('order', orders);
  await write('orderLine', lines);
  await write('case', cases);
  await write('interaction', interactions);
  await write(
    'customerTag',
    tags.map((row) => ({ ...withoutId(row), labelKey: labelKey(String(row.tag)) })),
  );
  await write('customerStatistics', statistics.map(withoutId));
  await write('purchasedProduct', purchased.map(withoutId));
  // Erased customers reject writes, so they are marked last.
  const erased = customers.flatMap(({ id, status }) => (status === 'ERASED' ? [String(id)] : []));
  await db.customer.updateMany({ where: { id: { in: erased } }, data: { status: 'ERASED' } });
  for (const customer of customers) {
    const ofCustomer = (rows: Row[]) => rows.filter((row) => row.customerId === customer.id).map(read);
    Object.assign(customer, {
      tags: ofCustomer(tags),
      statistics: ofCustomer(statistics),
      orders: ofCustomer(orders),
      interactions: ofCustomer(interactions),
      purchased: ofCustomer(purchased).map((row) => {
        const product = products.find(({ id }) => id === row.productId);
        return { ...row, category: product?.category, productId: encodeId('Product', String(row.productId)) };
      }),
    });
  }
  for (const order of orders)
    Object.assign(order, {
      products: lines.filter(({ orderId }) => orderId === order.id).map(({ productId }) => productId),
    });
});

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
    more: () => ({
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
    }),
    filters: {
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
    more: () => ({
      customerId: {
        values: fc.constantFrom(...customers.slice(0, 3).map(idOf('Customer'))),
        holds: (id: string, row: Row) => row.customerId !== null && encodeId('Customer', String(row.customerId)) === id,
      },
      productId: {
        values: fc.constantFrom(...products.map(idOf('Product'))),
        holds: (id: string, row: Row) =>
          (row.products as string[]).some((each) => each !== null && encodeId('Product', each) === id),
      },
    }),
    filters: orderFilters,
  },
  {
    type: 'Case',
    name: 'cases',
    rows: cases,
    more: () => ({}),
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
    more: () => ({}),
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
  async ({ type, name, rows, filters, more }) => {
    const known: Filters = { ...filters, ...more() };
    const query = `query ($where: ${type}Where, $first: Int, $after: String) {
    ${name}(first: $first, after: $after, where: $where) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`;
    const page = async (where: Where, first: number, after?: string): Promise<Connection> =>
      (await shop.data(query, { where, first, after }))[name];

    const check = fc.asyncProperty(wheres(known), async (where) => {
      const expected = rows.filter((row) => holds(known, where, read(row))).map(idOf(type as IdType));
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
