import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Db } from '../src/db/database.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import type { ImportRun } from '../src/import/import.ts';
import { verifyStatistics } from '../src/orders/statistics/verify-statistics.ts';
import { useApi } from './api.ts';
import { runImport, useImportFolder } from './run-import.ts';

const api = await useApi();
const files = await useImportFolder();
const { rejectsPath, rejects } = files;

async function run(db: Db, rows: object[], rest: Partial<ImportRun> = {}) {
  return runImport(db, jsonl, [await files.fileOf(rows)], { rejectsPath, ...rest });
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
  const paths = [await files.fileOf(many(600, (n) => order(n))), await files.fileOf(many(600, customer))];

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
  const path = await files.fileOf([{ type: 'customer' }, ...many(20, customer), { type: 'product' }]);
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
  const path = await files.fileOf(rows);
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
