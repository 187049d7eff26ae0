import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Decimal } from 'decimal.js';
import { afterAll, describe, expect, it } from 'vitest';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { tauRetail } from '../src/import/formats/tau-retail.ts';
import { verifyStatistics } from '../src/orders/statistics/verify-statistics.ts';
import { useApi } from './api.ts';
import { runImport } from './run-import.ts';

const api = await useApi();
const folder = await mkdtemp(join(tmpdir(), 'rapport-import-'));
afterAll(() => rm(folder, { recursive: true }));

const retailFiles = ['conversations-40.jsonl.gz', 'orders.json.gz', 'users.json.gz', 'products.json.gz'].map(
  (file) => `sample/retail/${file}`,
);
const giftshopFile = 'sample/giftshop/online-retail-2010-12.csv.gz';

describe('tau-retail', async () => {
  const shop = await api.tenant('retail');
  const undatedAt = new Date('2026-01-01T09:00:00Z');

  it('imports every user, order, line, variant, payment and conversation', async () => {
    const summary = await runImport(shop.db, tauRetail, retailFiles, { undatedAt });

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
      methods: await shop.db.paymentMethod.count(),
      paymentsWithoutMethod: await shop.db.payment.count({ where: { paymentMethodId: null } }),
    }).toEqual({
      customers: 500,
      orders: 1_000,
      lines: 2_978,
      variants: 591,
      cases: 40,
      payments: '1676821.06',
      refunds: 102,
      methods: 695,
      paymentsWithoutMethod: 0,
    });
    expect(await verifyStatistics(shop.db)).toMatchObject({ differences: [] });
  });

  it('links a conversation to its customer and order, turn by turn', async () => {
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
    const { records } = await runImport(shop.db, tauRetail, retailFiles, { undatedAt });

    expect(Object.values(records).map(({ CREATED, UPDATED, REFUSED }) => CREATED + UPDATED + REFUSED)).toEqual([
      0, 0, 0, 0, 0, 0,
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

  it('matches a simple recount of the file, and accounts for every row', async () => {
    const rejectsPath = join(folder, 'giftshop.jsonl');

    const summary = await runImport(shop.db, onlineRetail, [giftshopFile], { rejectsPath });

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
    const { records } = await runImport(shop.db, onlineRetail, [giftshopFile]);

    expect(Object.values(records).map(({ CREATED, UPDATED }) => CREATED + UPDATED)).toEqual([0, 0, 0, 0]);
  });

  it('reads the first time of an invoice as London time, and a row apart from its invoice', async () => {
    const apart = await api.tenant('apart');
    const file = join(folder, 'apart.csv');
    await writeFile(
      file,
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n' +
        '1,85123A,HOLDER,1,2011-07-01 10:00:00,2.50,17850.0,EIRE\n2,85123A,HOLDER,1,2011-07-01 10:01:00,2.50,17850.0,EIRE\n' +
        '1,POST,POSTAGE,1,2011-07-01 10:02:00,1.001,17850.0,EIRE\n3,85123A,,-5,2011-07-01 10:03:00,0,,EIRE\nA4,B,Adjust,1,2011-07-01 10:03:00,9,,EIRE\n',
    );

    const summary = await runImport(apart.db, onlineRetail, [file]);

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

// Descriptions contain commas only inside quotes.
function cells(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, 8)
    .map(([, cell = '']) => cell.replace(/^"|"$/g, '').replaceAll('""', '"').trim());
}
