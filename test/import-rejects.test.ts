import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { onlineRetail } from '../src/import/formats/online-retail.ts';
import { encodeId } from '../src/lib/ids.ts';
import { useApi } from './api.ts';
import { runImport, useImportFolder } from './run-import.ts';

const api = await useApi();
const { folder, rejectsPath, fileOf, run } = await useImportFolder();

let shops = 0;

const customer = (value: string, rest: object = {}) => ({ type: 'customer', key: { externalId: value }, ...rest });
const order = (value: string, unitPrice: string, rest: object = {}) => ({
  type: 'order',
  key: { externalId: value },
  placedAt: '2026-01-05T10:00:00Z',
  currencyCode: 'PLN',
  lines: [{ title: 'T', quantity: 1, unitPrice }],
  ...rest,
});

describe('a row never stops the import:', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const call = (rest: string) =>
    `{"type":"interaction","key":{"externalId":"i"},"customer":{"externalId":"a"},"channel":"PHONE","direction":"INBOUND","occurredAt":"2026-01-05T10:00:00Z",${rest}}`;

  it.each([
    [
      'an amount too large for its column',
      JSON.stringify(
        order('x', '5901234123457', { lines: [{ title: 'T', quantity: 1_000, unitPrice: '5901234123457' }] }),
      ),
    ],
    ['a sum too large for its column', JSON.stringify(order('x', '999999999999999', { shipping: '999999999999999' }))],
    ['an amount with too many digits', JSON.stringify(order('x', '1000000000000000'))],
    [
      'an amount as a huge JSON number',
      '{"type":"order","key":{"externalId":"x"},"placedAt":"2026-01-05T10:00:00Z","currencyCode":"PLN","total":1e400}',
    ],
    [
      'a quantity beyond 32 bits',
      JSON.stringify(order('x', '1', { lines: [{ title: 'T', quantity: 2 ** 31, unitPrice: '1' }] })),
    ],
    [
      'a rating beyond 32 bits',
      '{"type":"surveyResponse","customer":{"externalId":"a"},"kind":"NPS","rating":4294967296}',
    ],
    ['seconds beyond 32 bits', call('"waitSeconds":4294967296')],
    ['metadata nested 100,000 levels deep', call(`"metadata":${nested(100_000)}`)],
    ['metadata nested 5,000 levels deep', call(`"metadata":${nested(5_000)}`)],
    ['any field nested 100,000 levels deep', `{"type":"customer","key":{"externalId":"x"},"tags":${nested(100_000)}}`],
    ['a key nested 100,000 levels deep', `{"type":"customer","key":${nested(100_000)}}`],
    ['a line nested 100,000 levels deep', nested(100_000)],
    ['a row without a key, deeply nested', `{"type":"case","subject":"S","cause":${nested(100_000)}}`],
    ['U+0000', JSON.stringify(customer('x', { displayName: 'a\u0000b' }))],
    ['U+0000 in metadata', call('"metadata":{"a\\u0000":1}')],
    ['a lone surrogate', '{"type":"customer","key":{"externalId":"x"},"displayName":"\\ud800"}'],
    ['a lone surrogate in metadata', call('"metadata":["\\udfff"]')],
    ['a lone surrogate in a key', '{"type":"customer","key":{"externalId":"\\ud800"}}'],
    ['the name __proto__', '{"type":"customer","key":{"externalId":"x"},"__proto__":{"a":1}}'],
    ['the name __proto__ in metadata', call('"metadata":{"__proto__":{"a":1}}')],
    ['a property name of Object as type', '{"type":"constructor"}'],
    ['a list', '[]'],
    ['a string', '"customer"'],
    ['null', 'null'],
    ['a date beyond the valid years', JSON.stringify(order('x', '1', { placedAt: '+275760-09-13T00:00:00Z' }))],
  ])('%s is rejected', async (_what, line) => {
    const shop = await api.tenant(`never-${++shops}`);
    const rows = [customer('a'), customer('b')].map((row) => JSON.stringify(row));

    const { rowsWritten, rejects } = await run(shop.db, jsonl, [await fileOf(`${rows[0]}\n${line}\n${rows[1]}\n`)]);

    expect(rowsWritten).toBe(2);
    expect(rejects).toEqual([expect.objectContaining({ line: 2, code: 'INVALID_INPUT', reason: expect.any(String) })]);
  });

  it('accepts orders whose sum is larger than a single order may be', async () => {
    const shop = await api.tenant('large-sum');
    const of = { customer: { externalId: 'a' }, paymentStatus: 'PAID' };
    const rows = [
      customer('a'),
      order('1', '999999999999999', of),
      order('2', '999999999999999', of),
      order('3', '0', of),
    ];

    const { rowsWritten, rejects } = await run(shop.db, jsonl, [await fileOf(rows)]);

    expect([rowsWritten, rejects]).toEqual([4, []]);
  });
});

describe('rows that only the database rejects', () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    type: 'product',
    key: { externalId: `p${i}` },
    title: i === 0 || i === 17 || i === 39 ? 'forbidden' : `P${i}`,
  }));

  it.each([false, true])('are found among the others and never quoted (dry run: %s)', async (isDryRun) => {
    const shop = await api.tenant(`database-refuses-${isDryRun}`);
    await api.database.asOwner(async (pool) => {
      await pool.query(`ALTER TABLE "Product" DROP CONSTRAINT IF EXISTS "test"`);
      await pool.query(`ALTER TABLE "Product" ADD CONSTRAINT "test" CHECK ("title" <> 'forbidden')`);
    });

    const { rowsWritten, rejects } = await run(shop.db, jsonl, [await fileOf(rows)], { isDryRun, omitRows: true });

    expect(rowsWritten).toBe(37);
    expect(rejects.map(({ line, code }) => [line, code])).toEqual([1, 18, 40].map((line) => [line, 'INVALID_INPUT']));
    expect(JSON.stringify(rejects)).not.toContain('forbidden');
    expect(await shop.db.product.count()).toBe(isDryRun ? 0 : 37);
  });

  it('do not hide a failure of the database itself', async () => {
    const shop = await api.tenant('database-fails');
    await api.database.asOwner((pool) => pool.query('ALTER TABLE "Product" RENAME TO "Elsewhere"'));
    try {
      await expect(run(shop.db, jsonl, [await fileOf(rows)])).rejects.toThrow();
      expect(await readFile(rejectsPath, 'utf8')).toBe('');
    } finally {
      await api.database.asOwner((pool) => pool.query('ALTER TABLE "Elsewhere" RENAME TO "Product"'));
    }
  });
});

describe('a reject', () => {
  it('names the file, the line in it, the type, the key, every problem and the row', async () => {
    const shop = await api.tenant('named');
    const bad = { type: 'customer', key: { externalId: 'c2' }, tags: 'vip', birthday: '1980-04-19', nickname: 'x' };
    const [first, second] = [await fileOf([customer('c1')]), await fileOf([customer('c3'), bad])];

    const { rejects } = await run(shop.db, jsonl, [first, second]);

    const problems = [
      { reason: 'Must be an object with month, day, year (got a string).', field: ['birthday'], code: 'INVALID_INPUT' },
      { reason: 'Must be a list (got a string).', field: ['tags'], code: 'INVALID_INPUT' },
      { reason: 'Unknown field. Remove it or check its spelling.', field: ['nickname'], code: 'INVALID_INPUT' },
    ];
    expect(rejects).toEqual([
      { file: second, line: 2, type: 'customer', key: { externalId: 'c2' }, ...problems[0], problems, row: bad },
    ]);
  });

  it('names the conflicting customer and its external ID in the source', async () => {
    const shop = await api.tenant('in-the-way');
    const first = await fileOf([customer('207119551')]);
    const clash = customer('z403', { externalIds: ['207119551'] });
    const second = await fileOf(`${JSON.stringify(customer('z402'))}\n${JSON.stringify(clash)}\n{not json\n`);

    const { rejects } = await run(shop.db, jsonl, [first, second]);

    const { customerId } = await shop.db.customerExternalId.findFirstOrThrow({ where: { value: '207119551' } });
    expect(rejects).toMatchObject([
      {
        file: second,
        line: 2,
        code: 'CONFLICT',
        conflictingId: encodeId('Customer', customerId),
        conflictingExternalId: { source: 'test', value: '207119551' },
      },
      { file: second, line: 3, reason: 'Not valid JSON.', row: '{not json' },
    ]);
  });

  it.each([12345, true, 1.5])('reports that an external ID of %j must be text', async (externalId) => {
    const shop = await api.tenant(`numeric-${++shops}`);

    const { rejects } = await run(shop.db, jsonl, [await fileOf([{ type: 'customer', key: { externalId } }])]);

    expect(rejects).toMatchObject([{ reason: expect.stringMatching(/^Must be a string/), key: { externalId } }]);
  });

  it('has the correct line after quoted line breaks, in every file', async () => {
    const shop = await api.tenant('quoted');
    const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
    const rows =
      '77,85123A,"HEART\nLIGHT\r\nRED",6,2010-12-01 08:26:00,2.55,17,EIRE\n78,85123A,HEART,x,2010-12-01 08:26:00,,17,EIRE\n';
    const paths = [await fileOf(header + rows), await fileOf(header + rows.replace('77', '79'))];

    const { rejects } = await run(shop.db, onlineRetail, paths);

    expect(rejects.map(({ file, line, key }) => [file, line, key])).toEqual(
      paths.map((path) => [path, 5, { externalId: '78' }]),
    );
    expect(rejects[0]).toMatchObject({
      field: ['Quantity'],
      problems: [{ field: ['Quantity'] }, { field: ['UnitPrice'] }],
      row: { InvoiceNo: '78', Quantity: 'x' },
    });
  });

  it('is also written for records that a row implies', async () => {
    const shop = await api.tenant('brought-along');
    const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
    const title = 'x'.repeat(501);

    const { rejects, rowsRefused } = await run(shop.db, onlineRetail, [
      await fileOf(`${header}77,85123A,${title},6,2010-12-01 08:26:00,2.55,17,EIRE\n`),
    ]);

    expect(rowsRefused).toBe(1);
    expect(rejects.map(({ type, line, field }) => [type, line, field])).toEqual([
      ['product', 2, ['title']],
      ['order', 2, ['lines', 0, 'title']],
    ]);
  });

  it('omits the row on request', async () => {
    const shop = await api.tenant('omitted');

    const { rejects } = await run(shop.db, jsonl, [await fileOf([{ type: 'customer' }])], { omitRows: true });

    expect(rejects[0]).not.toHaveProperty('row');
  });
});

it('reports why a rejects file cannot be written', async () => {
  const shop = await api.tenant('unwritable');
  const path = join(folder, 'nowhere', 'rejects.jsonl');

  await expect(runImport(shop.db, jsonl, [await fileOf([customer('c')])], { rejectsPath: path })).rejects.toMatchObject(
    {
      code: 'INVALID_INPUT',
      message: expect.stringContaining('ENOENT'),
    },
  );
});

it.each(['null', '42', '"text"', '[{"type":"customer"}]'])('rejects a row that is not an object (%s)', async (row) => {
  const shop = await api.tenant(`no-object-${row.length}`);

  const { rejects } = await run(shop.db, jsonl, [await fileOf(row)]);

  expect(rejects).toMatchObject([{ line: 1, reason: 'Each line must be a JSON object with a `type`.' }]);
});
