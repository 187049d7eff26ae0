import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import type { ImportFormat } from '../src/import/format.ts';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { tauRetail } from '../src/import/formats/tau-retail.ts';
import { maxLineBytes } from '../src/import/lines.ts';
import { useApi } from './api.ts';
import { runImport } from './run-import.ts';

const api = await useApi();
const shop = await api.tenant('broken');
const folder = await mkdtemp(join(tmpdir(), 'rapport-broken-'));
afterAll(() => rm(folder, { recursive: true }));

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
const row = '536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n';
const rejectsPath = join(folder, 'rejects.jsonl');

async function run(name: string, content: string | Buffer, format: ImportFormat = onlineRetail, { db } = shop) {
  const path = join(folder, name);
  await writeFile(path, content);
  return runImport(db, format, [path], { rejectsPath, undatedAt: new Date('2026-01-01T00:00:00Z') });
}

const rejects = async () =>
  (await readFile(rejectsPath, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

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
  expect(await rejects()).toMatchObject([{ line: 3, reason: expect.stringContaining('quote') }]);
});

const tooLong = 'Longer than 10 MB. Split the row.';

it('reads on after a row of CSV that is too long', async () => {
  const long = row.replace('HEART', `"${'x\n'.repeat(maxLineBytes / 2)}"`);

  const summary = await run('long.csv', `${header}${row}${long}${row.replace('536365', '536367')}`);

  expect(summary).toMatchObject({ rows: 3, rowsWritten: 2, rowsRefused: 1 });
  expect(await rejects()).toMatchObject([{ line: 3, code: 'INVALID_INPUT', reason: tooLong }]);
});

const said = (text: string) => `${JSON.stringify({ messages_display: `user: ${text}` })}\n`;

it('refuses conversations that are too long, and reads the others, also after the first', async () => {
  const tenant = await api.tenant('long-conversations');
  const long = said('x'.repeat(maxLineBytes));

  await run('long.jsonl', `${long}${said('a')}${long}${said('b')}`, tauRetail, tenant);

  expect((await rejects()).map(({ line, reason }) => [line, reason])).toEqual([
    [1, tooLong],
    [3, tooLong],
  ]);
  expect(await tenant.db.case.count()).toBe(2);
});

it('cuts the subject of a conversation between characters', async () => {
  const tenant = await api.tenant('whole-characters');

  await run('emoji.jsonl', said(`${'x'.repeat(199)}😀`), tauRetail, tenant);

  expect(await rejects()).toEqual([]);
  expect(await tenant.db.case.findMany()).toMatchObject([{ subject: 'x'.repeat(199) }]);
});
