import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { maxLineBytes } from '../src/import/files/lines.ts';
import type { ImportFormat } from '../src/import/format.ts';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { tauRetail } from '../src/import/formats/tau-retail.ts';
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
  ['another header', 'other.csv', 'a,b\n1,2\n', /must begin with the header InvoiceNo/],
  [
    'truncated compressed data',
    'cut.csv.gz',
    gzipSync(header + row.repeat(5_000)).subarray(0, 200),
    /Cannot decompress/,
  ],
])('rejects a file with %s and reports it', async (_what, name, content, message) => {
  await expect(run(name, content)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(message),
  });
});

it('accepts an empty file', async () => {
  expect(await run('empty.csv', '')).toMatchObject({ rows: 0 });
});

it('keeps the rows before a quote that is never closed', async () => {
  const summary = await run('quote.csv', `${header}${row}536366,22633,"HAND WARMER`);

  expect(summary).toMatchObject({ rows: 2, rowsWritten: 1, rowsRefused: 1, records: { order: { CREATED: 1 } } });
  expect(await rejects()).toMatchObject([{ line: 3, reason: expect.stringContaining('quote') }]);
});

const tooLong = 'This row is longer than 10 MB. Split it.';

it('continues after a CSV row that is too long', async () => {
  const long = row.replace('HEART', `"${'x\n'.repeat(maxLineBytes / 2)}"`);

  const summary = await run('long.csv', `${header}${row}${long}${row.replace('536365', '536367')}`);

  expect(summary).toMatchObject({ rows: 3, rowsWritten: 2, rowsRefused: 1 });
  expect(await rejects()).toMatchObject([{ line: 3, code: 'INVALID_INPUT', reason: tooLong }]);
});

const said = (text: string) => `${JSON.stringify({ messages_display: `user: ${text}` })}\n`;

it('rejects conversations that are too long, and reads the others, even if the first is too long', async () => {
  const tenant = await api.tenant('long-conversations');
  const long = said('x'.repeat(maxLineBytes));

  await run('long.jsonl', `${long}${said('a')}${long}${said('b')}`, tauRetail, tenant);

  expect((await rejects()).map(({ line, reason }) => [line, reason])).toEqual([
    [1, tooLong],
    [3, tooLong],
  ]);
  expect(await tenant.db.case.count()).toBe(2);
});

it('truncates the subject of a conversation between characters', async () => {
  const tenant = await api.tenant('whole-characters');

  await run('emoji.jsonl', said(`${'x'.repeat(199)}😀`), tauRetail, tenant);

  expect(await rejects()).toEqual([]);
  expect(await tenant.db.case.findMany()).toMatchObject([{ subject: 'x'.repeat(199) }]);
});
