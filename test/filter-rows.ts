import fc from 'fast-check';
import type { Db } from '../src/db/database.ts';
import { encodeId, newId } from '../src/lib/ids.ts';
import { labelKey } from '../src/lib/text/fold.ts';
import { sortKey } from '../src/lib/text/sort-key.ts';
import { days, type Row } from './filter-model.ts';

export const titles = ['ab', 'Ba', '50%', 'x_y'];
export const channels = ['WEB', 'MARKETPLACE'];
const of = (...values: unknown[]) => fc.constantFrom(...values);
const day = of(...days.map((each) => new Date(each)));
const dayOrNull = fc.option(day, { nil: null });

/** Converts a row to the values that GraphQL returns. */
export const read = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, each]) => [name, each instanceof Date ? each.toISOString() : each]),
  );

export type FilterRows = Record<'products' | 'customers' | 'orders' | 'cases' | 'interactions', Row[]>;

/** Writes random rows, and returns them with what the filters see of their related rows. */
export async function writeFilterRows(db: Db): Promise<FilterRows> {
  const draw = (count: number, columns: Record<string, fc.Arbitrary<unknown>>): Row[] =>
    fc.sample(fc.record(columns), count).map((row) => ({ workspaceId: db.workspaceId, id: newId(), ...row }));
  const dated = { createdAt: day, updatedAt: day };
  const products = draw(3, { title: of(...titles), category: of(...titles, null), isActive: fc.boolean(), ...dated });
  const customers = draw(30, {
    displayName: of(...titles),
    searchText: of(...titles),
    country: of('PL', 'DE', null),
    status: of('ACTIVE', 'ERASED'),
    ...dated,
  });
  const customerId = of(...customers.slice(0, 20).map(({ id }) => id), null);
  const zero = fc.constant(0);
  const orders = draw(40, {
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
  });
  const cases = draw(30, {
    customerId,
    kind: of('QUESTION', 'COMPLAINT'),
    status: of('OPEN', 'RESOLVED'),
    priority: of('LOW', 'HIGH'),
    subject: of(...titles),
    assignee: of(...titles, null),
    openedAt: day,
    ...dated,
  }).map((row, index) => ({ ...row, number: index + 1 }));
  const interactions = draw(30, {
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
  });
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
  return { products, customers, orders, cases, interactions };
}
