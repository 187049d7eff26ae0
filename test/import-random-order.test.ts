import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Db } from '../src/db/database.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { useApi } from './api.ts';
import { useImportFolder } from './run-import.ts';

const api = await useApi();
const { fileOf, run } = await useImportFolder();

const key = (value: string) => ({ key: { externalId: value } });

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
    ...customers.map((n) => ({ type: 'customer', ...key(`c${n}`) })),
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
      const { rowsWritten, rowsRefused } = await run(shop.db, jsonl, [await fileOf(rows)], { batchWeights });
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
