import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { useApi } from './api.ts';
import { runImport } from './run-import.ts';

const api = await useApi();
const shop = await api.tenant('broken');
const folder = await mkdtemp(join(tmpdir(), 'rapport-broken-'));
afterAll(() => rm(folder, { recursive: true }));

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
const row = '536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n';
const rejectsPath = join(folder, 'rejects.jsonl');

async function run(name: string, content: string | Buffer) {
  const path = join(folder, name);
  await writeFile(path, content);
  return runImport(shop.db, onlineRetail, [path], { rejectsPath });
}

it.each([
  ['another header', 'other.csv', 'a,b\n1,2\n', /does not begin with InvoiceNo/],
  [
    'compressed data that is cut',
    'cut.csv.gz',
    gzipSync(header + row.repeat(5_000)).subarray(0, 200),
    /is not whole: its compressed data/,
  ],
])('refuses a file with %s and says so', async (_what, name, content, message) => {
  await expect(run(name, content)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(message),
  });
});

it('takes an empty file for nothing', async () => {
  expect(await run('empty.csv', '')).toMatchObject({ rows: 0 });
});

it('keeps the rows before a quote that is never closed', async () => {
  const summary = await run('quote.csv', `${header}${row}536366,22633,"HAND WARMER`);

  expect(summary).toMatchObject({ rows: 2, rowsWritten: 1, rowsRefused: 1, records: { order: { CREATED: 1 } } });
  expect(JSON.parse(await readFile(rejectsPath, 'utf8'))).toMatchObject({
    line: 3,
    reason: expect.stringContaining('quote'),
  });
});
