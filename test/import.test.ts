import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Decimal } from 'decimal.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { Db } from '../src/db/database.ts';
import type { ImportFormat } from '../src/import/format.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { tauRetail } from '../src/import/formats/tau-retail.ts';
import { type ImportRun, importFiles } from '../src/import/import.ts';
import { verifyStatistics } from '../src/orders/verify.ts';
import { useApi } from './api.ts';

const api = await useApi();
const folder = await mkdtemp(join(tmpdir(), 'rapport-import-'));
afterAll(() => rm(folder, { recursive: true }));

const retailFiles = ['conversations-40.jsonl.gz', 'orders.json.gz', 'users.json.gz', 'products.json.gz'].map(
  (file) => `sample/retail/${file}`,
);
const giftshopFile = 'sample/giftshop/online-retail-2010-12.csv.gz';

function run(db: Db, format: ImportFormat, paths: string[], rest: Partial<ImportRun> = {}) {
  return importFiles(db, {
    format,
    source: 'test',
    paths,
    undatedAt: null,
    isDryRun: false,
    rejectsPath: null,
    ...rest,
  });
}

describe('tau-retail', async () => {
  const shop = await api.tenant('retail');
  const undatedAt = new Date('2026-01-01T09:00:00Z');

  it('brings in every user, order, line, variant, payment and conversation', async () => {
    const summary = await run(shop.db, tauRetail, retailFiles, { undatedAt });

    const payments = await shop.db.payment.aggregate({
      where: { kind: 'PAYMENT' },
      _sum: { amount: true },
      _count: true,
    });
    expect(summary).toMatchObject({ rows: 1_590, rowsWritten: 1_590, rowsRefused: 0 });
    expect({
      customers: await shop.db.customer.count(),
      orders: await shop.db.order.count(),
      lines: await shop.db.orderLine.count(),
      variants: await shop.db.productVariant.count(),
      cases: await shop.db.case.count(),
      payments: payments._sum.amount?.toFixed(2),
      refunds: await shop.db.payment.count({ where: { kind: 'REFUND' } }),
    }).toEqual({
      customers: 500,
      orders: 1_000,
      lines: 2_978,
      variants: 591,
      cases: 40,
      payments: '1676821.06',
      refunds: 102,
    });
    expect(await verifyStatistics(shop.db)).toMatchObject({ differences: [] });
  });

  it('ties a conversation to its customer and order, turn after turn', async () => {
    const opened = await shop.db.case.findFirstOrThrow({
      where: { externalId: 'conversation-1' },
      include: { customer: true, order: true, interactions: { orderBy: { occurredAt: 'asc' } } },
    });

    expect(opened.customer?.displayName).toBe('Isabella Lopez');
    expect(opened.order?.number).toBe('#W4923227');
    expect(opened.interactions[0]).toMatchObject({ channel: 'LIVE_CHAT', direction: 'INBOUND', actorKind: 'CUSTOMER' });
    expect(opened.interactions[0]?.body).toContain('balance on my gift card');
    expect(opened.interactions.at(-1)?.body).not.toContain('###STOP###');
  });

  it('changes nothing the second time', async () => {
    const { records } = await run(shop.db, tauRetail, retailFiles, { undatedAt });

    expect(Object.values(records).map(({ CREATED, UPDATED, REFUSED }) => CREATED + UPDATED + REFUSED)).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });
});

describe('online-retail', async () => {
  const shop = await api.tenant('giftshop');
  const rows = gunzipSync(await readFile(giftshopFile))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map(cells);
  const sold = rows.filter(([invoice = '', , , quantity]) => !/^[AC]/.test(invoice) && Number(quantity) > 0);
  const returned = rows.filter(([invoice = '']) => invoice.startsWith('C'));

  it('agrees with a plain recount of the file, and accounts for every row', async () => {
    const rejectsPath = join(folder, 'giftshop.jsonl');

    const summary = await run(shop.db, onlineRetail, [giftshopFile], { rejectsPath });

    const { _sum: ordered } = await shop.db.order.aggregate({
      where: { customerId: { not: null } },
      _sum: { total: true },
    });
    const { _sum: spent } = await shop.db.customerStatistics.aggregate({ _sum: { amountSpent: true } });
    const known = (row: string[]) => row[6] !== '';
    expect(summary.rows).toBe(rows.length);
    expect(summary.rowsWritten).toBe(sold.length + returned.length);
    expect((await readFile(rejectsPath, 'utf8')).trim().split('\n')).toHaveLength(summary.rowsRefused);
    expect(await shop.db.customer.count()).toBe(
      new Set([...sold, ...returned].filter(known).map((row) => row[6])).size,
    );
    expect(ordered.total?.toFixed(4)).toBe(worth(sold.filter(known)).toFixed(4));
    expect(spent.amountSpent?.toFixed(4)).toBe(worth([...sold, ...returned].filter(known)).toFixed(4));
    expect(await verifyStatistics(shop.db)).toMatchObject({ differences: [] });
  });

  it('changes nothing the second time', async () => {
    const { records } = await run(shop.db, onlineRetail, [giftshopFile]);

    expect(Object.values(records).map(({ CREATED, UPDATED }) => CREATED + UPDATED)).toEqual([0, 0, 0, 0]);
  });

  it('takes the first time of an invoice as London’s, and a row apart from its invoice too', async () => {
    const apart = await api.tenant('apart');
    const file = join(folder, 'apart.csv');
    await writeFile(
      file,
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n' +
        '1,85123A,HOLDER,1,2011-07-01 10:00:00,2.50,17850.0,EIRE\n2,85123A,HOLDER,1,2011-07-01 10:01:00,2.50,17850.0,EIRE\n' +
        '1,POST,POSTAGE,1,2011-07-01 10:02:00,1.001,17850.0,EIRE\n3,85123A,,-5,2011-07-01 10:03:00,0,,EIRE\nA4,B,Adjust,1,2011-07-01 10:03:00,9,,EIRE\n',
    );

    const summary = await run(apart.db, onlineRetail, [file]);

    const order = await apart.db.order.findFirstOrThrow({
      where: { number: '1' },
      include: { lines: { orderBy: { position: 'asc' } }, customer: { include: { externalIds: true } } },
    });
    expect(summary).toMatchObject({ rows: 5, rowsWritten: 3, rowsRefused: 2 });
    expect(order.placedAt.toISOString()).toBe('2011-07-01T09:00:00.000Z');
    expect(order.total.toString()).toBe('3.501');
    expect(order.lines.map(({ productId }) => productId === null)).toEqual([false, true]);
    expect(order.customer).toMatchObject({ country: 'IE', externalIds: [{ value: '17850' }] });
  });

  function worth(counted: string[][]): Decimal {
    return counted.reduce((sum, row) => sum.plus(new Decimal(row[3] ?? 0).times(row[5] ?? 0)), new Decimal(0));
  }
});

describe('jsonl', async () => {
  const shop = await api.tenant('jsonl');
  const lines = [
    {
      type: 'customer',
      key: { externalId: 'c1' },
      displayName: 'Ada',
      contactPoints: [{ kind: 'EMAIL', value: 'ada@example.com' }],
    },
    { type: 'product', key: { externalId: 'p1' }, title: 'Lamp' },
    {
      type: 'order',
      key: { externalId: 'o1' },
      customer: { externalId: 'c1' },
      placedAt: '2026-01-01T00:00:00Z',
      currencyCode: 'PLN',
      paymentStatus: 'PAID',
      lines: [{ product: { externalId: 'p1' }, quantity: 1, unitPrice: '9.99' }],
    },
    {
      type: 'return',
      key: { externalId: 'r1' },
      order: { externalId: 'o1' },
      occurredAt: '2026-01-02T00:00:00Z',
      lines: [{ title: 'Lamp', quantity: 1 }],
    },
    {
      type: 'case',
      key: { externalId: 'k1' },
      customer: { email: 'ada@example.com' },
      subject: 'Broken',
      openedAt: '2026-01-03T00:00:00Z',
    },
    {
      type: 'interaction',
      key: { externalId: 'i1' },
      customer: { externalId: 'c1' },
      case: { externalId: 'k1' },
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: '2026-01-03T00:00:00Z',
      body: 'It broke.',
      metadata: { externalId: 'as it is' },
    },
    {
      type: 'preference',
      customer: { externalId: 'c1' },
      key: 'size',
      value: { string: 'M' },
      origin: 'STATED',
      validFrom: '2026-01-01T00:00:00Z',
    },
    {
      type: 'consent',
      customer: { externalId: 'c1' },
      channel: 'EMAIL',
      purpose: 'MARKETING',
      status: 'GRANTED',
      capturedAt: '2026-01-01T00:00:00Z',
    },
    {
      type: 'surveyResponse',
      key: { externalId: 's1' },
      customer: { externalId: 'c1' },
      kind: 'CSAT',
      rating: 4,
      respondedAt: '2026-01-04T00:00:00Z',
    },
  ];
  const good = lines.map((line) => JSON.stringify(line));

  it('takes every type, and finds nothing new the second time', async () => {
    const file = join(folder, 'good.jsonl');
    await writeFile(file, `${good.join('\n')}\n`);

    const first = await run(shop.db, jsonl, [file]);
    const second = await run(shop.db, jsonl, [file]);

    expect(first.rowsRefused).toBe(0);
    expect(Object.entries(first.records)).toHaveLength(9);
    expect(Object.values(second.records).map(({ NOOP }) => NOOP)).toEqual(Array.from({ length: 9 }, () => 1));
    expect((await shop.db.interaction.findFirstOrThrow()).metadata).toEqual({ externalId: 'as it is' });
  });

  it('goes on past broken lines and says of each what is wrong', async () => {
    const file = join(folder, 'broken.jsonl');
    const rejectsPath = join(folder, 'broken.rejects.jsonl');
    await writeFile(
      file,
      [
        good[0],
        '{"type":"customer"',
        '{"type":"planet"}',
        '{"type":"customer","key":{"email":"nope"}}',
        '',
        '{"type":"order","key":{"externalId":"x"},"customer":{"externalId":"none"},"placedAt":"2026-01-01T00:00:00Z","currencyCode":"PLN","total":"1"}',
        good[1],
      ].join('\n'),
    );

    const summary = await run(shop.db, jsonl, [file], { rejectsPath });

    const rejects = (await readFile(rejectsPath, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(summary).toMatchObject({ rows: 6, rowsWritten: 2, rowsRefused: 4 });
    expect(rejects.map(({ line, field }) => [line, field]).sort()).toEqual([
      [2, undefined],
      [3, undefined],
      [4, ['key', 'email']],
      [6, ['customer']],
    ]);
  });

  it('writes nothing in a dry run', async () => {
    const dry = await api.tenant('dry');
    const file = join(folder, 'good.jsonl');

    const summary = await run(dry.db, jsonl, [file], { isDryRun: true });

    expect(summary).toMatchObject({ rows: 9, rowsWritten: 9 });
    expect(await dry.db.customer.count()).toBe(0);
  });

  it('goes on where it was stopped, without doubles and with every reject once', async () => {
    const many = await api.tenant('many');
    const file = join(folder, 'many.jsonl');
    const rejectsPath = join(folder, 'many.rejects.jsonl');
    const rows = Array.from({ length: 7_000 }, (_, i) =>
      i % 1_000 === 999 ? '{"type":"customer"}' : JSON.stringify({ type: 'customer', key: { externalId: `${i}` } }),
    );
    await writeFile(file, rows.join('\n'));
    const stop = new Error('killed');
    const dying = run(many.db, jsonl, [file], {
      rejectsPath,
      onProgress: ({ rows }) => {
        if (rows >= 4_000) throw stop;
      },
    });
    await expect(dying).rejects.toBe(stop);
    const reached = await many.db.customer.count();

    const summary = await run(many.db, jsonl, [file], { rejectsPath });

    expect(reached).toBe(3_996);
    expect(summary).toMatchObject({
      rows: 7_000,
      rowsWritten: 6_993,
      rowsRefused: 7,
      records: { customer: { CREATED: 6_993, NOOP: 0 } },
    });
    expect(await many.db.customer.count()).toBe(6_993);
    expect((await readFile(rejectsPath, 'utf8')).trim().split('\n')).toHaveLength(7);
  });
});

// Descriptions hold commas only inside quotes.
function cells(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, 8)
    .map(([, cell = '']) => cell.replace(/^"|"$/g, '').replaceAll('""', '"').trim());
}
