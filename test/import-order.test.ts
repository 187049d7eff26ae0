import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Db } from '../src/db/database.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import type { ImportRun } from '../src/import/import.ts';
import { verifyStatistics } from '../src/orders/statistics/verify-statistics.ts';
import { useApi } from './api.ts';
import { runImport } from './run-import.ts';

const api = await useApi();
const folder = await mkdtemp(join(tmpdir(), 'rapport-order-'));
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const rejectsPath = join(folder, 'rejects.jsonl');

async function fileOf(rows: object[]): Promise<string> {
  const path = join(folder, `rows-${++files}.jsonl`);
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  return path;
}

async function run(db: Db, rows: object[], rest: Partial<ImportRun> = {}) {
  return runImport(db, jsonl, [await fileOf(rows)], { rejectsPath, ...rest });
}

async function rejects() {
  const text = await readFile(rejectsPath, 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

const key = (value: string) => ({ key: { externalId: value } });
const customer = (n: number) => ({ type: 'customer', ...key(`c${n}`) });
const order = (n: number, rest: object = {}) => ({
  type: 'order',
  ...key(`o${n}`),
  customer: { externalId: `c${n}` },
  placedAt: '2026-01-05T10:00:00Z',
  currencyCode: 'PLN',
  total: '5.00',
  ...rest,
});
const ofOrder = (n: number) => ({
  type: 'return',
  ...key(`r${n}`),
  order: { externalId: `o${n}` },
  occurredAt: '2026-01-06T10:00:00Z',
  lines: [{ title: 'T', quantity: 1 }],
});
const many = <T>(number: number, make: (n: number) => T) => Array.from({ length: number }, (_, n) => make(n));

it('imports 1,200 orders that come before their 1,200 customers', async () => {
  const shop = await api.tenant('orders-first');

  const summary = await run(shop.db, [...many(1_200, (n) => order(n)), ...many(1_200, customer)]);

  expect(summary).toMatchObject({ rows: 2_400, rowsWritten: 2_400, rowsRefused: 0 });
  expect(await shop.db.order.count({ where: { customerId: null } })).toBe(0);
  expect(await verifyStatistics(shop.db)).toMatchObject({ differences: [] });
});

it('resolves references to a later file of the same run', async () => {
  const shop = await api.tenant('later-file');
  const paths = [await fileOf(many(600, (n) => order(n))), await fileOf(many(600, customer))];

  expect(await runImport(shop.db, jsonl, paths)).toMatchObject({ rowsWritten: 1_200, rowsRefused: 0 });
});

const reversed = [
  {
    type: 'surveyResponse',
    ...key('s'),
    customer: { externalId: 'c1' },
    kind: 'CSAT',
    rating: 4,
    interaction: { externalId: 'i' },
    respondedAt: '2026-01-09T00:00:00Z',
  },
  {
    type: 'interaction',
    ...key('i'),
    case: { externalId: 'k' },
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: '2026-01-08T00:00:00Z',
  },
  { type: 'case', ...key('k'), order: { externalId: 'o1' }, subject: 'S', openedAt: '2026-01-07T00:00:00Z' },
  ofOrder(1),
  {
    type: 'consent',
    customer: { externalId: 'c1' },
    channel: 'EMAIL',
    purpose: 'MARKETING',
    status: 'GRANTED',
    capturedAt: '2026-01-05T10:00:00Z',
  },
  {
    type: 'preference',
    customer: { externalId: 'c1' },
    key: 'size',
    value: { string: 'M' },
    origin: 'STATED',
    validFrom: '2026-01-05T10:00:00Z',
  },
  order(1, { lines: [{ product: { externalId: 'p' }, title: 'T', quantity: 1, unitPrice: '5.00' }] }),
  { type: 'product', ...key('p'), title: 'T' },
  customer(1),
];
const oneByOne = { first: 1, most: 1 };

it('imports every type in reverse order, with one row per batch', async () => {
  const shop = await api.tenant('reversed');

  expect(await run(shop.db, reversed, { batchWeights: oneByOne })).toMatchObject({ rowsWritten: 9, rowsRefused: 0 });
});

it('accepts the same rows in a dry run, and writes nothing', async () => {
  const shop = await api.tenant('reversed-dry');

  const summary = await run(shop.db, reversed, { batchWeights: oneByOne, isDryRun: true });

  expect(summary).toMatchObject({ rowsWritten: 9, rowsRefused: 0 });
  expect(await shop.db.customer.count()).toBe(0);
});

it('rejects unresolved references in the end, once and with their line', async () => {
  const shop = await api.tenant('dangling');
  const rows = [ofOrder(1), order(1), order(2), ofOrder(2), customer(2)];

  const summary = await run(shop.db, rows, { batchWeights: oneByOne });

  expect(summary).toMatchObject({
    rows: 5,
    rowsWritten: 3,
    rowsRefused: 2,
    records: { order: { REFUSED: 1 }, return: { REFUSED: 1 } },
  });
  expect((await rejects()).map(({ line, type, code, field }) => [line, type, code, field])).toEqual([
    [1, 'return', 'NOT_FOUND', ['order']],
    [2, 'order', 'NOT_FOUND', ['customer']],
  ]);
});

describe('when an order waits for its customer', () => {
  const waiting = order(1, { note: 'first' });
  const { customer: _customer, ...later } = order(1, { note: 'last' });

  it.each([1, 2, 500])('makes later rows about the same order wait, in batches of %d', async (size) => {
    const shop = await api.tenant(`same-order-${size}`);

    const summary = await run(shop.db, [waiting, later, customer(1)], { batchWeights: { first: size, most: size } });

    expect(summary).toMatchObject({ rowsWritten: 3 });
    expect(await shop.db.order.findFirstOrThrow()).toMatchObject({ note: 'last', customerId: expect.any(String) });
  });

  it.each([1, 2, 500])('imports later rows without it if the customer never comes, in batches of %d', async (size) => {
    const shop = await api.tenant(`same-order-refused-${size}`);

    const summary = await run(shop.db, [ofOrder(1), waiting, later], { batchWeights: { first: size, most: size } });

    expect(summary).toMatchObject({ rowsWritten: 2, rowsRefused: 1 });
    expect((await rejects()).map(({ line }) => line)).toEqual([2]);
  });
});

it('resumes after its rejects file was deleted, and writes the rest', async () => {
  const shop = await api.tenant('resumed-without-rejects');
  const path = await fileOf([{ type: 'customer' }, ...many(20, customer), { type: 'product' }]);
  const batchWeights = { first: 10, most: 10 };
  const stop = new Error('stopped');
  const onProgress = () => {
    throw stop;
  };
  await expect(runImport(shop.db, jsonl, [path], { rejectsPath, batchWeights, onProgress })).rejects.toBe(stop);
  await rm(rejectsPath);

  const summary = await runImport(shop.db, jsonl, [path], { rejectsPath, batchWeights });

  expect(summary).toMatchObject({ rows: 22, rowsWritten: 20, rowsRefused: 2 });
  expect((await rejects()).map(({ line }) => line)).toEqual([22]);
});

it.each([1, 2, 3, 4, 5, 6, 8, 10])('resumes after %d batches, and imports every row once', async (batches) => {
  const shop = await api.tenant(`resumed-${batches}`);
  const rows = [
    ...many(20, (n) => order(n)),
    { type: 'order' },
    order(99),
    ...many(20, ofOrder),
    ...many(20, customer),
  ];
  const path = await fileOf(rows);
  const batchWeights = { first: 10, most: 20 };
  let left = batches;
  const stop = new Error('stopped');
  const dying = runImport(shop.db, jsonl, [path], {
    rejectsPath,
    batchWeights,
    onProgress() {
      left -= 1;
      if (left === 0) throw stop;
    },
  });
  await expect(dying).rejects.toBe(stop);

  const summary = await runImport(shop.db, jsonl, [path], { rejectsPath, batchWeights });

  expect(summary).toMatchObject({
    rows: 62,
    rowsWritten: 60,
    rowsRefused: 2,
    records: { order: { CREATED: 20 }, return: { CREATED: 20 } },
  });
  expect((await rejects()).map(({ line }) => line)).toEqual([21, 22]);
  expect(await shop.db.importCheckpoint.count()).toBe(0);
});

describe('a random set of rows', () => {
  const index = fc.integer({ min: 0, max: 2 });
  const maybe = fc.option(index, { nil: null });
  const keyed = <T>(rows: fc.Arbitrary<T>) => fc.array(rows, { maxLength: 3 });
  const sets = fc.record({
    customers: fc.uniqueArray(index),
    products: fc.uniqueArray(index),
    orders: keyed(fc.record({ customer: maybe, product: maybe })),
    returns: keyed(fc.record({ order: maybe, customer: index })),
    cases: keyed(fc.record({ customer: maybe, order: maybe })),
    interactions: keyed(fc.record({ customer: maybe, order: maybe, case: index })),
  });
  const to = (field: string, prefix: string, n: number | null) =>
    n === null ? {} : { [field]: { externalId: `${prefix}${n}` } };
  const at = '2026-01-05T10:00:00Z';

  const rowsOf = ({
    customers,
    products,
    orders,
    returns,
    cases,
    interactions,
  }: typeof sets extends fc.Arbitrary<infer T> ? T : never) => [
    ...customers.map(customer),
    ...products.map((n) => ({ type: 'product', ...key(`p${n}`), title: `P${n}` })),
    ...orders.map((each, n) => ({
      type: 'order',
      ...key(`o${n}`),
      ...to('customer', 'c', each.customer),
      placedAt: at,
      currencyCode: 'PLN',
      paymentStatus: 'PAID',
      lines: [{ ...to('product', 'p', each.product), sku: 'A', title: 'T', quantity: 9, unitPrice: '2.00' }],
    })),
    ...returns.map((each, n) => ({
      type: 'return',
      ...key(`r${n}`),
      ...(each.order === null
        ? { ...to('customer', 'c', each.customer), currencyCode: 'PLN' }
        : to('order', 'o', each.order)),
      status: 'COMPLETED',
      occurredAt: at,
      lines: [{ sku: 'A', title: 'T', quantity: 1, total: '2.00' }],
    })),
    ...cases.map((each, n) => ({
      type: 'case',
      ...key(`k${n}`),
      ...to('customer', 'c', each.customer),
      ...to('order', 'o', each.order),
      subject: 'S',
      openedAt: at,
    })),
    ...interactions.map((each, n) => ({
      type: 'interaction',
      ...key(`i${n}`),
      ...to('customer', 'c', each.customer),
      ...to('order', 'o', each.order),
      ...to('case', 'k', each.case),
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: at,
    })),
  ];

  // The tables with rows identified by external ID, without values that depend on when and in which order they were
  // written.
  async function tables(db: Db) {
    const named = { select: { externalId: true } };
    const orderBy = { externalId: 'asc' } as const;
    const ids = { select: { externalIds: { select: { value: true } } } };
    return {
      customers: (await db.customerExternalId.findMany({ select: { value: true }, orderBy: { value: 'asc' } })).map(
        ({ value }) => value,
      ),
      products: await db.product.findMany({ select: { externalId: true, title: true }, orderBy }),
      orders: await db.order.findMany({
        select: {
          externalId: true,
          customer: ids,
          status: true,
          paymentStatus: true,
          total: true,
          amountPaid: true,
          amountReturned: true,
          lines: { select: { sku: true, quantity: true, returnedQuantity: true, product: named } },
        },
        orderBy,
      }),
      returns: await db.return.findMany({
        select: { externalId: true, order: named, customer: ids, refundAmount: true },
        orderBy,
      }),
      cases: await db.case.findMany({ select: { externalId: true, order: named, customer: ids }, orderBy }),
      interactions: await db.interaction.findMany({
        select: { externalId: true, order: named, case: named, customer: ids },
        orderBy,
      }),
      statistics: await db.customerStatistics.findMany({
        select: { customer: ids, numberOfOrders: true, amountOrdered: true, amountSpent: true, amountReturned: true },
      }),
    };
  }

  it('produces the same tables in any order and in batches of any size', async () => {
    let runs = 0;
    const imported = async (rows: object[], batchWeights: { first: number; most: number }) => {
      const shop = await api.tenant(`random-${++runs}`);
      const { rowsWritten, rowsRefused } = await run(shop.db, rows, { batchWeights });
      const { statistics, ...rest } = JSON.parse(JSON.stringify(await tables(shop.db)));
      const ofCustomers = statistics.map((each: object) => JSON.stringify(each)).sort();
      return { rowsWritten, rowsRefused, ofCustomers, ...rest };
    };
    const shuffled = sets.chain((set) => {
      const rows = rowsOf(set);
      return fc.record({ rows: fc.constant(rows), shuffled: fc.shuffledSubarray(rows, { minLength: rows.length }) });
    });
    await fc.assert(
      fc.asyncProperty(shuffled, fc.integer({ min: 1, max: 6 }), async ({ rows, shuffled }, size) => {
        const expected = await imported(rows, { first: 500, most: 500 });
        expect(await imported(shuffled, { first: size, most: size })).toEqual(expected);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  }, 120_000);
});
