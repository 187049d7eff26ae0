import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Db } from '../src/db/database.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { useApi } from './api.ts';
import { runImport } from './run-import.ts';

const api = await useApi();
const folder = await mkdtemp(join(tmpdir(), 'rapport-fields-'));
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

async function run(db: Db, rows: object[]) {
  const path = join(folder, `file-${++files}`);
  const rejectsPath = `${path}.rejects`;
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  const summary = await runImport(db, jsonl, [path], { rejectsPath });
  const text = await readFile(rejectsPath, 'utf8');
  return { ...summary, rejects: text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])) };
}

const externalId = { externalId: '1' };
const customer = { type: 'customer', key: externalId };
const sold = { title: 'Mug', quantity: 4, unitPrice: '10.00' };
const order = {
  type: 'order',
  key: { externalId: 'o' },
  customer: externalId,
  placedAt: '2026-01-01T00:00:00Z',
  currencyCode: 'EUR',
  paymentStatus: 'PAID',
  lines: [{ ...sold, sku: 'A' }],
};

describe('rows without a key', () => {
  const rows = [
    {
      type: 'return',
      order: { externalId: 'o' },
      occurredAt: '2026-01-02T00:00:00Z',
      status: 'RECEIVED',
      lines: [{ sku: 'A', quantity: 1 }],
    },
    { type: 'case', customer: externalId, subject: 'Handle broke' },
    {
      type: 'interaction',
      customer: externalId,
      channel: 'PHONE',
      direction: 'INBOUND',
      occurredAt: '2026-01-03T00:00:00Z',
      metadata: { a: [1, { b: '' }] },
    },
    { type: 'surveyResponse', customer: externalId, kind: 'CSAT', rating: 5 },
    { type: 'consent', customer: externalId, channel: 'EMAIL', purpose: 'MARKETING', status: 'GRANTED' },
    { type: 'preference', customer: externalId, key: 'size', value: { string: 'M' }, origin: 'STATED' },
  ];

  it('are imported once, no matter how often their file is imported', async () => {
    const shop = await api.tenant('without-keys');
    const created = await run(shop.db, [customer, order, ...rows]);

    const again = await run(shop.db, [customer, order, ...rows]);
    // The same content, with the fields in another order and with fields that are null or empty.
    const reordered = await run(
      shop.db,
      rows.map((row) => Object.fromEntries([...Object.entries(row), ['key', null]].reverse())).slice(0, 4),
    );

    expect(created).toMatchObject({ rowsWritten: 8, rejects: [] });
    expect(Object.values(again.records).map(({ CREATED, UPDATED }) => CREATED + UPDATED)).toEqual(
      Array.from({ length: 8 }, () => 0),
    );
    expect(Object.values(reordered.records).map(({ NOOP }) => NOOP)).toEqual([1, 1, 1, 1]);
    expect((await shop.db.orderLine.findFirstOrThrow()).returnedQuantity).toBe(1);
  });

  it('are one row if they are identical, and two if they differ', async () => {
    const shop = await api.tenant('identical');
    const [, opened] = rows;

    const summary = await run(shop.db, [customer, opened ?? {}, opened ?? {}, { ...opened, subject: 'Lid broke' }]);

    expect(summary.records.case).toMatchObject({ CREATED: 2, NOOP: 1 });
  });
});

describe('an empty field', () => {
  it('means null if the field is optional', async () => {
    const shop = await api.tenant('blank');
    await run(shop.db, [{ ...customer, note: 'before', givenName: 'Ada', birthday: { month: 4, day: 19 } }]);

    const { rejects } = await run(shop.db, [
      { ...customer, note: '', familyName: '', birthday: '', contactPoints: '', country: '' },
      {
        ...order,
        note: '',
        channel: '',
        lines: [{ ...sold, sku: '', total: '' }],
        shippingAddress: { lines: ['x'], city: '' },
      },
    ]);

    expect(rejects).toEqual([]);
    expect(await shop.db.customer.findFirstOrThrow()).toMatchObject({ note: null, familyName: null, givenName: 'Ada' });
    expect(await shop.db.orderLine.findFirstOrThrow()).toMatchObject({ sku: null });
  });

  it('means null in an ID, and no customer in a reference', async () => {
    const shop = await api.tenant('blank-ids');

    const { rejects } = await run(shop.db, [
      {
        ...order,
        customer: { email: '' },
        location: { externalId: '' },
        lines: [{ ...sold, externalId: '', product: { externalId: '' } }],
        payments: [{ kind: 'PAYMENT', method: 'card', amount: '40', externalId: '' }],
      },
      { type: 'case', key: { externalId: 'k' }, customer: { externalId: '' }, subject: 'Where is it?' },
      { type: 'consent', customer: { email: '' }, channel: 'EMAIL', purpose: 'SURVEY', status: 'DENIED' },
    ]);

    expect(rejects).toMatchObject([{ line: 3, field: ['customer'], reason: 'This field is required.' }]);
    expect(await shop.db.order.findFirstOrThrow({ include: { payments: true } })).toMatchObject({
      customerId: null,
      payments: [{ externalId: null }],
    });
  });

  it('counts as missing if the field is required', async () => {
    const shop = await api.tenant('blank-required');

    const { rejects } = await run(shop.db, [
      { ...customer, salutations: [{ locale: '', text: '' }] },
      { ...order, lines: [{ title: 'T', quantity: '', unitPrice: '' }] },
    ]);

    expect(
      rejects.map(({ problems }) =>
        problems.map(({ field, reason }: { field: unknown[]; reason: string }) => [field.at(-1), reason]),
      ),
    ).toEqual([
      [
        ['locale', 'This field is required.'],
        ['text', 'This field is required.'],
      ],
      [
        ['quantity', 'This field is required.'],
        ['unitPrice', 'This field is required.'],
      ],
    ]);
  });
});

describe('an identifier in scientific notation', () => {
  const damaged = '1.23457E+12';

  it.each([
    ['key', { ...customer, key: { externalId: damaged } }, ['key', 'externalId']],
    [
      'key with an explicit source',
      { ...customer, key: { externalId: { source: 's', value: damaged } } },
      ['key', 'externalId', 'value'],
    ],
    ['external IDs', { ...customer, externalIds: ['a', damaged] }, ['externalIds', 1]],
    ['reference', { ...order, customer: { externalId: '5,90123e+12' } }, ['customer', 'externalId']],
    ['SKU', { ...order, lines: [{ ...sold, sku: damaged }] }, ['lines', 0, 'sku']],
    ['order number', { ...order, number: '1E+15' }, ['number']],
    ['phone', { ...customer, contactPoints: [{ kind: 'PHONE', value: '4.85124E+10' }] }, ['contactPoints', 0, 'value']],
    ['phone as key', { ...customer, key: { phone: '4.85124E+10' } }, ['key', 'phone']],
  ])('is rejected as %s', async (_what, row, field) => {
    const shop = await api.tenant(`damaged-${++files}`);

    const { rejects } = await run(shop.db, [row]);

    expect(rejects[0].problems).toContainEqual({
      code: 'INVALID_INPUT',
      field,
      reason: expect.stringContaining('as text'),
    });
  });

  it.each(['12E5', '1E2', 'E+12', 'A1.2E+3', '1.2E+3-B'])('is not detected in %s', async (sku) => {
    const shop = await api.tenant(`whole-${++files}`);

    expect(await run(shop.db, [customer, { ...order, lines: [{ ...sold, sku }] }])).toMatchObject({ rejects: [] });
  });

  it('is rejected in CSV', async () => {
    const shop = await api.tenant('damaged-csv');
    const path = join(folder, 'damaged.csv');
    await writeFile(
      path,
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,5.90123E+12,T,1,2010-12-01 08:26:00,1,,EIRE\n',
    );

    expect(await runImport(shop.db, onlineRetail, [path])).toMatchObject({ rowsRefused: 1 });
  });
});

it('accepts U+2028 and U+2029 in a text', async () => {
  const shop = await api.tenant('separators');
  const note = 'a\u2028b\u2029c\u0085d';

  expect(await run(shop.db, [{ ...customer, note }])).toMatchObject({ rows: 1, rejects: [] });
  expect(await shop.db.customer.findFirstOrThrow()).toMatchObject({ note });
});
