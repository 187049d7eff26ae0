import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { tauRetail } from '../src/import/formats/tau-retail.ts';
import { useApi } from './api.ts';
import { useImportFolder } from './run-import.ts';

const api = await useApi();
const { fileOf, run } = await useImportFolder();

describe('input that is not UTF-8', () => {
  const name = (text: string) => JSON.stringify({ type: 'customer', key: { externalId: text }, displayName: text });

  it('is rejected line by line, and none of it is stored', async () => {
    const shop = await api.tenant('latin');
    const file = await fileOf(
      Buffer.concat([Buffer.from(`${name('Zoë')}\n${name('José Núñez')}\n`, 'latin1'), Buffer.from(name('Żółć'))]),
    );

    const { rejects } = await run(shop.db, jsonl, [file]);

    expect(rejects).toMatchObject([{ line: 1 }, { line: 2 }]);
    expect(rejects[0].reason).toBe('Not valid UTF-8. Convert the file first, for example with iconv.');
    expect((await shop.db.customer.findMany()).map(({ displayName }) => displayName)).toEqual(['Żółć']);
  });

  it('is recognized as UTF-16 by its byte order mark', async () => {
    const shop = await api.tenant('utf16');

    const { rejects } = await run(shop.db, jsonl, [
      await fileOf(Buffer.from(`\uFEFF${name('a')}\n${name('b')}\n`, 'utf16le')),
    ]);

    expect(rejects.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('UTF-16'),
      expect.stringContaining('UTF-16'),
    ]);
    expect(await shop.db.customer.count()).toBe(0);
  });

  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
  const sale = (invoice: string, title: string) => `${invoice},1,${title},1,2010-12-01 08:26:00,1,,EIRE\n`;

  it('is rejected row by row in CSV, for any chunks', async () => {
    const shop = await api.tenant('latin-csv');
    // A UTF-8 character crosses the end of the first chunk.
    const filler = sale('1', 'x').repeat(1 + Math.floor((1 << 18) / sale('1', 'x').length));
    const first = header + filler.slice(0, (1 << 18) - header.length - 5);
    const file = await fileOf(
      Buffer.concat([
        Buffer.from(`${first}\n${sale('2', 'ż')}${sale('3', '\uFFFD')}`),
        Buffer.from(sale('4', 'Zoë'), 'latin1'),
        Buffer.from(sale('5', 'ł')),
      ]),
    );
    for (const at of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const moved = await fileOf(
        Buffer.concat([Buffer.from(header), Buffer.alloc(at, 'x'), (await readFile(file)).subarray(header.length)]),
      );
      const { rejects } = await run(shop.db, onlineRetail, [moved], { isDryRun: true });
      const unreadable = rejects.filter(({ reason }) => reason.includes('UTF-8'));
      expect(unreadable).toHaveLength(1);
    }
    await run(shop.db, onlineRetail, [file]);
    const titles = await shop.db.product.findMany({ select: { title: true } });
    const lines = await shop.db.orderLine.findMany({
      where: { order: { number: { in: ['2', '3', '5'] } } },
      orderBy: { title: 'asc' },
    });
    expect(titles).toHaveLength(1);
    expect(lines.map(({ title }) => title).sort()).toEqual(['ł', 'ż', '\uFFFD']);
  });

  it.each([
    ['CSV', onlineRetail, Buffer.from(`\uFEFF${header}`, 'utf16le'), /UTF-16/],
    ['JSON of tau-retail', tauRetail, Buffer.from('{"a":"ë"}', 'latin1'), /Not valid UTF-8/],
  ] as const)('makes the whole file unreadable in %s', async (_what, format, bytes, message) => {
    const shop = await api.tenant(`unreadable-${bytes.length}`);

    await expect(run(shop.db, format, [await fileOf(bytes)])).rejects.toThrow(message);
  });

  it('is rejected per conversation in tau-retail', async () => {
    const shop = await api.tenant('latin-tau');
    const line = (text: string) => `${JSON.stringify({ messages_display: `user: ${text}` })}\n`;
    const file = await fileOf(
      Buffer.concat([Buffer.from(line('a')), Buffer.from(line('ë'), 'latin1'), Buffer.from(line('ë'))]),
    );

    const { rejects } = await run(shop.db, tauRetail, [file], { undatedAt: new Date('2026-01-01T00:00:00Z') });

    expect(rejects).toMatchObject([{ file, line: 2 }]);
    expect(await shop.db.case.count()).toBe(2);
  });
});
